import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryHost } from '../host/memory-host.ts'
import { nodeHost } from '../host/node-host.ts'
import { openLedger } from './ledger.ts'

const DIRECTORY = '/ledger'
const program = (name: string): string => fileURLToPath(new URL(`../../test/${name}`, import.meta.url))

test('a disk that is full at any byte: a clear failure, nothing acknowledged lost, and it goes on when there is room', async () => {
  const bodies = (i: number): { kind: string; i: number }[] => [
    { kind: 'e', i },
    { kind: 'e', i: -i },
  ]
  await fc.assert(
    fc.asyncProperty(fc.nat(4000), fc.boolean(), async (capacity, truncateFails) => {
      const host = memoryHost({ capacity })
      if (truncateFails) host.disk.fault = (operation) => (operation === 'truncate' ? 'io' : undefined)
      const ledger = openLedger(host, DIRECTORY, { maxSegmentBytes: 900 })
      const acknowledged: string[] = []
      for (let i = 1; i <= 8; i++) {
        const result = await ledger.append(bodies(i))
        if (result.ok) acknowledged.push(...result.value.map(({ digest }) => digest))
        else
          expect(result.failure).toMatchObject({
            kind: 'host',
            error: { kind: truncateFails ? expect.stringMatching(/no-space|io/) : 'no-space' },
          })
      }
      if (!truncateFails) expect(await ledger.verify()).toMatchObject({ kind: 'ok', records: acknowledged.length })
      host.disk.capacity = 1_000_000
      host.disk.fault = undefined
      const after = await openLedger(host, DIRECTORY).append(bodies(99))
      expect(after.ok).toBe(true)
      expect((await ledger.verify()).kind).toBe('ok')
      const records = await ledger.select()
      const present = new Set(records.ok ? records.value.map(({ digest }) => String(digest)) : [])
      expect(acknowledged.filter((digest) => !present.has(digest))).toEqual([])
    }),
    { numRuns: 300 },
  )
})

test.each(['mkdir', 'lock', 'list', 'append', 'readRange'] as const)(
  'a refused %s is a failure value',
  async (refused) => {
    const host = memoryHost()
    await openLedger(host, DIRECTORY).append([{ kind: 'e' }])
    host.disk.fault = (operation) => (operation === refused ? 'read-only' : undefined)
    const result = await openLedger(host, DIRECTORY).append([{ kind: 'e' }])
    expect(result).toMatchObject({
      ok: false,
      failure: { kind: 'host', error: { kind: 'read-only', operation: refused } },
    })
    host.disk.fault = undefined
    expect(await openLedger(host, DIRECTORY).verify()).toMatchObject({ kind: 'ok', records: 1 })
  },
)

test('a real read-only directory', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'plumb-ledger-'))
  const path = join(directory, 'ledger')
  try {
    const ledger = openLedger(nodeHost(), path)
    expect((await ledger.append([{ kind: 'e' }])).ok).toBe(true)
    await chmod(directory, 0o755)
    for (const name of await readdir(path)) await chmod(join(path, name), 0o444)
    for (const mode of [0o555, 0o755]) {
      await chmod(path, mode)
      // The administrator may write anywhere, so there the writer is a process of somebody else.
      const user = process.getuid?.() === 0 ? { uid: 65534 } : {}
      const args = ['--import', program('run-from-sources.ts'), program('append-until-killed.ts'), path, 'reader', '1']
      const writer = spawnSync(process.execPath, args, { ...user, encoding: 'utf8' })
      if (writer.error !== undefined || writer.stderr.includes('ERR_MODULE_NOT_FOUND')) return context.skip()
      expect(writer.stdout).toMatch(/^failed there is no permission to use .*EACCES/)
      await rm(join(path, 'writer.lock'), { force: true })
      expect(await ledger.verify()).toMatchObject({ kind: 'ok', records: 1 })
    }
  } finally {
    await chmod(path, 0o700)
    await rm(directory, { recursive: true, force: true })
  }
})

test('a directory whose place is taken by a file', async () => {
  const host = memoryHost({ files: { [DIRECTORY]: 'a file' } })
  expect(await openLedger(host, DIRECTORY).append([{ kind: 'e' }])).toMatchObject({
    ok: false,
    failure: { kind: 'host', error: { kind: 'not-a-directory' } },
  })
})
