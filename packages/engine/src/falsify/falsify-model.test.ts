import { describe, expect, test } from 'vitest'
import { type ColumnData } from '../models/column-data.ts'
import { type OnnxModel, openOnnxModel } from '../models/onnx-runner.ts'
import { success } from '../models/outcome.ts'
import { type OnnxGraph, readGraph } from '../proofs/graph.ts'
import { proveIndependent } from '../proofs/independence.ts'
import { proveMonotone } from '../proofs/monotone.ts'
import { buildOnnx } from '../proofs/testing/build-onnx.ts'
import { type TreeSpec, treeRegressor } from '../proofs/testing/build-trees.ts'
import { randomTree } from '../proofs/testing/random-trees.ts'
import { splitThresholds } from '../proofs/thresholds.ts'
import type { CellValue, ColumnDomain, Input, Row, Variable } from './domain.ts'
import type { Evaluate, Evaluation } from './evaluate.ts'
import { falsify } from './falsify.ts'
import { seeded } from './testing/seeded.ts'

// A model as a trainer writes it: one input per column, integers cast, trees, Cast to double, Sigmoid.
const COLUMNS = ['delay', 'sex', 'income'] as const
const DOMAINS: readonly ColumnDomain[] = [
  { name: 'delay', type: 'integer', low: -2, high: 8 },
  { name: 'sex', type: 'category', values: [1, 2] },
  { name: 'income', type: 'number', low: -10, high: 10 },
]

function creditModel(trees: readonly TreeSpec[]): Uint8Array {
  return buildOnnx({
    inputs: [
      { name: 'delay', type: 'int64', shape: [null, 1] },
      { name: 'sex', type: 'int64', shape: [null, 1] },
      { name: 'income', type: 'float', shape: [null, 1] },
    ],
    outputs: [{ name: 'risk', type: 'double', shape: [null, 1] }],
    nodes: [
      { op: 'Cast', inputs: ['delay'], outputs: ['d'], attributes: { to: 1n } },
      { op: 'Cast', inputs: ['sex'], outputs: ['s'], attributes: { to: 1n } },
      { op: 'Concat', inputs: ['d', 's', 'income'], outputs: ['all'], attributes: { axis: 1n } },
      treeRegressor({ trees, baseValues: [-0.5] }, 'all', 'raw'),
      { op: 'Cast', inputs: ['raw'], outputs: ['wide'], attributes: { to: 11n } },
      { op: 'Sigmoid', inputs: ['wide'], outputs: ['risk'] },
    ],
  })
}

const random = seeded(99)
const FAIR = Array.from({ length: 30 }, () =>
  randomTree(random, { features: 3, depth: 4, modes: ['LEQ'], increasing: [0], avoid: [1] }),
)
// One small defect: for income in (7, 7.2], a longer delay lowers the risk, and sex 2 raises it.
const DEFECT: TreeSpec = {
  feature: 2,
  threshold: 7,
  yes: { leaf: 0 },
  no: {
    feature: 2,
    threshold: 7.2,
    no: { leaf: 0 },
    yes: {
      feature: 0,
      threshold: 5.5,
      no: { leaf: -9 },
      yes: { feature: 1, threshold: 1.5, yes: { leaf: 0 }, no: { leaf: 6 } },
    },
  },
}

async function open(bytes: Uint8Array): Promise<{ readonly model: OnnxModel; readonly graph: OnnxGraph }> {
  const model = await openOnnxModel(bytes)
  const graph = readGraph(bytes)
  if (!model.ok || !graph.ok) throw new Error('not opened')
  return { model: model.value, graph: graph.value }
}

async function risks(
  model: OnnxModel,
  rows: readonly Row[],
): Promise<ReturnType<typeof success<Float64Array>> | Awaited<ReturnType<OnnxModel['predict']>>> {
  const data = new Map<string, ColumnData>(
    COLUMNS.map((name) => [name, { values: Float64Array.from(rows, (row) => Number(row.get(name))) }]),
  )
  const result = await model.predict({ columns: COLUMNS, data, rows: rows.length, outputs: [{ name: 'risk' }] })
  if (!result.ok) return result
  const values = result.value.outputs.get('risk')
  return success(values instanceof Float64Array ? values : new Float64Array())
}

const xOf = (input: Input): Row => {
  const x = input.get('x')
  return x instanceof Map ? x : new Map()
}

/** Compares the model on x and on a partner of x; undefined = outside the domain. */
function compare(
  model: OnnxModel,
  partner: (input: Input) => Row | undefined,
  judge: (x: number, y: number) => { readonly violated: boolean; readonly margin: number },
): Evaluate {
  return async (inputs) => {
    const partners = inputs.map(partner)
    const rows = inputs.flatMap((input, i) =>
      partners[i] === undefined ? [] : [xOf(input), partners[i] ?? xOf(input)],
    )
    const values = await risks(model, rows)
    if (!values.ok) return values
    if (!(values.value instanceof Float64Array)) throw new Error('no numbers')
    const scores = values.value
    let at = 0
    return success(
      partners.map((other): Evaluation => {
        if (other === undefined) return { kind: 'discarded' }
        const [x = Number.NaN, y = Number.NaN] = [scores[at++], scores[at++]]
        return { kind: 'decided', ...judge(x, y) }
      }),
    )
  }
}

const withValue = (row: Row, name: string, value: CellValue): Row => new Map(row).set(name, value)
const longerDelay = (input: Input): Row | undefined => {
  const delay = Number(xOf(input).get('delay'))
  return delay >= 8 ? undefined : withValue(xOf(input), 'delay', delay + 1)
}
const otherSex = (input: Input): Row => withValue(xOf(input), 'sex', Number(input.get('s')))
const rising = (x: number, y: number) => ({ violated: !(y >= x), margin: y - x })
const equal = (x: number, y: number) => ({ violated: x !== y, margin: x === y ? 1 - Math.abs(x - 0.5) : -1 })

function variables(graph: OnnxGraph): { readonly x: Variable; readonly s: Variable } {
  const thresholds = splitThresholds(graph, COLUMNS)
  const columns = DOMAINS.map((domain) => ({ ...domain, interesting: thresholds.get(domain.name) ?? [] }))
  const rows: Row[] = Array.from(
    { length: 50 },
    (_, i) =>
      new Map([
        ['delay', (i % 9) - 2],
        ['sex', 1 + (i % 2)],
        ['income', (i % 17) / 3 - 2],
      ]),
  )
  return {
    x: { kind: 'record', name: 'x', columns, rows },
    s: { kind: 'value', name: 's', domain: { name: 'sex', type: 'category', values: [1, 2] } },
  }
}

describe('proof and search agree on real models', () => {
  const columns = DOMAINS.map((domain) => ({ name: domain.name, low: domain.low, high: domain.high }))
  const output = { name: 'risk' }

  test('a sound model is proved on both properties, and the search finds nothing', async () => {
    const { model, graph } = await open(creditModel(FAIR))
    expect(proveMonotone(graph, { columns, column: 'delay', output, direction: 'non-decreasing' })).toMatchObject({
      status: 'proved',
      method: 'monotone-trees',
      nodes: ['Cast "d"', 'Cast "s"', 'Concat "all"', 'TreeEnsembleRegressor "raw"', 'Cast "wide"', 'Sigmoid "risk"'],
    })
    expect(proveIndependent(graph, { columns, column: 'sex', output })).toMatchObject({
      status: 'proved',
      method: 'no-split',
    })
    expect(proveIndependent(graph, { columns, column: 'delay', output }).status).toBe('refused')
    const { x, s } = variables(graph)
    const delay = await falsify({
      variables: [x],
      evaluate: compare(model, longerDelay, rising),
      random: seeded(1),
      budget: 6000,
    })
    const sex = await falsify({
      variables: [x, s],
      evaluate: compare(model, otherSex, equal),
      random: seeded(1),
      budget: 6000,
    })
    expect(delay).toMatchObject({ kind: 'none', exhausted: false })
    expect(delay.discarded).toBeGreaterThan(0)
    expect(sex).toMatchObject({ kind: 'none', discarded: 0 })
    await model.close()
  })

  test('a defect on one percent of the domain is refused by the proofs and found, shrunken, by the search', async () => {
    const { model, graph } = await open(creditModel([...FAIR, DEFECT]))
    const refusal = {
      status: 'refused',
      node: 'TreeEnsembleRegressor "raw"',
      reason: 'its tree 30 goes down, an earlier one up',
    }
    expect(proveMonotone(graph, { columns, column: 'delay', output, direction: 'non-decreasing' })).toEqual(refusal)
    expect(proveIndependent(graph, { columns, column: 'sex', output }).status).toBe('refused')
    const { x, s } = variables(graph)
    const problem = { random: seeded(4), budget: 6000 }
    const delay = await falsify({ ...problem, variables: [x], evaluate: compare(model, longerDelay, rising) })
    const sex = await falsify({ ...problem, variables: [x, s], evaluate: compare(model, otherSex, equal) })
    if (delay.kind !== 'counterexample' || sex.kind !== 'counterexample') throw new Error('not found')
    // Replayed one pair at a time, not in the batch it was found in.
    const pair = await risks(model, [xOf(delay.input), longerDelay(delay.input) ?? xOf(delay.input)])
    if (!pair.ok || !(pair.value instanceof Float64Array)) throw new Error('no replay')
    expect(pair.value[1]).toBeLessThan(Number(pair.value[0]))
    expect(delay.margin).toBe(Number(pair.value[1]) - Number(pair.value[0]))
    expect(xOf(delay.input).get('delay')).toBe(5)
    const income = Number(xOf(delay.input).get('income'))
    expect(income > 7 && income <= Math.fround(7.2)).toBe(true)
    expect([...delay.differs].every((name) => ['x.delay', 'x.income', 'x.sex'].includes(name))).toBe(true)
    expect(delay.minimal && sex.minimal).toBe(true)
    await model.close()
  })

  test('NaN predictions are seen by the caller, never silent', async () => {
    const bytes = buildOnnx({
      inputs: [{ name: 'a', type: 'float', shape: [null, 1] }],
      outputs: [{ name: 'risk', type: 'float', shape: [null, 1] }],
      nodes: [{ op: 'Log', inputs: ['a'], outputs: ['risk'] }],
    })
    const { model, graph } = await open(bytes)
    const values = Float64Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? -1 : 1))
    const result = await model.predict({
      columns: ['a'],
      data: new Map([['a', { values }]]),
      rows: 40,
      outputs: [{ name: 'risk' }],
    })
    expect(result.ok && result.value.nan).toEqual([
      { output: 'risk', count: 20, firstRows: [0, 2, 4, 6, 8, 10, 12, 14, 16, 18] },
    ])
    expect(
      proveMonotone(graph, { columns: [{ name: 'a' }], column: 'a', output, direction: 'non-decreasing' }).status,
    ).toBe('refused')
    await model.close()
  })
})
