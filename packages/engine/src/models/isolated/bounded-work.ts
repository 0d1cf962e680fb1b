import type { ConstantTensor, GraphNode, OnnxGraph } from '../../proofs/graph.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/))

/** Operators whose answer is as wide as what goes in, or as their own attributes say. */
const ROWWISE = words(
  `Identity Cast Neg Abs Sqrt Exp Log Sigmoid Tanh Relu LeakyRelu Elu Selu Softplus Softmax LogSoftmax Erf Clip Floor Ceil Round Not IsNaN
  Sign Reciprocal Dropout Constant ArgMax ReduceSum ReduceMean ReduceMax ReduceMin Scaler Normalizer Imputer Binarizer LabelEncoder
  ArrayFeatureExtractor TreeEnsembleClassifier TreeEnsembleRegressor TreeEnsemble LinearClassifier LinearRegressor SVMClassifier SVMRegressor`,
)
/** On two tensors of at most two dimensions: the rows of one and the columns of the other at most. */
const BROADCASTING = words('Add Sub Mul Div Pow Min Max Where Greater GreaterOrEqual Less LessOrEqual Equal And Or Xor')
const JOINING = words('Concat FeatureVectorizer')
const PRODUCTS = words('Gemm MatMul')
/** What comes out may have its numbers along any dimension: nothing that joins or multiplies may read it. */
const RESHAPING = words('Reshape Flatten Squeeze ZipMap')

/** So wide a row may become anywhere, and so many numbers a bias or a list of categories may have. */
const SMALL = 65_536
/** So many a matrix of weights: 4 M products a row are some milliseconds. */
const WEIGHTS = 4_000_000
const MANY_NODES = 2_000
/** Answers of trees and linear models: one for each class. */
const CLASSES = 1_024

/**
 * Whether rows and weights bound the work of a graph: no loop, no size that follows from values, no row wider than 65,536,
 * no product but with a matrix of weights. Trees, linear models and small networks are so; of others nothing is known,
 * which does not mean that they hang.
 */
export function hasBoundedWork({ nodes, constants, signature }: OnnxGraph): boolean {
  /** How wide a row of a tensor can be; undefined where that is not known, or where it was reshaped. */
  const widths = new Map<string, number | undefined>([['', 0]])
  for (const [name, constant] of constants) widths.set(name, widthOf(constant))
  for (const { name, shape } of signature.inputs) {
    const [, width = 1, ...more] = shape ?? []
    widths.set(name, shape === undefined || more.length > 0 || width === 'unknown' ? undefined : width)
  }
  return (
    nodes.length <= MANY_NODES &&
    nodes.every((node) => {
      const width = RESHAPING.has(node.op) ? undefined : answerWidth(node, widths, constants)
      for (const output of node.outputs) widths.set(output, width)
      return RESHAPING.has(node.op) || (width !== undefined && width <= SMALL)
    })
  )
}

function answerWidth(
  { op, inputs, attributes }: GraphNode,
  widths: ReadonlyMap<string, number | undefined>,
  constants: ReadonlyMap<string, ConstantTensor>,
): number | undefined {
  if (PRODUCTS.has(op)) {
    const weights = inputs.slice(0, 2).flatMap((name) => constants.get(name) ?? [])[0]
    const isRead = inputs.every((name) => constants.has(name) || widths.get(name) !== undefined)
    return isRead && weights !== undefined && isMatrix(weights, WEIGHTS) ? Math.max(1, ...weights.dims) : undefined
  }
  const given: number[] = []
  for (const name of inputs) {
    const width = widths.get(name)
    if (width === undefined) return undefined
    given.push(width)
  }
  for (const value of attributes.values()) {
    if (value.kind !== 'tensor') continue
    const width = widthOf(value.value)
    if (width === undefined) return undefined
    given.push(width)
  }
  if (JOINING.has(op)) return given.reduce((a, b) => a + b, 0)
  if (BROADCASTING.has(op)) return Math.max(...given)
  return ROWWISE.has(op) ? Math.max(CLASSES, ...given) : undefined
}

const widthOf = (constant: ConstantTensor): number | undefined =>
  isMatrix(constant, SMALL) ? Math.max(1, ...constant.dims) : undefined

const isMatrix = ({ dims }: ConstantTensor, most: number): boolean =>
  dims.length <= 2 && dims.reduce((a, b) => a * b, 1) <= most
