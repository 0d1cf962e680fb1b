import { compile, type ForallClause, type Program } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BoundModel } from '../bound-models/bound-model.ts'
import type { Row } from '../falsify/domain.ts'
import { openOnnxModel } from '../models/onnx-runner.ts'
import { readGraph } from '../proofs/graph.ts'
import { buildOnnx, tensor } from '../proofs/testing/build-onnx.ts'
import { decideForall } from './decide-forall.ts'

/** risk = a − b, in float32. */
const MODEL = buildOnnx({
  inputs: [
    { name: 'a', type: 'float', shape: [null, 1] },
    { name: 'b', type: 'float', shape: [null, 1] },
    { name: 'c', type: 'float', shape: [null, 1] },
  ],
  outputs: [{ name: 'risk', type: 'float', shape: [null, 1] }],
  nodes: [
    { op: 'Concat', inputs: ['a', 'b', 'c'], outputs: ['x'], attributes: { axis: 1n } },
    { op: 'MatMul', inputs: ['x', 'w'], outputs: ['risk'] },
  ],
  initializers: [tensor('w', 'float', [3, 1], [1, -1, 0])],
})

function programOf(clause: string): { readonly program: Program; readonly clause: ForallClause } {
  const text = `plumbline: 1
system: { name: forall, version: 1.0.0 }
data:
  points:
    source: points.csv
    columns:
      a: { type: number, range: [0, 10] }
      b: { type: integer, range: [0, 10] }
      c: { type: category, values: [1, 2, 3] }
models:
  champion:
    artifact: model.onnx
    input: { from: points, columns: [a, b, c] }
    outputs: { risk: { type: number } }
    decision: risk >= 0.0
clauses:
  it: { says: It., of: champion, ${clause} }
`
  const { value, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  const found = value?.clauses.find((c) => c.id === 'it')
  if (value === undefined || found?.form !== 'forall') throw new Error(diagnostics.map((d) => d.message).join('\n'))
  return { program: value, clause: found }
}

let runtime: Extract<Awaited<ReturnType<typeof openOnnxModel>>, { ok: true }>['value']

beforeAll(async () => {
  const opened = await openOnnxModel(MODEL)
  if (!opened.ok) throw new Error(opened.error.message)
  runtime = opened.value
})
afterAll(() => runtime.close())

async function decide(text: string, rows: readonly Row[] = [], seed = 'seed') {
  const { program, clause } = programOf(text)
  const [model] = program.models
  const [dataset] = program.datasets
  if (model === undefined || dataset === undefined) throw new Error('The spec of the test is incomplete.')
  const bound: BoundModel = { program: model, dataset, digest: 'sha256:m', runtime, graph: readGraph(MODEL) }
  return decideForall({ program, clause, models: new Map([['champion', bound]]), rowsOf: () => rows, seed })
}

const x = 'forall: { x: points }'
const row = (a: number, b: number, c: number): Row =>
  new Map([
    ['a', a],
    ['b', b],
    ['c', c],
  ])

describe('forall', () => {
  it('is proved where the file shows it', async () => {
    expect(
      await decide(`${x}, let: { y: "x.with({'a': x.a + 1.0})" }, holds: champion(y).risk >= champion(x).risk`),
    ).toMatchObject({ verdict: 'satisfied', method: 'proof:linear-sign' })
    expect(
      await decide(`${x}, let: { y: "x.with({'b': x.b - 1})" }, holds: champion(y).risk >= champion(x).risk`),
    ).toMatchObject({ verdict: 'satisfied', method: 'proof:linear-sign' })
    expect(
      await decide(
        `forall: { x: points, s: points.columns.c }, let: { y: "x.with({'c': s})" }, holds: champion(x).decision == champion(y).decision`,
      ),
    ).toMatchObject({ verdict: 'satisfied', method: 'proof:zero-weight' })
  })

  it('is refuted by a shrunken counterexample that was run again', async () => {
    const found = await decide(
      `${x}, let: { y: "x.with({'b': x.b + 1})" }, holds: champion(y).risk >= champion(x).risk`,
    )
    expect(found).toMatchObject({
      verdict: 'violated',
      method: 'falsification',
      counterexample: { bindings: { x: { a: 0, b: 0, c: 1 } } },
    })
    if (found.verdict !== 'violated') throw new Error('unreachable')
    expect(found.counterexample?.answers).toEqual([
      { expression: 'champion(y)', value: { risk: -1, decision: false } },
      { expression: 'champion(x)', value: { risk: 0, decision: true } },
    ])
  })

  it('discards what leaves the domain or the assumption, and counts it', async () => {
    const found = await decide(
      `${x}, assume: x.a >= 9.5, let: { y: "x.with({'a': x.a + 1.0})" }, holds: champion(y).risk > champion(x).risk + 2.0`,
    )
    expect(found).toMatchObject({ verdict: 'inconclusive', reason: 'not-proved', tried: 0 })
    const open = await decide(`${x}, assume: x.a >= 5.0, holds: champion(x).risk >= -10.0`)
    expect(open).toMatchObject({
      verdict: 'inconclusive',
      method: 'falsification',
      cause: 'no rule covers a statement of this form',
    })
    if (open.verdict !== 'inconclusive') throw new Error('unreachable')
    expect(open.discarded).toBeGreaterThan(1000)
    expect(open.upper_bound?.value).toBeGreaterThan(0)
    expect(open.upper_bound?.value).toBeLessThan(0.01)
  })

  it('over actual rows is decided by exhaustion', async () => {
    const rows = [row(3, 1, 1), row(4, 2, 2), row(5, 5, 3)]
    expect(await decide('forall: { x: points.rows }, holds: champion(x).risk >= 0.0', rows)).toMatchObject({
      verdict: 'satisfied',
      method: 'exhaustion',
      tried: 3,
    })
    expect(await decide('forall: { x: points.rows }, holds: champion(x).risk > 0.0', rows)).toMatchObject({
      verdict: 'violated',
      counterexample: { bindings: { x: { a: 5, b: 5, c: 3 } } },
    })
  })

  it('over more actual rows than a search would try, all of them are tried', async () => {
    const rows = Array.from({ length: 20_500 }, (_, i) => row(3, 1, i % 5))
    expect(await decide('forall: { x: points.rows }, holds: champion(x).risk >= 0.0', rows)).toMatchObject({
      verdict: 'satisfied',
      method: 'exhaustion',
      tried: 20_500,
    })
  })

  it('mostly is decided on independent draws with an exact interval', async () => {
    // a uniform on [0, 10], b on 0 … 10: a >= b has probability 1/2.
    const holds = (share: string) => `${x}, holds: champion(x).decision, mostly: ${share}, over: uniform`
    const above = await decide(holds('45%'))
    expect(above).toMatchObject({ verdict: 'satisfied', method: 'sampling:uniform', tried: 10_000 })
    expect(await decide(holds('55%'))).toMatchObject({ verdict: 'violated' })
    expect(await decide(holds('50%'))).toMatchObject({ verdict: 'inconclusive', reason: 'interval-straddles-bound' })
    const rows = [row(3, 1, 1), row(4, 2, 2), row(5, 6, 3), row(5, 5, 3)]
    expect(await decide(`${x}, holds: champion(x).decision, mostly: 70%, over: points`, rows)).toMatchObject({
      verdict: 'satisfied',
      method: 'exhaustion:points',
      n: 4,
      measured: 0.75,
    })
    // Exactly, and never undecided: draws among them would straddle a bound that is met to the row.
    expect(await decide(`${x}, holds: champion(x).decision, mostly: 75%, over: points`, rows)).toMatchObject({
      verdict: 'satisfied',
    })
    expect(await decide(`${x}, holds: champion(x).decision, mostly: 75.1%, over: points`, rows)).toMatchObject({
      verdict: 'violated',
    })
  })

  it('is the same for the same seed', async () => {
    const text = `${x}, holds: champion(x).risk < 9.9`
    expect(await decide(text)).toEqual(await decide(text))
  })
})

describe('near', () => {
  const rows = [row(3, 1, 1), row(8, 2, 2)]

  it('moves the numbers of actual rows by at most the radius, and keeps their codes', async () => {
    // a − b is 2 and 6 on the rows; a tenth of both ranges moves it by at most 2.
    const reached = await decide('forall: { x: "near(points.rows, 10%)" }, holds: champion(x).risk > 0.5', rows)
    expect(reached.verdict).toBe('violated')
    if (reached.verdict !== 'violated') throw new Error('unreachable')
    const found = reached.counterexample?.bindings['x'] as Readonly<Record<string, number>>
    expect(Math.abs((found['a'] ?? 0) - 3)).toBeLessThanOrEqual(1)
    expect(Math.abs((found['b'] ?? 0) - 1)).toBeLessThanOrEqual(1)
    expect(found['c']).toBe(1)
    expect(await decide('forall: { x: "near(points.rows, 10%)" }, holds: champion(x).risk >= 0.0', rows)).toMatchObject(
      { verdict: 'inconclusive', reason: 'not-proved' },
    )
  })
})
