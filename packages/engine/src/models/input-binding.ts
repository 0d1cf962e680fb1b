import { type Outcome, failure, success } from './outcome.ts'
import { type ElementType, type ModelSignature, type TensorInfo, describeTensor } from './signature.ts'

/** A model input fed by one column; `flat` inputs have shape [N], others [N, 1]. */
export interface ColumnInput {
  readonly tensor: string
  readonly column: string
  readonly type: ElementType
  readonly flat: boolean
}

/**
 * How spec columns feed a model: one input tensor per column (the names are equal), or one [N, k] tensor that holds the
 * columns in their declared order. `batch` is set when the file fixes the number of rows per call.
 */
export type InputBinding =
  | { readonly kind: 'per-column'; readonly inputs: readonly ColumnInput[]; readonly batch: number | undefined }
  | {
      readonly kind: 'matrix'
      readonly tensor: string
      readonly type: ElementType
      readonly columns: readonly string[]
      readonly batch: number | undefined
      /** The dimensions of a row, where the tensor is no matrix: those of an image. */
      readonly dims?: readonly number[]
    }

/**
 * Decides how `columns` (names, in the order of the spec) feed the inputs of a model.
 * Errors: `engine/model-inputs-mismatch` with both sides listed; it is never guessed.
 */
export function bindInputs(
  signature: ModelSignature,
  columns: readonly string[],
  trailing?: readonly number[],
): Outcome<InputBinding> {
  const inputs = signature.inputs
  const names = new Set(inputs.map((input) => input.name))
  const shared = columns.filter((column) => names.has(column))
  if (inputs.length === 1 && inputs[0] !== undefined && shared.length < columns.length) {
    return bindMatrix(signature, inputs[0], columns, trailing)
  }
  const wanted = new Set(columns)
  const unfed = inputs.filter((input) => !wanted.has(input.name))
  const unused = columns.filter((column) => !names.has(column))
  if (wanted.size !== columns.length) return mismatch(signature, columns, 'a column is named twice')
  if (unfed.length > 0 || unused.length > 0) {
    const parts = [
      unfed.length > 0 ? `no column feeds the input ${list(unfed.map((i) => i.name))}` : '',
      unused.length > 0 ? `the model has no input for the column ${list(unused)}` : '',
    ]
    return mismatch(signature, columns, parts.filter((part) => part !== '').join('; '))
  }
  return bindColumns(signature, columns)
}

function bindColumns(signature: ModelSignature, columns: readonly string[]): Outcome<InputBinding> {
  const bound: ColumnInput[] = []
  let batch: number | undefined
  for (const input of signature.inputs) {
    if (input.type === undefined) {
      return mismatch(signature, columns, untyped(input))
    }
    const shape = input.shape
    const rank = shape?.length
    if (shape === undefined || rank === 0 || rank === undefined || rank > 2) {
      return mismatch(signature, columns, `the input "${input.name}" is neither [N] nor [N, 1]`)
    }
    if (rank === 2 && shape[1] !== 1 && shape[1] !== 'unknown') {
      return mismatch(
        signature,
        columns,
        `the input "${input.name}" takes ${shape[1]} values a row, one column gives 1`,
      )
    }
    const first = shape[0]
    if (typeof first === 'number') {
      if (first < 1 || (batch !== undefined && batch !== first)) {
        return mismatch(signature, columns, `the input "${input.name}" fixes its rows to ${first}`)
      }
      batch = first
    }
    bound.push({ tensor: input.name, column: input.name, type: input.type, flat: rank === 1 })
  }
  return success({ kind: 'per-column', inputs: bound, batch })
}

function bindMatrix(
  signature: ModelSignature,
  input: TensorInfo,
  columns: readonly string[],
  trailing: readonly number[] | undefined,
): Outcome<InputBinding> {
  if (input.type === undefined) {
    return mismatch(signature, columns, untyped(input))
  }
  const shape = input.shape
  if (trailing !== undefined && shape?.length !== 2) return bindImage(signature, input, columns, trailing)
  if (shape !== undefined && shape.length !== 2) {
    return mismatch(signature, columns, `the only input "${input.name}" is not a matrix [N, ${columns.length}]`)
  }
  const width = shape?.[1]
  if (typeof width === 'number' && width !== columns.length) {
    return mismatch(
      signature,
      columns,
      `the input "${input.name}" takes ${width} columns, the spec lists ${columns.length}`,
    )
  }
  const first = shape?.[0]
  if (typeof first === 'number' && first < 1) {
    return mismatch(signature, columns, `the input "${input.name}" fixes its rows to ${first}`)
  }
  const batch = typeof first === 'number' ? first : undefined
  return success({ kind: 'matrix', tensor: input.name, type: input.type, columns: [...columns], batch })
}

/** What is wrong with an input whose elements are none that cells are written as. */
const untyped = ({ name, typeName }: TensorInfo): string =>
  `the input "${name}" has the type ${typeName}, which no column is written as` +
  (HALVES.has(typeName) ? ': let the model begin with a float input and a Cast to it' : '')

/** Floats of half the bits, which models are made smaller by. */
const HALVES = new Set(['float16', 'bfloat16'])

/** One image a row: the tensor has its dimensions, in the order that `pixels` says. */
function bindImage(
  signature: ModelSignature,
  { name, type, shape }: TensorInfo,
  columns: readonly string[],
  dims: readonly number[],
): Outcome<InputBinding> {
  const [first, ...rest] = shape ?? []
  const fits =
    shape === undefined ||
    (rest.length === dims.length && rest.every((size, i) => size === 'unknown' || size === dims[i]))
  if (type === undefined || !fits || (typeof first === 'number' && first < 1))
    return failure(
      'engine/model-inputs-mismatch',
      `The model takes ${signature.inputs.map(describeTensor).join(', ')}, and \`pixels\` makes [N, ${dims.join(', ')}] of an image. Correct its width, height, channels or layout.`,
      { modelInputs: signature.inputs.map(describeTensor) },
    )
  const batch = typeof first === 'number' ? first : undefined
  return success({ kind: 'matrix', tensor: name, type, columns: [...columns], batch, dims })
}

function mismatch(signature: ModelSignature, columns: readonly string[], why: string): Outcome<InputBinding> {
  const inputs = signature.inputs.map(describeTensor)
  return failure(
    'engine/model-inputs-mismatch',
    `The model's inputs do not match the columns: ${why}. The model takes ${inputs.join(', ') || 'nothing'}; ` +
      `the spec gives ${columns.join(', ') || 'nothing'}. A model takes one input tensor per column (the names must be ` +
      'equal) or one tensor [N, k] in the order of the columns.',
    { modelInputs: inputs, columns: [...columns] },
  )
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ')
}
