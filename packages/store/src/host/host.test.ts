import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestBytes, type Host, type HostResult } from '@plumbline/core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { memoryHost } from './memory-host.ts'
import { nodeHost } from './node-host.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-host-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const kindOf = (result: HostResult<unknown>): string => (result.ok ? 'ok' : result.error.kind)
const valueOf = <T>(result: HostResult<T>): T => {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
const text = (result: HostResult<Uint8Array>): string => new TextDecoder().decode(valueOf(result))

// What a test shows on the memory host must hold on the real one, so both answer the same questions.
describe.each([
  ['node', nodeHost],
  ['memory', memoryHost],
] as [string, () => Host][])('%s host', (name, make) => {
  let host: Host
  let base: string
  let count = 0
  beforeEach(async () => {
    host = make()
    base = join(name === 'node' ? root : '/', `case-${count++}`)
    valueOf(await host.files.mkdir(base))
  })
  const at = (...parts: string[]): string => join(base, ...parts)

  test('append makes a file and adds to it', async () => {
    valueOf(await host.files.append(at('a'), 'é'))
    valueOf(await host.files.append(at('a'), new Uint8Array([10, 255]), { sync: false }))
    expect([...valueOf(await host.files.readFile(at('a')))]).toEqual([0xc3, 0xa9, 10, 255])
    expect([...valueOf(await host.files.readRange(at('a'), 1, 3))]).toEqual([0xa9, 10])
    expect([...valueOf(await host.files.readRange(at('a'), 3, Number.MAX_SAFE_INTEGER))]).toEqual([255])
    expect([...valueOf(await host.files.readRange(at('a'), 9, 12))]).toEqual([])
    expect(valueOf(await host.files.digest(at('a')))).toBe(digestBytes(new Uint8Array([0xc3, 0xa9, 10, 255])))
    expect(valueOf(await host.files.stat(at('a')))).toMatchObject({ kind: 'file', size: 4 })
  })

  test('a file kept open is added to, also after it was cut', async () => {
    valueOf(await host.files.append(at('a'), 'old\n'))
    const open = valueOf(await host.files.openAppend(at('a')))
    valueOf(await open.append('é'))
    valueOf(await open.append(new Uint8Array([10])))
    valueOf(await open.sync())
    expect(text(await host.files.readFile(at('a')))).toBe('old\né\n')
    valueOf(await host.files.truncate(at('a'), 4))
    valueOf(await open.append('new'))
    valueOf(await open.close())
    valueOf(await open.close())
    expect(text(await host.files.readFile(at('a')))).toBe('old\nnew')
    valueOf(await valueOf(await host.files.openAppend(at('made'))).close())
    expect(valueOf(await host.files.stat(at('made')))).toMatchObject({ kind: 'file', size: 0 })
  })

  test('truncate, rename, copy and writeAtomic replace as a whole', async () => {
    valueOf(await host.files.append(at('a'), '12345'))
    valueOf(await host.files.truncate(at('a'), 2))
    valueOf(await host.files.writeAtomic(at('b'), 'old'))
    valueOf(await host.files.copy(at('a'), at('b')))
    valueOf(await host.files.rename(at('a'), at('c')))
    valueOf(await host.files.writeAtomic(at('c'), 'new'))
    expect([text(await host.files.readFile(at('b'))), text(await host.files.readFile(at('c')))]).toEqual(['12', 'new'])
    expect(valueOf(await host.files.list(base))).toEqual([
      { name: 'b', kind: 'file' },
      { name: 'c', kind: 'file' },
    ])
  })

  test('directories', async () => {
    valueOf(await host.files.mkdir(at('x', 'y')))
    valueOf(await host.files.mkdir(at('x', 'y')))
    valueOf(await host.files.append(at('x', 'Z'), ''))
    valueOf(await host.files.append(at('x', 'a'), ''))
    expect(valueOf(await host.files.list(at('x')))).toEqual([
      { name: 'Z', kind: 'file' },
      { name: 'a', kind: 'file' },
      { name: 'y', kind: 'directory' },
    ])
    expect(valueOf(await host.files.stat(at('x')))).toMatchObject({ kind: 'directory' })
    valueOf(await host.files.remove(at('x')))
    valueOf(await host.files.remove(at('x')))
    expect(valueOf(await host.files.stat(at('x')))).toBeUndefined()
  })

  test('what does not work, in the same words', async () => {
    const { files } = host
    valueOf(await files.append(at('file'), 'x'))
    expect([
      kindOf(await files.readFile(at('none'))),
      kindOf(await files.readRange(at('none'), 0, 1)),
      kindOf(await files.digest(at('none'))),
      kindOf(await files.list(at('none'))),
      kindOf(await files.truncate(at('none'), 0)),
      kindOf(await files.rename(at('none'), at('x'))),
      kindOf(await files.copy(at('none'), at('x'))),
      kindOf(await files.realpath(at('none'))),
      kindOf(await files.append(at('none', 'x'), '')),
      kindOf(await files.openAppend(at('none', 'x'))),
      kindOf(await files.writeAtomic(at('none', 'x'), '')),
    ]).toEqual(Array.from({ length: 11 }, () => 'not-found'))
    expect([kindOf(await files.readFile(base)), kindOf(await files.append(base, 'x'))]).toEqual([
      'is-a-directory',
      'is-a-directory',
    ])
    expect(kindOf(await files.mkdir(at('file', 'below')))).toBe('not-a-directory')
    expect(valueOf(await files.list(base))).toEqual([{ name: 'file', kind: 'file' }])
  })

  test('a lock keeps others out until it is released, then lets in one at a time', async () => {
    const path = at('lock')
    const held = valueOf(await host.files.lock(path))
    expect(kindOf(await host.files.lock(path, { timeoutMs: 20 }))).toBe('busy')
    expect(kindOf(await host.files.lock(path, { signal: AbortSignal.abort() }))).toBe('interrupted')
    let inside = 0
    const waiting = Array.from({ length: 5 }, async () => {
      const lock = valueOf(await host.files.lock(path))
      expect(++inside).toBe(1)
      await new Promise((wake) => setTimeout(wake, 2))
      inside--
      await lock.release()
    })
    await held.release()
    await held.release()
    await Promise.all(waiting)
    expect(kindOf(await host.files.lock(at('none', 'lock'), { timeoutMs: 20 }))).not.toBe('ok')
  })

  test('clock and entropy', () => {
    expect(host.clock.monotonic()).toBeLessThanOrEqual(host.clock.monotonic())
    expect(Number.isFinite(host.clock.now())).toBe(true)
    expect([...host.entropy.bytes(8)]).not.toEqual([...host.entropy.bytes(8)])
  })
})

describe('the real machine', () => {
  test('a full disk is no-space', async (context) => {
    if (process.platform !== 'linux') return context.skip()
    const { files } = nodeHost()
    expect(kindOf(await files.append('/dev/full', 'x'))).toBe('no-space')
    const open = valueOf(await files.openAppend('/dev/full'))
    expect(kindOf(await open.append('x'))).toBe('no-space')
    await open.close()
  })

  test('a failed whole write leaves nothing behind', async () => {
    const host = nodeHost()
    const directory = join(root, 'whole')
    valueOf(await host.files.mkdir(join(directory, 'taken', 'inner')))
    expect((await host.files.writeAtomic(join(directory, 'taken'), 'x')).ok).toBe(false)
    expect(await readdir(directory)).toEqual(['taken'])
  })

  test('a lock file with something else in it is a failure, not a lock', async () => {
    const host = nodeHost()
    const path = join(root, 'not-a-lock')
    valueOf(await host.files.append(path, 'x'.repeat(5000)))
    expect(kindOf(await host.files.lock(path, { timeoutMs: 20 }))).toBe('io')
  })

  test('a program: output in order, exit code, added variables, working directory', async () => {
    let out = ''
    const exit = await nodeHost().spawn({
      command: ['node', '-e', 'console.log(process.version + process.env.EXTRA + process.cwd()); process.exit(3)'],
      cwd: root,
      env: { EXTRA: ' é ' },
      onOutput: (_, data) => void (out += new TextDecoder().decode(data)),
    })
    expect(exit).toEqual({ ok: true, value: { exitCode: 3, signal: null } })
    expect(out).toBe(`${process.version} é ${valueOf(await nodeHost().files.realpath(root))}\n`)
  })

  test('a program that ignores the request to end is ended all the same', async () => {
    const controller = new AbortController()
    const result = await nodeHost().spawn({
      command: ['node', '-e', 'process.on("SIGTERM", () => {}); console.log("up"); setTimeout(() => {}, 60000)'],
      cwd: root,
      signal: controller.signal,
      onOutput: () => controller.abort(),
    })
    expect(kindOf(result)).toBe('interrupted')
  })

  test('a directory that is not there, a signal that was given before', async () => {
    expect(kindOf(await nodeHost().spawn({ command: ['node', '-e', ''], cwd: join(root, 'none') }))).toBe('not-found')
    const signal = AbortSignal.abort()
    expect(kindOf(await nodeHost().spawn({ command: ['node', '-e', ''], cwd: root, signal }))).toBe('interrupted')
  })
})
