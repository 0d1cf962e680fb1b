import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { plumb, type Ran } from '../support/plumb.ts'
import { BIN, expectLedger, expectRefusal, people, SPEC, start, type Tested } from './support.ts'

const FAULTY = join(import.meta.dirname, 'faulty-disk.mjs')
const MODEL = `${SPEC.replace('clauses:', 'models:\n  champion:\n    artifact: model.onnx\n    input: { from: people, columns: [age] }\n    outputs: { risk: { type: number } }\nclauses:')}`

/** Runs the command on a disk that holds only so many more bytes under `.plumb`. */
function onFullDisk(folder: string, room: number, ...args: readonly string[]): Ran {
  const env = { ...process.env, NO_COLOR: '1', PLUMB_TEST_ROOM: String(room) }
  const done = spawnSync(process.execPath, ['--import', FAULTY, BIN, '-C', folder, ...args], { encoding: 'utf8', env })
  return { code: done.status, out: done.stdout, err: done.stderr, json: <T>() => JSON.parse(done.stdout) as T }
}

describe('a disk that is full', () => {
  let folder = ''
  beforeAll(() => {
    folder = people('disk')
    expect(plumb(folder, 'test').code).toBe(1)
  })

  test.each([0, 1, 700, 6000])('%i bytes are left', (room) => {
    expectRefusal(onFullDisk(folder, room, 'test'), {
      exit: 4,
      code: 'cli/not-written',
      says: /no space is left on the disk.*ENOSPC/,
      fix: 'Make room',
    })
    // The nine records of the first run, whole, and nothing of the one that failed.
    expectLedger(folder, 9)
  })

  test('a decision that cannot be recorded is not given', () => {
    const gate = onFullDisk(folder, 100, 'gate')
    expectRefusal(gate, { exit: 4, code: 'cli/not-written', says: 'no space' })
    expect(gate.out).toBe('')
    expect(onFullDisk(folder, 0, 'promote').code).not.toBe(0)
    expectLedger(folder, 9)
  })

  test('it goes on when there is room again', () => {
    expect(plumb(folder, 'test', '--json').json<Tested>().summary.clauses['adult']).toBe('violated')
    expectLedger(folder, 18)
  })

  test('a model that cannot be kept', () => {
    const other = people('disk-model', { 'plumb.yaml': MODEL, 'model.onnx': 'bytes' })
    expectRefusal(onFullDisk(other, 0, 'test'), {
      exit: 4,
      code: 'cli/not-written',
      says: /model.*could not be kept/,
      fix: 'Make room',
    })
    expectLedger(other, 0)
  })

  test('a machine gets JSON', () => {
    const ran = onFullDisk(folder, 0, 'test', '--json')
    expect(ran.code).toBe(4)
    expect(ran.json()).toMatchObject({
      error: { code: 'cli/not-written', why: expect.any(String), fix: expect.any(String) },
    })
  })
})

describe('a state folder that cannot be used', () => {
  test('a file in its place', () => {
    const folder = people('disk-file', { '.plumb': 'a file' })
    for (const verb of ['test', 'gate', 'verify'])
      expectRefusal(plumb(folder, verb), {
        exit: 4,
        code: 'cli/ledger',
        says: 'a file where a folder is needed',
        fix: '.plumb/ is a folder',
      })
    expect(readFileSync(join(folder, '.plumb'), 'utf8')).toBe('a file')
  })

  test('no permission to write', (context) => {
    const folder = people('disk-readonly')
    expect(plumb(folder, 'test').code).toBe(1)
    // The administrator may write anywhere: there, the writer is somebody else, in a folder that all can reach.
    const root = process.getuid?.() === 0
    const place = root ? mkdtempSync(join(tmpdir(), 'plumb-readonly-')) : folder
    if (root) {
      cpSync(folder, place, { recursive: true })
      chmodSync(place, 0o755)
    }
    const ledger = join(place, '.plumb', 'ledger')
    const locked = [...readdirSync(ledger).map((name) => join(ledger, name)), ledger, join(place, '.plumb')]
    const modes = (file: number, directory: number): void => {
      for (const path of locked) chmodSync(path, path === ledger || path.endsWith('.plumb') ? directory : file)
    }
    modes(0o444, 0o555)
    try {
      const user = root ? { uid: 65_534 } : {}
      const env = { ...process.env, NO_COLOR: '1', HOME: '/nonexistent' }
      const run = (...args: string[]): Ran => {
        const done = spawnSync(process.execPath, [BIN, '-C', place, ...args], { encoding: 'utf8', env, ...user })
        return {
          code: done.status,
          out: done.stdout ?? '',
          err: done.stderr ?? '',
          json: <T>() => JSON.parse(done.stdout) as T,
        }
      }
      const tested = run('test')
      if (tested.code === null || tested.err.includes('ERR_MODULE_NOT_FOUND') || tested.err.includes('Cannot find'))
        return context.skip()
      expectRefusal(tested, {
        exit: 4,
        code: 'cli/not-written',
        says: /no permission.*EACCES/,
        fix: 'write permission',
      })
      // What only reads, still can.
      expect(run('verify').code).toBe(0)
      expect(run('explain', 'adult').code).toBe(0)
    } finally {
      modes(0o644, 0o755)
    }
    expectLedger(place, 9)
    if (root) rmSync(place, { recursive: true })
  })
})

test('a ledger that was changed decides nothing, and the place is named', () => {
  const folder = people('disk-changed')
  expect(plumb(folder, 'test').code).toBe(1)
  const ledger = join(folder, '.plumb', 'ledger')
  const segment = join(ledger, readdirSync(ledger).find((name) => name.endsWith('.jsonl')) ?? '')
  writeFileSync(segment, readFileSync(segment, 'utf8').replace('"violated"', '"satisfied"'))
  for (const verb of ['test', 'gate', 'promote'])
    expectRefusal(plumb(folder, verb), { exit: 4, code: 'cli/ledger', says: 'record', fix: 'plumb verify' })
  const verified = plumb(folder, 'verify')
  expect(verified.code).toBe(1)
  expect(verified.out).toMatch(/broken: .*\n {2}at {2}.*, line 9 \(byte \d+\)\n {2}why: \S.*\n {2}fix: \S/)
})

test('two runs at the same time: both decide, and the ledger is whole', async () => {
  const folder = people('disk-two')
  const runs = await Promise.all(
    [start(folder, ['test', '--json']), start(folder, ['test', '--json'])].map((run) => run.ended),
  )
  for (const ran of runs) {
    expect(ran.err).toBe('')
    expect(ran.code).toBe(1)
    expect(ran.json<Tested>().evidence).toHaveLength(9)
  }
  expectLedger(folder, 18)
})
