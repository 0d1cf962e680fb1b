import type { CellKind, GuardColumn } from '@plumbline/guard'
import type { UpstreamMetadata, UpstreamTensor } from './metadata.ts'

/** An input tensor of the other server, and the columns that fill it in their order. */
export interface InputTensor {
  readonly name: string
  readonly datatype: string
  readonly columns: readonly GuardColumn[]
  /** Shape [N] instead of [N, k]. */
  readonly flat: boolean
}

/** Where an output of the spec is in the other server's answer. */
export interface OutputPlace {
  readonly name: string
  readonly kind: CellKind
  readonly tensor: string
  /** Column of a tensor [N, k]; absent where the tensor has one value a row. */
  readonly index?: number
}

/** How a model of a spec is asked over the protocol. */
export interface UpstreamSignature {
  readonly inputs: readonly InputTensor[]
  readonly outputs: readonly OutputPlace[]
}

/** An output as the spec names it. */
export interface DeclaredOutput {
  readonly name: string
  readonly kind: CellKind
  readonly tensor?: string
  readonly index?: number
}

/** Datatypes that hold every cell of a kind (an int in FP32 may be rounded, as in a float input of a file). */
const HOLDS: Readonly<Record<CellKind, RegExp>> = {
  int: /^(?:INT(?:8|16|32|64)|UINT(?:8|16|32|64)|FP(?:16|32|64)|BF16)$/,
  double: /^(?:FP(?:16|32|64)|BF16)$/,
  bool: /^(?:BOOL|U?INT8|INT(?:32|64)|FP(?:32|64))$/,
  string: /^BYTES$/,
  timestamp: /^INT64$/,
}
const SENT_AS: Readonly<Record<CellKind, string>> = {
  int: 'INT64',
  double: 'FP64',
  bool: 'BOOL',
  string: 'BYTES',
  timestamp: 'INT64',
}

/**
 * Binds the columns and outputs of a spec to what the other server declares; in words where they do not fit. A server
 * that declares no inputs is sent one tensor for each column; one that declares no outputs is believed to have those.
 */
export function bindSignature(
  { inputs, outputs }: UpstreamMetadata,
  columns: readonly GuardColumn[],
  declared: readonly DeclaredOutput[],
): UpstreamSignature | string {
  const bound = bindInputs(inputs, columns)
  if (typeof bound === 'string') return `${bound} It takes ${listed(inputs)}; the spec gives ${names(columns)}.`
  const places = declared.map((output) => placeOf(output, outputs))
  const wrong = places.find((place) => typeof place === 'string')
  if (typeof wrong === 'string') return `${wrong} It gives ${listed(outputs)}.`
  return { inputs: bound, outputs: places as readonly OutputPlace[] }
}

/** The output's tensor, else one that is called like the output itself: another server may speak in the names of the spec. */
function placeOf(
  { name, kind, tensor = name, index }: DeclaredOutput,
  outputs: readonly UpstreamTensor[],
): OutputPlace | string {
  const own = outputs.find((each) => each.name === tensor)
  const found = own ?? outputs.find((each) => each.name === name)
  const at = own === undefined && found !== undefined ? undefined : index
  const place = { name, kind, tensor: found?.name ?? tensor, ...(at === undefined ? {} : { index: at }) }
  if (found === undefined) return outputs.length === 0 ? place : `It has no output "${tensor}" for "${name}".`
  if (!HOLDS_OUTPUT[kind].test(found.datatype))
    return `Its output "${found.name}" is ${found.datatype}, which "${name}" is not.`
  const width = found.shape.length === 2 ? (found.shape[1] ?? -1) : 1
  if (at === undefined && width > 1)
    return `Its output "${found.name}" has ${width} columns: say which one "${name}" is by \`index\`.`
  if (at !== undefined && width >= 0 && at >= width)
    return `The index ${at} of "${name}" is outside its output "${found.name}".`
  return place
}

const HOLDS_OUTPUT: Readonly<Record<CellKind, RegExp>> = {
  ...HOLDS,
  int: /^U?INT(?:8|16|32|64)$/,
  double: /^(?:FP(?:16|32|64)|BF16|U?INT(?:8|16|32|64))$/,
}

function bindInputs(
  inputs: readonly UpstreamTensor[],
  columns: readonly GuardColumn[],
): readonly InputTensor[] | string {
  const [only] = inputs
  if (only === undefined)
    return columns.map((column) => ({
      name: column.name,
      datatype: SENT_AS[column.kind],
      columns: [column],
      flat: false,
    }))
  const known = new Map(columns.map((column) => [column.name, column]))
  if (inputs.length === 1 && columns.some(({ name }) => name !== only.name)) return bindMatrix(only, columns)
  const unfed = inputs.find(({ name }) => !known.has(name))
  if (unfed !== undefined) return `No column feeds its input "${unfed.name}".`
  const unused = columns.find(({ name }) => inputs.every((input) => input.name !== name))
  if (unused !== undefined) return `It has no input for the column "${unused.name}".`
  const bound = inputs.map((input): InputTensor | string => {
    const column = known.get(input.name)
    const { name, datatype, shape } = input
    if (column === undefined || !HOLDS[column.kind].test(datatype))
      return `Its input "${name}" is ${datatype}, which the column is not.`
    if (shape.length > 2 || (shape.length === 2 && shape[1] !== -1 && shape[1] !== 1) || fixed(shape))
      return `Its input "${name}" has the shape [${shape.join(', ')}]; a column has [N] or [N, 1].`
    return { name, datatype, columns: [column], flat: shape.length === 1 }
  })
  return allOrWrong(bound)
}

function bindMatrix(
  { name, datatype, shape }: UpstreamTensor,
  columns: readonly GuardColumn[],
): readonly InputTensor[] | string {
  const width = shape[1] ?? -1
  if (shape.length !== 2 || (width !== -1 && width !== columns.length) || fixed(shape))
    return `Its only input "${name}" has the shape [${shape.join(', ')}] and not [N, ${columns.length}].`
  const odd = columns.find(({ kind }) => !HOLDS[kind].test(datatype))
  if (odd !== undefined) return `Its only input "${name}" is ${datatype}, which the column "${odd.name}" is not.`
  return [{ name, datatype, columns, flat: false }]
}

/** A server that takes one number of rows only could not be sent what comes. */
const fixed = (shape: readonly number[]): boolean => shape[0] !== -1

function allOrWrong<T>(all: readonly (T | string)[]): readonly T[] | string {
  const wrong = all.find((each) => typeof each === 'string')
  return typeof wrong === 'string' ? wrong : (all as readonly T[])
}

const names = (columns: readonly GuardColumn[]): string => columns.map(({ name }) => name).join(', ')

function listed(tensors: readonly UpstreamTensor[]): string {
  const each = tensors.map(({ name, datatype, shape }) => `${name}: ${datatype}[${shape.join(', ')}]`)
  return each.length === 0 ? 'what it does not declare' : each.join(', ')
}
