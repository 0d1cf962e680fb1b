import { describe, expect, test } from 'vitest'
import { seeded } from '../falsify/testing/seeded.ts'
import type { Random } from '../falsify/random.ts'
import { openOnnxModel } from '../models/onnx-runner.ts'
import type { ElementType } from '../models/signature.ts'
import { readGraph } from './graph.ts'
import { proveIndependent } from './independence.ts'
import { type ProofColumn } from './interpret.ts'
import { proveMonotone } from './monotone.ts'
import type { ProofResult } from './prove.ts'
import { type NodeSpec, buildOnnx, tensor } from './testing/build-onnx.ts'
import { treeClassifier, treeRegressor } from './testing/build-trees.ts'
import { randomTree } from './testing/random-trees.ts'

type Init = ReturnType<typeof tensor>

interface Case {
  readonly nodes: readonly NodeSpec[]
  readonly inits?: readonly Init[]
  /** Type of the output `y` (default float) and its width (default 1). */
  readonly type?: ElementType
  readonly width?: number
  readonly index?: number
  readonly inputType?: ElementType
  readonly opset?: number
}

const NAMES = ['a', 'b', 'c']
const BOUNDED: readonly ProofColumn[] = NAMES.map((name) => ({ name, low: -1000, high: 1000 }))

function bytesOf(c: Case): Uint8Array {
  return buildOnnx({
    inputs: [{ name: 'x', type: c.inputType ?? 'float', shape: [null, 3] }],
    outputs: [{ name: 'y', type: c.type ?? 'float', shape: [null, c.width ?? 1] }],
    nodes: c.nodes,
    initializers: c.inits ?? [],
    ...(c.opset !== undefined && { opset: c.opset }),
  })
}

/** One of: up, down, constant (independent), or the reason of the refusal. */
function directionOf(c: Case, column = 'a', columns = BOUNDED): string {
  const graph = readGraph(bytesOf(c))
  if (!graph.ok) throw new Error(graph.error.message)
  const query = { columns, column, output: { name: 'y', index: c.index } }
  const prove = (direction: 'non-decreasing' | 'non-increasing'): ProofResult =>
    proveMonotone(graph.value, { ...query, direction })
  if (proveIndependent(graph.value, query).status === 'proved') return 'constant'
  const up = prove('non-decreasing')
  if (up.status === 'proved') return 'up'
  return prove('non-increasing').status === 'proved' ? 'down' : `${up.node}: ${up.reason}`
}

/** Looks for two rows, equal but for one column, that contradict a direction; runs pairs through onnxruntime. */
async function contradicted(c: Case, column: number, direction: string, random: Random): Promise<boolean> {
  const model = await openOnnxModel(bytesOf(c))
  if (!model.ok) throw new Error(model.error.message)
  const count = 500
  const whole = c.inputType === 'int64'
  const data = NAMES.map(() => new Float64Array(2 * count))
  const draw = (): number => {
    const value = random.int(3) === 0 ? random.int(9) - 4 : random.normal() * 10 ** (3 * random.float() - 1)
    return Math.max(-1000, Math.min(1000, whole ? Math.round(value) : Math.fround(value)))
  }
  for (let i = 0; i < count; i++) {
    const [one, two] = [draw(), draw()]
    for (const [k, values] of data.entries()) {
      const same = draw()
      values[i] = k === column ? Math.min(one, two) : same
      values[count + i] = k === column ? Math.max(one, two) : same
    }
  }
  const result = await model.value.predict({
    columns: NAMES,
    data: new Map(NAMES.map((name, k) => [name, { values: data[k] ?? new Float64Array() }])),
    rows: 2 * count,
    outputs: [{ name: 'y', index: c.index }],
  })
  await model.value.close()
  if (!result.ok) throw new Error(result.error.message)
  const y = result.value.outputs.get('y') ?? []
  return Array.from({ length: count }, (_, i) => {
    const [low, high] = [Number(y[i]), Number(y[count + i])]
    if (direction === 'up') return !(low <= high)
    if (direction === 'down') return !(low >= high)
    return low !== high
  }).some(Boolean)
}

const n = (op: string, inputs: string[], outputs: string[], attributes: NodeSpec['attributes'] = {}): NodeSpec => ({
  op,
  inputs,
  outputs,
  attributes,
})
const ml = (op: string, inputs: string[], outputs: string[], attributes: NodeSpec['attributes'] = {}): NodeSpec => ({
  ...n(op, inputs, outputs, attributes),
  domain: 'ai.onnx.ml',
})
const one = (i: number): Init => tensor(`i${i}`, 'int64', [1], [i])
const pick = (i: number, to: string): NodeSpec => n('Gather', ['x', `i${i}`], [to], { axis: 1n })
const FIRST = [pick(0, 'a')]
const F = (name: string, ...values: number[]): Init => tensor(name, 'float', [values.length], values)

const CASES: readonly [string, Case, string][] = [
  ['Neg', { nodes: [...FIRST, n('Neg', ['a'], ['y'])], inits: [one(0)] }, 'down'],
  ['another column', { nodes: [pick(1, 'b'), n('Neg', ['b'], ['y'])], inits: [one(1)] }, 'constant'],
  ['Mul by -2', { nodes: [...FIRST, n('Mul', ['a', 'k'], ['y'])], inits: [one(0), F('k', -2)] }, 'down'],
  ['Mul by 0', { nodes: [...FIRST, n('Mul', ['k', 'a'], ['y'])], inits: [one(0), F('k', 0)] }, 'constant'],
  ['Div by 3', { nodes: [...FIRST, n('Div', ['a', 'k'], ['y'])], inits: [one(0), F('k', 3)] }, 'up'],
  [
    'Div by -3, then Sub from 1',
    {
      nodes: [...FIRST, n('Div', ['a', 'k'], ['t']), n('Sub', ['o', 't'], ['y'])],
      inits: [one(0), F('k', -3), F('o', 1)],
    },
    'up',
  ],
  [
    'Div by 0',
    { nodes: [...FIRST, n('Div', ['a', 'k'], ['y'])], inits: [one(0), F('k', 0)] },
    'Div "y": the output may be NaN: its result may be NaN',
  ],
  [
    'Add of two columns',
    { nodes: [...FIRST, pick(1, 'b'), n('Add', ['a', 'b'], ['y'])], inits: [one(0), one(1)] },
    'up',
  ],
  [
    'Sub of itself',
    { nodes: [...FIRST, n('Sub', ['a', 'a'], ['y'])], inits: [one(0)] },
    'Sub "y": one of its arguments grows with the column while the other falls',
  ],
  [
    'Mul of itself',
    { nodes: [...FIRST, n('Mul', ['a', 'a'], ['y'])], inits: [one(0)] },
    'Mul "y": it multiplies two values that both vary',
  ],
  [
    'Max with a column',
    { nodes: [...FIRST, pick(1, 'b'), n('Max', ['a', 'b'], ['y'])], inits: [one(0), one(1)] },
    'up',
  ],
  ['Min with a constant', { nodes: [...FIRST, n('Min', ['a', 'k'], ['y'])], inits: [one(0), F('k', 0)] }, 'up'],
  [
    'Clip',
    {
      nodes: [...FIRST, n('Clip', ['a', 'lo', 'hi'], ['y'])],
      inits: [one(0), tensor('lo', 'float', [], [-1]), tensor('hi', 'float', [], [1])],
    },
    'up',
  ],
  [
    'Clip with attributes',
    { nodes: [...FIRST, n('Clip', ['a'], ['y'], { min: -1, max: 2 })], inits: [one(0)], opset: 10 },
    'up',
  ],
  [
    'Relu, Floor, Ceil, Round',
    {
      nodes: [
        ...FIRST,
        n('Relu', ['a'], ['r']),
        n('Floor', ['r'], ['f']),
        n('Ceil', ['f'], ['c']),
        n('Round', ['c'], ['y']),
      ],
      inits: [one(0)],
    },
    'up',
  ],
  ['LeakyRelu', { nodes: [...FIRST, n('LeakyRelu', ['a'], ['y'], { alpha: 0.125 })], inits: [one(0)] }, 'up'],
  [
    'LeakyRelu falling',
    { nodes: [...FIRST, n('LeakyRelu', ['a'], ['y'], { alpha: -1 })], inits: [one(0)] },
    'LeakyRelu "y": its slope is not between 0 and 1',
  ],
  ['Abs', { nodes: [...FIRST, n('Abs', ['a'], ['y'])], inits: [one(0)] }, 'Abs "y": it does not keep order'],
  ['Tanh of another column', { nodes: [pick(1, 'b'), n('Tanh', ['b'], ['y'])], inits: [one(1)] }, 'constant'],
  [
    'Tanh',
    { nodes: [...FIRST, n('Tanh', ['a'], ['y'])], inits: [one(0)] },
    'Tanh "y": its approximation is not known to keep order',
  ],
  ['Less', { nodes: [...FIRST, n('Less', ['a', 'k'], ['y'])], inits: [one(0), F('k', 0.5)], type: 'bool' }, 'down'],
  [
    'Not of Less, cast back',
    {
      nodes: [...FIRST, n('Less', ['a', 'k'], ['l']), n('Not', ['l'], ['m']), n('Cast', ['m'], ['y'], { to: 1n })],
      inits: [one(0), F('k', 0.5)],
    },
    'up',
  ],
  [
    'Equal',
    { nodes: [...FIRST, n('Equal', ['a', 'k'], ['y'])], inits: [one(0), F('k', 1)], type: 'bool' },
    'Equal "y": equality does not keep order',
  ],
  [
    'Where by another column',
    {
      nodes: [
        ...FIRST,
        pick(1, 'b'),
        n('Less', ['b', 'k'], ['w']),
        n('Add', ['a', 'k'], ['p']),
        n('Where', ['w', 'a', 'p'], ['y']),
      ],
      inits: [one(0), one(1), F('k', 1)],
    },
    'up',
  ],
  [
    'Where by the column',
    {
      nodes: [...FIRST, n('Less', ['a', 'k'], ['w']), n('Neg', ['a'], ['p']), n('Where', ['w', 'a', 'p'], ['y'])],
      inits: [one(0), F('k', 1)],
    },
    'Where "y": its condition depends on the column',
  ],
  [
    'Where by the column, both up',
    {
      nodes: [...FIRST, n('Less', ['a', 'k'], ['w']), n('Add', ['a', 'k'], ['p']), n('Where', ['w', 'p', 'a'], ['y'])],
      inits: [one(0), F('k', 1)],
    },
    'Where "y": its condition depends on the column',
  ],
  [
    'Cast to int64 of a bounded column',
    { nodes: [...FIRST, n('Cast', ['a'], ['y'], { to: 7n })], inits: [one(0)], type: 'int64' },
    'up',
  ],
  [
    'Cast to bool',
    { nodes: [...FIRST, n('Cast', ['a'], ['y'], { to: 9n })], inits: [one(0)], type: 'bool' },
    'Cast "y": a cast to boolean does not keep order',
  ],
  [
    'integer input, float sum',
    {
      nodes: [n('Cast', ['x'], ['f'], { to: 1n }), n('MatMul', ['f', 'w'], ['y'])],
      inits: [tensor('w', 'float', [3, 1], [0.5, -1, 2])],
      inputType: 'int64',
    },
    'up',
  ],
  [
    'MatMul, sign of the weight',
    { nodes: [n('MatMul', ['x', 'w'], ['y'])], inits: [tensor('w', 'float', [3, 1], [-0.5, 1, 2])] },
    'down',
  ],
  [
    'MatMul, weight 0',
    { nodes: [n('MatMul', ['x', 'w'], ['y'])], inits: [tensor('w', 'float', [3, 1], [0, 1, 2])] },
    'constant',
  ],
  [
    'Gemm transB, alpha < 0',
    {
      nodes: [n('Gemm', ['x', 'w', 'k'], ['y'], { transB: 1n, alpha: -1 })],
      inits: [tensor('w', 'float', [1, 3], [0.5, 1, 2]), F('k', 3)],
    },
    'down',
  ],
  [
    'two layers of one sign',
    {
      nodes: [n('MatMul', ['x', 'w'], ['h']), n('Relu', ['h'], ['r']), n('MatMul', ['r', 'v'], ['y'])],
      inits: [tensor('w', 'float', [3, 2], [1, -1, 2, 2, -3, 1]), tensor('v', 'float', [2, 1], [1, -2])],
    },
    'up',
  ],
  [
    'two layers of mixed signs',
    {
      nodes: [n('MatMul', ['x', 'w'], ['h']), n('Relu', ['h'], ['r']), n('MatMul', ['r', 'v'], ['y'])],
      inits: [tensor('w', 'float', [3, 2], [1, 1, 2, 2, -3, 1]), tensor('v', 'float', [2, 1], [1, -2])],
    },
    'MatMul "y": its weights pull the column in both directions',
  ],
  [
    'Scaler with a negative scale',
    {
      nodes: [
        ml('Scaler', ['x'], ['s'], { offset: [1, 2, 3], scale: [-0.5, 1, 1] }),
        n('Slice', ['s', 'i0', 'i1', 'i1'], ['y']),
      ],
      inits: [one(0), one(1)],
    },
    'down',
  ],
  [
    'Imputer',
    {
      nodes: [
        ml('Imputer', ['x'], ['s'], { imputed_value_floats: [1, 2, 3], replaced_value_float: Number.NaN }),
        n('Gather', ['s', 'i0'], ['y'], { axis: 1n }),
      ],
      inits: [one(0)],
    },
    'up',
  ],
  [
    'Normalizer',
    {
      nodes: [ml('Normalizer', ['x'], ['s'], { norm: 'L2' }), n('Gather', ['s', 'i1'], ['y'], { axis: 1n })],
      inits: [one(1)],
    },
    'Normalizer "s": each of its results depends on the whole row',
  ],
  [
    'LinearRegressor',
    { nodes: [ml('LinearRegressor', ['x'], ['y'], { coefficients: [1, -2, 3], intercepts: [0.5], targets: 1n })] },
    'up',
  ],
  [
    'LinearClassifier, two rows',
    {
      nodes: [
        ml('LinearClassifier', ['x'], ['l', 'y'], {
          coefficients: [-1, 2, 3, 1, -2, -3],
          intercepts: [-0.5, 0.5],
          classlabels_ints: [0n, 1n],
        }),
      ],
      width: 2,
      index: 1,
    },
    'up',
  ],
  [
    'LinearClassifier, one row',
    {
      nodes: [
        ml('LinearClassifier', ['x'], ['l', 'y'], {
          coefficients: [1, -2, 3],
          intercepts: [0.5],
          classlabels_ints: [0n, 1n],
        }),
      ],
      width: 2,
      index: 0,
    },
    'down',
  ],
  [
    'LinearClassifier, LOGISTIC',
    {
      nodes: [
        ml('LinearClassifier', ['x'], ['l', 'y'], {
          coefficients: [1, -2, 3],
          intercepts: [0.5],
          classlabels_ints: [0n, 1n],
          post_transform: 'LOGISTIC',
        }),
      ],
      width: 2,
      index: 1,
    },
    'LinearClassifier "l": its post_transform LOGISTIC is computed in float32 by an approximation that is not known to keep order',
  ],
  [
    'Concat, Split, Unsqueeze, Reshape, Squeeze, Flatten',
    {
      nodes: [
        n('Split', ['x'], ['p', 'q', 'r'], { axis: 1n }),
        n('Concat', ['r', 'q', 'p'], ['t'], { axis: -1n }),
        n('Unsqueeze', ['t', 'i1'], ['u']),
        n('Reshape', ['u', 's'], ['v']),
        n('Flatten', ['v'], ['w']),
        n('Gather', ['w', 'i2'], ['y'], { axis: 1n }),
      ],
      inits: [one(1), one(2), tensor('s', 'int64', [3], [0, -1, 1])],
    },
    'up',
  ],
  [
    'Reshape that mixes rows',
    { nodes: [n('Reshape', ['x', 's'], ['y'])], inits: [tensor('s', 'int64', [2], [-1, 1])] },
    'Reshape "y": it mixes rows',
  ],
  [
    'Concat of rows',
    { nodes: [n('Concat', ['x', 'x'], ['y'], { axis: 0n })], width: 3, index: 0 },
    'Concat "y": it joins rows, not columns',
  ],
  [
    'OneHotEncoder of another column',
    {
      nodes: [
        pick(1, 'b'),
        n('Cast', ['b'], ['i'], { to: 7n }),
        ml('OneHotEncoder', ['i'], ['h'], { cats_int64s: [-1n, 0n, 1n], zeros: 1n }),
        n('Reshape', ['h', 's'], ['r']),
        n('Concat', ['x', 'r'], ['t'], { axis: 1n }),
        n('MatMul', ['t', 'w'], ['y']),
      ],
      inits: [one(1), tensor('s', 'int64', [2], [-1, 3]), tensor('w', 'float', [6, 1], [1, 0, -1, 5, 6, -7])],
    },
    'up',
  ],
  [
    'OneHotEncoder of the column',
    {
      nodes: [
        ...FIRST,
        n('Cast', ['a'], ['i'], { to: 7n }),
        ml('OneHotEncoder', ['i'], ['h'], { cats_int64s: [-1n, 0n, 1n], zeros: 1n }),
        n('Reshape', ['h', 's'], ['r']),
        n('Gather', ['r', 'i0'], ['y'], { axis: 1n }),
      ],
      inits: [one(0), tensor('s', 'int64', [2], [-1, 3])],
    },
    'OneHotEncoder "h": an encoder does not keep the order of values',
  ],
  [
    'Binarizer',
    {
      nodes: [ml('Binarizer', ['x'], ['s'], { threshold: 0.5 }), n('Gather', ['s', 'i0'], ['y'], { axis: 1n })],
      inits: [one(0)],
    },
    'up',
  ],
  [
    'Sigmoid of a double that is no float32',
    {
      nodes: [...FIRST, n('Cast', ['a'], ['d'], { to: 11n }), n('Mul', ['d', 'k'], ['e']), n('Sigmoid', ['e'], ['y'])],
      inits: [one(0), tensor('k', 'double', [1], [0.3])],
      type: 'double',
    },
    'Sigmoid "y": its argument is no float32 value: order is not certain to the last bit',
  ],
  [
    'Sigmoid of a cast sum',
    {
      nodes: [n('MatMul', ['x', 'w'], ['s']), n('Cast', ['s'], ['d'], { to: 11n }), n('Sigmoid', ['d'], ['y'])],
      inits: [tensor('w', 'float', [3, 1], [1, 1, 1])],
      type: 'double',
    },
    'up',
  ],
  [
    'constants in short form',
    {
      nodes: [
        n('Constant', [], ['k'], { value_floats: [-2] }),
        n('Constant', [], ['i'], { value_int: 0n }),
        n('Gather', ['x', 'i'], ['g'], { axis: 1n }),
        n('Unsqueeze', ['g', 'i1'], ['a']),
        n('Mul', ['a', 'k'], ['y']),
      ],
      inits: [one(1)],
    },
    'down',
  ],
  [
    'subgraph-free constant node',
    { nodes: [n('Constant', [], ['k'], { value: F('', 2) }), ...FIRST, n('Mul', ['a', 'k'], ['y'])], inits: [one(0)] },
    'up',
  ],
]

describe('rules of operators', () => {
  test.each(CASES)('%s', async (_, c, expected) => {
    expect(directionOf(c)).toBe(expected)
    if (['up', 'down', 'constant'].includes(expected)) {
      expect(await contradicted(c, 0, expected, seeded(3))).toBe(false)
    }
  })

  test('the search does contradict: wrong directions are noticed on every proved case', async () => {
    const opposite = { up: 'down', down: 'up', constant: 'up' } as const
    for (const [name, c, expected] of CASES) {
      if (expected !== 'up' && expected !== 'down') continue
      expect(await contradicted(c, 0, opposite[expected], seeded(3)), name).toBe(true)
    }
  })

  test('without ranges sums may overflow; missing cells end linear proofs but not those of trees', () => {
    const linear: Case = { nodes: [n('MatMul', ['x', 'w'], ['y'])], inits: [tensor('w', 'float', [3, 1], [1, 0, 2])] }
    expect(
      directionOf(
        linear,
        'a',
        NAMES.map((name) => ({ name })),
      ),
    ).toContain('overflow')
    // 0 · Inf is NaN: independence from a column of weight 0 needs a bound as well.
    expect(directionOf(linear, 'b')).toBe('constant')
    expect(
      directionOf(
        linear,
        'b',
        NAMES.map((name) => ({ name, ...(name !== 'b' && { low: 0, high: 1 }) })),
      ),
    ).toContain('overflow')
    const optional = BOUNDED.map((column) => ({ ...column, optional: column.name === 'c' }))
    expect(directionOf(linear, 'a', optional)).toContain('may be missing')
    const tree: Case = {
      nodes: [treeRegressor({ trees: [{ feature: 0, threshold: 0, yes: { leaf: 0 }, no: { leaf: 1 } }] }, 'x', 'y')],
    }
    expect(directionOf(tree, 'a', optional)).toBe('up')
    expect(
      directionOf(
        tree,
        'a',
        BOUNDED.map((column) => ({ ...column, optional: true })),
      ),
    ).toContain('NaN has no place')
  })
})

describe('tree classifiers', () => {
  const random = seeded(21)
  const classifier = (weights: 'positive' | 'mixed' | 'both', post: string, baseValues?: readonly number[]): Case => {
    const shape = { features: 3, depth: 3, modes: ['LEQ'] as const, increasing: [0] }
    const shift = weights === 'mixed' ? 0 : 2
    const relabel = (tree: ReturnType<typeof randomTree>): ReturnType<typeof randomTree> => {
      if (!('leaf' in tree)) return { ...tree, yes: relabel(tree.yes), no: relabel(tree.no) }
      const weight = Number(tree.leaf) + shift
      return { leaf: weights === 'both' ? { 0: 4 - weight, 1: weight } : { 0: weight } }
    }
    const step = { feature: 0, threshold: 0.25, yes: { leaf: -0.5 }, no: { leaf: 0.5 } }
    const trees = [step, ...Array.from({ length: 3 }, () => randomTree(random, shape))].map(relabel)
    const spec = { trees, postTransform: post, ...(baseValues !== undefined && { baseValues }) }
    return { nodes: [treeClassifier(spec, 2, 'x', ['label', 'y'])], width: 2, index: 1 }
  }

  test.each([
    ['positive', 'NONE', undefined, 'up'],
    ['positive', 'NONE', [-3], 'up'],
    ['positive', 'LOGISTIC', undefined, 'up'],
    ['mixed', 'LOGISTIC', undefined, 'up'],
    ['mixed', 'LOGISTIC', [0.25], 'up'],
    ['both', 'NONE', undefined, 'up'],
    ['mixed', 'NONE', undefined, 'refused'],
    ['both', 'NONE', [0.5, 0.5], 'refused'],
    ['positive', 'NONE', [0.5, 0.5], 'refused'],
    ['positive', 'SOFTMAX', undefined, 'refused'],
  ] as const)('%s weights, %s, base %j: %s', async (weights, post, base, expected) => {
    for (let round = 0; round < 8; round++) {
      const c = classifier(weights, post, base)
      const direction = directionOf(c)
      if (expected === 'refused') expect(direction).toContain('TreeEnsembleClassifier')
      else expect(direction).toBe(expected)
      if (expected === 'up') {
        expect(await contradicted(c, 0, 'up', random)).toBe(false)
        expect(directionOf({ ...c, index: 0 })).toBe('down')
        expect(await contradicted({ ...c, index: 0 }, 0, 'down', random)).toBe(false)
      }
    }
  })
})
