import type { Random } from '../../falsify/random.ts'
import { type NodeSpec, buildOnnx, tensor } from './build-onnx.ts'
import { treeRegressor } from './build-trees.ts'
import { randomTree } from './random-trees.ts'

interface Value {
  readonly name: string
  readonly width: number
}

/** A random model over a float matrix `x` [N, `width`] with the output `y` [N, 1], float or (behind a Sigmoid) double. */
export function randomGraph(
  random: Random,
  width: number,
): { readonly bytes: Uint8Array; readonly ops: readonly string[] } {
  const nodes: NodeSpec[] = []
  const inits: ReturnType<typeof tensor>[] = []
  const values: Value[] = [{ name: 'x', width }]
  const weight = (): number =>
    random.int(4) === 0 ? 0 : Math.fround((random.int(3) === 0 ? -1 : 1) * (0.1 + random.float()))
  const constant = (dims: readonly number[], make: () => number): string => {
    const name = `k${inits.length}`
    inits.push(tensor(name, 'float', dims, Array.from({ length: dims.reduce((a, b) => a * b, 1) }, make)))
    return name
  }
  const add = (
    op: string,
    inputs: readonly string[],
    to: number,
    attributes: NodeSpec['attributes'] = {},
    domain = '',
  ): void => {
    const name = `v${values.length}`
    nodes.push({ op, inputs, outputs: [name], attributes, domain })
    values.push({ name, width: to })
  }
  const any = (): Value => values[values.length - 1 - random.int(Math.min(3, values.length))] ?? { name: 'x', width }
  const steps: readonly ((v: Value) => void)[] = [
    (v) => add('Mul', [v.name, constant([v.width], weight)], v.width),
    (v) => add('Div', [v.name, constant([1], () => (random.int(2) === 0 ? -2 : 3))], v.width),
    (v) => add('Add', [constant([1, v.width], weight), v.name], v.width),
    (v) => add('Sub', [constant([], weight), v.name], v.width),
    (v) => add(random.int(2) === 0 ? 'Max' : 'Min', [v.name, constant([v.width], weight)], v.width),
    (v) => add('Clip', [v.name, constant([], () => -1), constant([], () => 1)], v.width),
    (v) =>
      add(
        ['Relu', 'Neg', 'Floor', 'Abs', 'Tanh', 'LeakyRelu', 'Sigmoid', 'Identity'][random.int(8)] ?? 'Relu',
        [v.name],
        v.width,
      ),
    (v) => {
      const to = 1 + random.int(3)
      add('MatMul', [v.name, constant([v.width, to], weight)], to)
    },
    (v) => {
      const to = 1 + random.int(3)
      add('Gemm', [v.name, constant([to, v.width], weight), constant([to], weight)], to, {
        transB: 1n,
        alpha: random.int(2) === 0 ? 1 : -0.5,
      })
    },
    (v) => {
      const name = `i${inits.length}`
      const picked = Array.from({ length: 1 + random.int(3) }, () => random.int(v.width))
      inits.push(tensor(name, 'int64', [picked.length], picked))
      add('Gather', [v.name, name], picked.length, { axis: 1n })
    },
    (v) => {
      const other = any()
      if (v.width + other.width <= 6) add('Concat', [v.name, other.name], v.width + other.width, { axis: 1n })
    },
    (v) => {
      const other = values.findLast((value) => value.width === v.width && value.name !== v.name)
      if (other !== undefined)
        add(['Add', 'Sub', 'Mul', 'Max', 'Min'][random.int(5)] ?? 'Add', [v.name, other.name], v.width)
    },
    (v) => {
      const other = values.findLast((value) => value.width === v.width && value.name !== v.name)
      if (other === undefined) return
      const condition = `c${nodes.length}`
      nodes.push({
        op: random.int(2) === 0 ? 'Less' : 'GreaterOrEqual',
        inputs: [v.name, constant([v.width], weight)],
        outputs: [condition],
      })
      add('Where', [condition, v.name, other.name], v.width)
    },
    (v) =>
      add(
        'Scaler',
        [v.name],
        v.width,
        { offset: Array.from({ length: v.width }, () => 0.5), scale: Array.from({ length: v.width }, weight) },
        'ai.onnx.ml',
      ),
    (v) => {
      const trees = Array.from({ length: 3 }, () =>
        randomTree(random, {
          features: v.width,
          depth: 2,
          modes: ['LEQ', 'GT'],
          increasing: random.int(2) === 0 ? [0] : [],
        }),
      )
      const node = treeRegressor({ trees, baseValues: [weight()] }, v.name, '')
      add(node.op, [v.name], 1, node.attributes, 'ai.onnx.ml')
    },
  ]
  for (let count = 2 + random.int(4); count > 0; count--) steps[random.int(steps.length)]?.(any())
  const last = values.at(-1) ?? { name: 'x', width }
  add('MatMul', [last.name, constant([last.width, 1], () => Math.abs(weight()))], 1)
  const raw = values.at(-1)?.name ?? 'x'
  const wide = random.int(2) === 0
  if (wide) {
    nodes.push({ op: 'Cast', inputs: [raw], outputs: ['wide'], attributes: { to: 11n } })
    nodes.push({ op: 'Sigmoid', inputs: ['wide'], outputs: ['y'] })
  } else nodes.push({ op: 'Identity', inputs: [raw], outputs: ['y'] })
  const bytes = buildOnnx({
    inputs: [{ name: 'x', type: 'float', shape: [null, width] }],
    outputs: [{ name: 'y', type: wide ? 'double' : 'float', shape: [null, 1] }],
    nodes,
    initializers: inits,
  })
  return { bytes, ops: nodes.map((node) => node.op) }
}
