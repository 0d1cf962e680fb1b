import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildOnnx } from '../../packages/engine/src/proofs/testing/build-onnx.ts'
import { plumb } from '../support/plumb.ts'
import { expectLedger, expectNoTrace, people, project, SPEC, start, type Tested, until } from './support.ts'

const CLAUSES = 60

/** More than are written to the ledger in one group, so that the first group tells that the large dataset has begun. */
const QUICK = 70

/** A small dataset, decided at once, and a large one whose clauses take many seconds. */
const LONG = `${SPEC.replace(
  'clauses:\n',
  `  numbers:
    source: numbers.parquet
    columns: { i: { type: integer } }
models:
  champion:
    artifact: model.onnx
    input: { from: people, columns: [age] }
    outputs: { risk: { type: number } }
clauses:
  scored: { says: Everybody gets a score., of: champion, every: risk >= 0.0 }
`,
)}${Array.from({ length: CLAUSES }, (_, k) => `  slow-${k}: { says: Slow., of: numbers, every: "(i * ${k + 3} + ${k}) % 1_000_003 != i % 7 + i / ${k + 2} || i % ${k + 2} < 1_000" }\n`).join('')}${Array.from({ length: QUICK }, (_, k) => `  quick-${k}: { says: Quick., of: people, every: age >= ${-k} }\n`).join('')}`

/** How much is in the ledger: the first group of evidence tells that the large dataset has begun. */
function written(folder: string): number {
  const ledger = join(folder, '.plumb', 'ledger')
  const files = existsSync(ledger) ? readdirSync(ledger).filter((name) => name.endsWith('.jsonl')) : []
  return files.reduce((sum, name) => sum + statSync(join(ledger, name)).size, 0)
}

const MODEL = buildOnnx({
  inputs: [{ name: 'age', type: 'float', shape: [null, 1] }],
  outputs: [{ name: 'risk', type: 'float', shape: [null, 1] }],
  nodes: [{ op: 'Sigmoid', inputs: ['age'], outputs: ['risk'] }],
})

const large = async (path: string): Promise<void> => {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  await connection.run(`COPY (SELECT range AS i FROM range(6_000_000)) TO '${path}' (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('Ctrl-C in the middle of a test', () => {
  let folder = ''
  beforeAll(async () => {
    folder = people('interrupt', { 'plumb.yaml': LONG, 'model.onnx': MODEL })
    await large(join(folder, 'numbers.parquet'))
  })

  test('what was decided is kept, the rest is skipped', async () => {
    const run = start(folder, ['test', '--json', '--baseline', 'baseline.json'])
    await until(() => written(folder) > 0)
    await wait(300)
    const began = performance.now()
    run.kill('SIGINT')
    const ended = await run.ended
    expectNoTrace(ended)
    expect(ended.code).toBe(130)
    // Uninterrupted its clauses take many times as long.
    expect(performance.now() - began).toBeLessThan(20_000)
    const { evidence } = ended.json<Tested>()
    const slow = evidence.filter((e) => e.clause.startsWith('slow-'))
    expect(slow).toHaveLength(CLAUSES)
    expect(slow.some((e) => e.verdict === 'skipped' && e.reason === 'interrupted')).toBe(true)
    expect(evidence.filter((e) => e.verdict === 'error')).toEqual([])
    // The model stage had not begun.
    expect(evidence.find((e) => e.clause === 'scored')).toMatchObject({ verdict: 'skipped', reason: 'interrupted' })
    expect(evidence.find((e) => e.clause === 'adult')?.verdict).toBe('violated')
    expect(evidence.filter((e) => e.clause.startsWith('quick-') && e.verdict === 'satisfied')).toHaveLength(QUICK)
    expectLedger(folder, evidence.length)
    // A baseline of half a run would let the other half fail as new.
    expect(existsSync(join(folder, 'baseline.json'))).toBe(false)
  })

  test('an interruption opens no gate, and hides no evidence', () => {
    const gate = plumb(folder, 'gate', '--json')
    expect(gate.code).toBe(1)
    const reasons = gate.json<{ reasons: { code: string; clause?: string }[] }>().reasons
    expect(reasons.find((r) => r.clause === 'adult')?.code).toBe('violated')
    expect(reasons.some((r) => r.clause?.startsWith('slow-'))).toBe(true)
  })

  test('at once, before anything was decided', async () => {
    const run = start(folder, ['test'])
    await wait(350)
    run.kill('SIGINT')
    const ended = await run.ended
    expectNoTrace(ended)
    expect([130, null]).toContain(ended.code)
    expect(plumb(folder, 'verify').code).toBe(0)
  })

  test('a termination is an interruption too', async () => {
    const before = written(folder)
    const run = start(folder, ['test'])
    await until(() => written(folder) > before)
    run.kill('SIGTERM')
    expect((await run.ended).code).toBe(130)
    expect(plumb(folder, 'verify').code).toBe(0)
    // What an interrupted run left undecided takes nothing from what an earlier one decided on the same bytes.
    const reasons = plumb(folder, 'gate', '--json').json<{ reasons: { clause?: string }[] }>().reasons
    expect(reasons.filter((r) => r.clause?.startsWith('quick-'))).toEqual([])
  })
})

const PIPELINE = `${SPEC}pipeline:
  stages:
    quick: { run: [node, quick.cjs], makes: [quick.txt] }
    slow: { run: [node, slow.cjs], needs: [quick.txt], makes: [slow.txt] }
`

describe('Ctrl-C in the middle of a pipeline', () => {
  test('the program is stopped, its output is what it was, the stages before are kept', async () => {
    const folder = project('interrupt-run', {
      'plumb.yaml': PIPELINE,
      'slow.txt': 'as it was',
      'quick.cjs': "require('node:fs').writeFileSync('quick.txt', 'made')",
      'slow.cjs': `const fs = require('node:fs')
fs.writeFileSync('slow.txt', 'half')
fs.writeFileSync('pid.txt', String(process.pid))
setInterval(() => {}, 1000)`,
    })
    const run = start(folder, ['run', '--trust'])
    await until(() => existsSync(join(folder, 'pid.txt')) && readFileSync(join(folder, 'pid.txt'), 'utf8') !== '')
    const pid = Number(readFileSync(join(folder, 'pid.txt'), 'utf8'))
    expect(() => process.kill(pid, 0)).not.toThrow()
    run.kill('SIGINT')
    const ended = await run.ended
    expectNoTrace(ended)
    expect(ended.code).toBe(130)
    expect(ended.err).toMatch(/error\[run\/interrupted\] Interrupted in stage slow/)
    expect(() => process.kill(pid, 0)).toThrow()
    expect(readFileSync(join(folder, 'slow.txt'), 'utf8')).toBe('as it was')
    expect(readFileSync(join(folder, 'quick.txt'), 'utf8')).toBe('made')
    expect(plumb(folder, 'verify').code).toBe(0)
    const again = plumb(folder, 'run', 'quick', '--trust', '--json')
    expect(again.json()).toMatchObject({ stages: [{ name: 'quick', cached: true }] })
  })
})
