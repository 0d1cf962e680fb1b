import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestBytes, type Program, type Statement, stats } from '@plumbline/core'
import { nodeHost } from '@plumbline/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildOnnx, tensor } from '../proofs/testing/build-onnx.ts'
import type { LoggedRow } from '../requests/row-text.ts'
import { addLabels, BEGIN, DAY, onRequests, writeLog } from '../testing/request-window.ts'
import { openRuntimeStage } from './open-runtime-stage.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

// A window is judged before any of its labels has come: the serving version answers once more for the data it was promoted on, and labels
// of earlier days tell whether the concept is still the same.

const host = nodeHost()
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const MODEL = buildOnnx({
  inputs: [{ name: 'x', type: 'float', shape: [null, 1] }],
  outputs: [{ name: 'risk', type: 'float', shape: [null, 1] }],
  nodes: [
    { op: 'MatMul', inputs: ['x', 'w'], outputs: ['odds'] },
    { op: 'Sigmoid', inputs: ['odds'], outputs: ['risk'] },
  ],
  initializers: [tensor('w', 'float', [1, 1], [0.7])],
})
const VERSION = digestBytes(MODEL)
const random = stats.createRandom('label-free', 'window')
const drawn = (concept: number) => {
  const x = random.normal()
  return { x, label: random.float() < sigmoid(1.4 * x + concept) }
}

let base = ''
let people = ''
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'plumb-label-free-'))
  await writeFile(join(base, 'champion.onnx'), MODEL)
  const rows = Array.from({ length: 1500 }, (_, id) => ({ id, ...drawn(0) }))
  people = `id,x,default\n${rows.map(({ id, x, label }) => `${id},${x},${label}`).join('\n')}\n`
  await writeFile(join(base, 'people.csv'), people)
})
afterAll(() => rm(base, { recursive: true, force: true }))

function program(): Program {
  const text = `plumbline: 1
system: { name: read, version: 1.0.0 }
data:
  people:
    source: people.csv
    key: [id]
    columns: { id: { type: integer }, x: { type: number }, default: { type: boolean, role: label } }
models:
  champion:
    artifact: champion.onnx
    task: binary-classification
    input: { from: people, columns: [x] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: default
    decision: risk >= 0.5
clauses:
  decides-well: { says: a, of: requests, must: estimated_accuracy(champion.people) >= 0.6 }
  ranks-well: { says: a, of: requests, must: roc_auc() >= 0.6 }
`
  const value = compiledSpec(text)
  const labels = { source: 'outcomes.csv', join: ['id'], within: 5 * DAY, minShare: '0.8' }
  return { ...value, monitor: { windows: [DAY], lateness: 0, minRows: 0, labels, alerts: [] } }
}

/** Five days of requests, of which the first have their labels two days later; then the statements of the last day. */
async function lastDay(name: string, concept: number, labelled: number): Promise<readonly Statement[]> {
  const root = join(base, name)
  const spec = program()
  const rows: LoggedRow[] = []
  const labels: [number, boolean, number][] = []
  for (let n = 0; n < 1500; n++) {
    const { x, label } = drawn(concept)
    const day = Math.floor(n / 300)
    const at = BEGIN + day * DAY + (n % 300) * 1_000_000
    const risk = sigmoid(0.7 * x)
    const answered = { requestId: `r${n}`, row: 0, at, model: VERSION, guard: 'accepted', clauses: [] } as const
    rows.push({ ...answered, request: { id: n, x }, answer: { risk, decision: risk >= 0.5 } })
    if (n < labelled) labels.push([n, label, at + 2 * DAY])
    // A label that comes too late to be known when the window ends.
    else labels.push([n, label, BEGIN + 6 * DAY])
  }
  await writeLog(host, root, spec, rows)
  addLabels(root, labels)
  await writeFile(join(root, 'people.csv'), '')
  const stage = await openRuntimeStage({
    host,
    program: spec,
    root,
    log: join(root, 'log'),
    toolVersion: '0',
    instances: onRequests(spec),
    frozen: () => ({
      people: {
        digest: `bytes:${digestBytes(people)}`,
        files: [{ name: 'people.csv', path: join(base, 'people.csv') }],
      },
    }),
    models: (version) => (version === VERSION ? { path: join(base, 'champion.onnx'), digest: version } : undefined),
    session: { threads: 1 },
  })
  if (!stage.ok) throw new Error(stage.failure.cause)
  const window = { from: BEGIN + 4 * DAY, to: BEGIN + 5 * DAY }
  try {
    const decided = await stage.value.decide({ window, now: window.to, instances: onRequests(spec) })
    if (!decided.ok) throw new Error(decided.failure.cause)
    expect(decided.value.problems).toEqual([])
    const again = await stage.value.decide({ window, now: window.to + 30 * DAY, instances: onRequests(spec) })
    const own = (statements: readonly Statement[]) => statements.find(({ clause }) => clause === 'decides-well')
    // What is known later changes nothing: the verdict is as of the window's end.
    if (again.ok) expect(own(again.value.statements)).toEqual(own(decided.value.statements))
    return decided.value.statements
  } finally {
    await stage.value.close()
  }
}

const assumptionsOf = (statement: Statement | undefined) =>
  statement !== undefined && 'terms' in statement
    ? Object.fromEntries((statement.terms?.[0]?.assumptions ?? []).map((each) => [each.assumption, each.verdict]))
    : {}

test('a window without labels is decided where one that needs them waits', async () => {
  const statements = await lastDay('same', 0, 0)
  expect(statements.map((s) => [s.clause, s.verdict])).toEqual([
    ['decides-well', 'satisfied'],
    ['ranks-well', 'inconclusive'],
  ])
  const [estimated] = statements
  expect(estimated).toMatchObject({ n: 300, digests: { models: { champion: VERSION } } })
  expect(assumptionsOf(estimated)).toMatchObject({ concept: 'unchecked', reference: 'holds' })
  expect(Object.keys(estimated?.digests.data ?? {}).sort()).toEqual(['monitor.labels', 'people', 'requests'])
})

test('labels of earlier days confirm it, or make it be withdrawn', async () => {
  const [same] = await lastDay('confirmed', 0, 900)
  expect(same).toMatchObject({ verdict: 'satisfied' })
  expect(assumptionsOf(same)).toMatchObject({ concept: 'holds' })
  const [changed] = await lastDay('changed', -1.5, 900)
  expect(changed).toMatchObject({ verdict: 'inconclusive', reason: 'assumption-failed', measured: null })
  expect(assumptionsOf(changed)).toMatchObject({ concept: 'fails' })
})
