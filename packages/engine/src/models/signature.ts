/** Element types of tensors that the engine can feed or read (ONNX names; `float` is float32, `double` float64). */
export type ElementType = 'float' | 'double' | 'int64' | 'int32' | 'bool' | 'string'

/** `unknown` stands for a dimension the file leaves open (usually the batch). */
export type Dimension = number | 'unknown'

/**
 * One input or output of a model. `type` is undefined where the value is no tensor of a supported element type
 * (a ZipMap's sequence of maps, float16 …); `typeName` then says what it is. `shape` is undefined when not declared.
 */
export interface TensorInfo {
  readonly name: string
  readonly type: ElementType | undefined
  readonly typeName: string
  readonly shape: readonly Dimension[] | undefined
  /** The class of each column, where the file says so. */
  readonly classes?: ClassLabels
}

/** Classes as text, in the order of the columns that hold their probabilities. */
export type ClassLabels = readonly string[]

/** What a model takes and gives, in the order of the file. */
export interface ModelSignature {
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
}

/** The `typeName` of what is no tensor at all. */
export const NO_TENSOR = 'a sequence or map'

/** `limit: float[?, 1]`: one tensor in words, for messages. */
export function describeTensor(info: TensorInfo): string {
  const shape = info.shape === undefined ? '[…]' : `[${info.shape.map((d) => (d === 'unknown' ? '?' : d)).join(', ')}]`
  return `${info.name}: ${info.typeName}${shape}`
}
