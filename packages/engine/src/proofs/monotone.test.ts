import { describe, expect, test } from 'vitest'
import { seeded } from '../falsify/testing/seeded.ts'
import type { Random } from '../falsify/random.ts'
import { type OnnxModel, openOnnxModel } from '../models/onnx-runner.ts'
import { type OnnxGraph, readGraph } from './graph.ts'
import { proveIndependent } from './independence.ts'
import { proveMonotone } from './monotone.ts'
import { type NodeSpec, buildOnnx } from './testing/build-onnx.ts'
import { type EnsembleSpec, type TreeSpec, treeRegressor } from './testing/build-trees.ts'
import { type TreeShape, changeLeaf, leafCount, probe, randomTree } from './testing/random-trees.ts'

const COLUMNS = ['a', 'b', 'c']
const columns = COLUMNS.map((name) => ({ name }))

function treeModel(spec: EnsembleSpec, tail: readonly NodeSpec[] = [], output = 'raw'): Uint8Array {
  return buildOnnx({
    inputs: [{ name: 'x', type: 'float', shape: [null, COLUMNS.length] }],
    outputs: [{ name: output, type: output === 'risk' ? 'double' : 'float', shape: [null, 1] }],
    nodes: [treeRegressor(spec, 'x', 'raw'), ...tail],
  })
}

const SIGMOID_TAIL: readonly NodeSpec[] = [
  { op: 'Cast', inputs: ['raw'], outputs: ['wide'], attributes: { to: 11n } },
  { op: 'Sigmoid', inputs: ['wide'], outputs: ['risk'] },
]

function graphOf(bytes: Uint8Array): OnnxGraph {
  const graph = readGraph(bytes)
  if (!graph.ok) throw new Error(graph.error.message)
  return graph.value
}

async function modelOf(bytes: Uint8Array): Promise<OnnxModel> {
  const model = await openOnnxModel(bytes)
  if (!model.ok) throw new Error(model.error.message)
  return model.value
}

/** Evaluates pairs of rows that differ in one column only; the rows of a pair are spread over the batch. */
async function pairs(
  model: OnnxModel,
  output: string,
  column: number,
  random: Random,
  count: number,
  nanElsewhere: boolean,
): Promise<{ readonly lower: Float64Array; readonly upper: Float64Array }> {
  const data = COLUMNS.map(() => new Float64Array(2 * count))
  for (let i = 0; i < count; i++) {
    const row = COLUMNS.map(() => (nanElsewhere && random.int(8) === 0 ? Number.NaN : probe(random)))
    const one = probe(random)
    const two = probe(random)
    for (const [c, values] of data.entries()) {
      values[i] = c === column ? Math.min(one, two) : (row[c] ?? 0)
      values[count + i] = c === column ? Math.max(one, two) : (row[c] ?? 0)
    }
  }
  const predicted = await model.predict({
    columns: COLUMNS,
    data: new Map(COLUMNS.map((name, c) => [name, { values: data[c] ?? new Float64Array() }])),
    rows: 2 * count,
    outputs: [{ name: output }],
  })
  if (!predicted.ok) throw new Error(predicted.error.message)
  const values = predicted.value.outputs.get(output)
  if (!(values instanceof Float64Array)) throw new Error('no numbers')
  return { lower: values.slice(0, count), upper: values.slice(count) }
}

const STEP: TreeSpec = { feature: 0, threshold: 0, yes: { leaf: -1 }, no: { leaf: 1 } }

describe('proveMonotone on tree ensembles', () => {
  test('proves a rising step and refuses its mirror', () => {
    const query = { columns, column: 'a', output: { name: 'raw' } }
    const rising = graphOf(treeModel({ trees: [STEP] }))
    const proof = proveMonotone(rising, { ...query, direction: 'non-decreasing' })
    expect(proof).toMatchObject({ status: 'proved', method: 'monotone-trees', nodes: ['TreeEnsembleRegressor "raw"'] })
    const wrong = proveMonotone(rising, { ...query, direction: 'non-increasing' })
    expect(wrong).toMatchObject({ status: 'refused' })
  })

  test('compares pairs of leaves where subtree bounds alone fail', () => {
    // Under b <= 0 the weights are (1, 2), above (10, 20): max of the low side 10 > min of the high side 2.
    const split = (low: number, high: number): TreeSpec => ({
      feature: 1,
      threshold: 0,
      yes: { leaf: low },
      no: { leaf: high },
    })
    const tree: TreeSpec = { feature: 0, threshold: 0, yes: split(1, 10), no: split(2, 20) }
    const query = { columns, column: 'a', output: { name: 'raw' }, direction: 'non-decreasing' as const }
    expect(proveMonotone(graphOf(treeModel({ trees: [tree] })), query).status).toBe('proved')
    const crossed: TreeSpec = { feature: 0, threshold: 0, yes: split(1, 10), no: split(2, 9) }
    expect(proveMonotone(graphOf(treeModel({ trees: [crossed] })), query)).toMatchObject({
      status: 'refused',
      node: 'TreeEnsembleRegressor "raw"',
      reason: 'its tree 0 is not monotone in the column "a"',
    })
  })

  test('follows NaN of another column into leaves whose ranges do not meet', () => {
    // Left leaf -> 5 needs b <= 0 or NaN; right leaf -> 1 needs b > 1 or NaN. Only NaN reaches both.
    const tree = (nanMeets: boolean): TreeSpec => ({
      feature: 0,
      threshold: 0,
      yes: { feature: 1, threshold: 0, missingTrue: true, yes: { leaf: 5 }, no: { leaf: 1 } },
      no: { feature: 1, threshold: 1, missingTrue: !nanMeets, yes: { leaf: 5 }, no: { leaf: 1 } },
    })
    const query = { columns, column: 'a', output: { name: 'raw' }, direction: 'non-decreasing' as const }
    expect(proveMonotone(graphOf(treeModel({ trees: [tree(false)] })), query).status).toBe('proved')
    expect(proveMonotone(graphOf(treeModel({ trees: [tree(true)] })), query).status).toBe('refused')
  })

  test.each(['LEQ', 'LT', 'GTE', 'GT', 'EQ', 'NEQ'] as const)(
    'ranges that meet in one point only, or in NaN, by %s',
    async (mode) => {
      // Weights that break the order where the same b reaches 5 below a = 0 and 1 above it; onnxruntime is the judge.
      const random = seeded(31)
      const counts = { proved: 0, broken: 0 }
      for (const other of ['LEQ', 'LT', 'GTE', 'GT', 'EQ', 'NEQ'] as const) {
        for (const [missingTrue, otherMissing] of [
          [false, false],
          [true, false],
          [false, true],
        ] as const) {
          for (const swap of [false, true]) {
            const high: TreeSpec = { leaf: 5 }
            const low: TreeSpec = { leaf: 1 }
            const tree: TreeSpec = {
              feature: 0,
              threshold: 0,
              yes: { feature: 1, threshold: 1, mode, missingTrue, yes: high, no: { leaf: -5 } },
              no: {
                feature: 1,
                threshold: 1,
                mode: other,
                missingTrue: otherMissing,
                ...(swap ? { yes: { leaf: 9 }, no: low } : { yes: low, no: { leaf: 9 } }),
              },
            }
            const bytes = treeModel({ trees: [tree] })
            const query = { columns, column: 'a', output: { name: 'raw' }, direction: 'non-decreasing' as const }
            const proof = proveMonotone(graphOf(bytes), query)
            const model = await modelOf(bytes)
            const { lower, upper } = await pairs(model, 'raw', 0, random, 1000, true)
            await model.close()
            const broken = lower.some((value, i) => value > (upper[i] ?? Number.NaN))
            // For one tree over all reals the check is exact: both ways must agree.
            expect(proof.status, `${mode} ${other} ${missingTrue} ${otherMissing} ${swap}`).toBe(
              broken ? 'refused' : 'proved',
            )
            counts[broken ? 'broken' : 'proved']++
          }
        }
      }
      expect(Math.min(counts.proved, counts.broken)).toBeGreaterThan(0)
    },
  )

  test('a proof through Cast and double Sigmoid states what it rests on; float32 Sigmoid is refused', () => {
    const query = { columns, column: 'a', direction: 'non-decreasing' as const }
    const wide = graphOf(treeModel({ trees: [STEP], baseValues: [0.25] }, SIGMOID_TAIL, 'risk'))
    const proof = proveMonotone(wide, { ...query, output: { name: 'risk' } })
    expect(proof).toMatchObject({ status: 'proved', method: 'monotone-trees' })
    expect(proof.status === 'proved' && proof.notes.some((note) => note.includes('exp'))).toBe(true)
    const narrow = graphOf(
      treeModel({ trees: [STEP] }, [{ op: 'Sigmoid', inputs: ['raw'], outputs: ['score'] }], 'score'),
    )
    expect(proveMonotone(narrow, { ...query, output: { name: 'score' } })).toMatchObject({
      status: 'refused',
      node: 'Sigmoid "score"',
      reason: expect.stringContaining('not monotone'),
    })
  })

  test('a flipped leaf loses the proof, and onnxruntime shows why', async () => {
    const random = seeded(7)
    const shape: TreeShape = { features: 3, depth: 3, modes: ['LEQ'], increasing: [0, 1] }
    const query = { columns, column: 'a', output: { name: 'risk' }, direction: 'non-decreasing' as const }
    let flipped = 0
    for (let round = 0; round < 25; round++) {
      const trees = Array.from({ length: 5 }, () => randomTree(random, shape))
      expect(proveMonotone(graphOf(treeModel({ trees }, SIGMOID_TAIL, 'risk')), query).status).toBe('proved')
      for (const [t, tree] of trees.entries()) {
        for (let leaf = 0; leaf < leafCount(tree); leaf++) {
          const broken = trees.with(
            t,
            changeLeaf(tree, leaf, (weight) => weight + 8),
          )
          const proof = proveMonotone(graphOf(treeModel({ trees: broken }, SIGMOID_TAIL, 'risk')), query)
          if (proof.status === 'proved') continue
          flipped++
          expect(proof.node).toBe('TreeEnsembleRegressor "raw"')
          if (flipped % 20 !== 1) continue
          const model = await modelOf(treeModel({ trees: broken }))
          const { lower, upper } = await pairs(model, 'raw', 0, random, 4000, true)
          expect(lower.some((value, i) => value > (upper[i] ?? value))).toBe(true)
          await model.close()
        }
      }
    }
    expect(flipped).toBeGreaterThan(100)
  })

  test('whatever is proved, dense search on onnxruntime finds no violation; every planted one is refused', async () => {
    const random = seeded(11)
    const counts = { proved: 0, refused: 0, violated: 0 }
    for (let round = 0; round < 300; round++) {
      const monotone = random.int(2) === 0
      const shape: TreeShape = {
        features: 3,
        depth: 1 + random.int(3),
        modes: random.int(2) === 0 ? ['LEQ'] : ['LEQ', 'LT', 'GTE', 'GT', 'EQ', 'NEQ'],
        increasing: monotone ? [0] : [],
      }
      const trees = Array.from({ length: 1 + random.int(4) }, () => randomTree(random, shape))
      const aggregate = (['SUM', 'SUM', 'AVERAGE', 'MIN', 'MAX'] as const)[random.int(5)] ?? 'SUM'
      const sigmoid = random.int(2) === 0
      const bytes = treeModel(
        { trees, aggregate, baseValues: [random.normal()] },
        sigmoid ? SIGMOID_TAIL : [],
        sigmoid ? 'risk' : 'raw',
      )
      const output = sigmoid ? 'risk' : 'raw'
      const query = {
        columns: columns.map((c) => ({ ...c, optional: c.name !== 'a' })),
        column: 'a',
        output: { name: output },
      }
      const graph = graphOf(bytes)
      const up = proveMonotone(graph, { ...query, direction: 'non-decreasing' })
      const down = proveMonotone(graph, { ...query, direction: 'non-increasing' })
      const independent = proveIndependent(graph, query)
      const model = await modelOf(bytes)
      const { lower, upper } = await pairs(model, output, 0, random, 600, true)
      await model.close()
      const fell = lower.some((value, i) => !(value <= (upper[i] ?? Number.NaN)))
      const rose = lower.some((value, i) => !(value >= (upper[i] ?? Number.NaN)))
      if (up.status === 'proved') expect(fell, `round ${round}`).toBe(false)
      if (down.status === 'proved') expect(rose, `round ${round}`).toBe(false)
      if (independent.status === 'proved') expect(fell || rose, `round ${round}`).toBe(false)
      if (monotone) expect(up.status, `round ${round}`).toBe('proved')
      if (fell) counts.violated++
      counts[up.status]++
    }
    expect(counts.proved).toBeGreaterThan(100)
    expect(counts.violated).toBeGreaterThan(50)
  })
})
