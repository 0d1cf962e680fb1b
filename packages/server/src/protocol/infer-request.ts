import type { GuardPlan } from '@plumbline/guard'
import { outputColumns } from './output-columns.ts'
import { type Fields, setField } from './set-field.ts'
import { type BinaryTail, isObject, quoted, readTensor, type Tensor } from './tensors.ts'

/** An output that is asked for. */
export interface AskedOutput {
  readonly name: string
  /** As binary data after the JSON. */
  readonly binary: boolean
}

/** A request of the Open Inference Protocol V2, as rows for the guard. */
export interface InferRequest {
  readonly id?: string
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** In the order of the answer. */
  readonly outputs: readonly AskedOutput[]
}

/** The request, or what is wrong with it, in words for its sender. */
export type InferReading =
  | { readonly ok: true; readonly value: InferRequest }
  | { readonly ok: false; readonly problem: string }

const LONGEST_ID = 256
const problem = (text: string): { readonly ok: false; readonly problem: string } => ({ ok: false, problem: text })

/**
 * Reads the body of `infer`: one tensor of shape [N] or [N, 1] for each field, or a single one of shape [N, k] with the
 * inputs in their order. `data` may be flat or nested, or binary in the bytes that came after the JSON (`tail`). Fields the
 * plan does not know stay in the rows: the guard names them.
 */
export function readInfer(body: unknown, plan: GuardPlan, mostRows: number, tail?: Uint8Array): InferReading {
  if (!isObject(body)) return problem('The body must be a JSON object.')
  const { id, inputs, outputs, parameters } = body
  if (id !== undefined && (typeof id !== 'string' || id.length > LONGEST_ID || !id.isWellFormed()))
    return problem(`\`id\` must be a text of at most ${LONGEST_ID} characters.`)
  if (!Array.isArray(inputs) || inputs.length === 0) return problem('`inputs` must be a list of tensors.')
  const tensors = readTensors(inputs, tail)
  if (typeof tensors === 'string') return problem(tensors)
  const rows = tensors[0]?.shape[0] ?? 0
  if (tensors.some(({ shape }) => shape[0] !== rows)) return problem('The tensors have different numbers of rows.')
  if (rows > mostRows) return problem(`A request may have at most ${mostRows} rows.`)
  const built = toRows(tensors, rows, plan)
  if (typeof built === 'string') return problem(built)
  const asked = askedOutputs(outputs, plan, isObject(parameters) && parameters['binary_data_output'] === true)
  if (typeof asked === 'string') return problem(asked)
  return { ok: true, value: { rows: built, outputs: asked, ...(id === undefined ? {} : { id }) } }
}

function readTensors(inputs: readonly unknown[], bytes: Uint8Array | undefined): readonly Tensor[] | string {
  const tail: BinaryTail | undefined = bytes === undefined ? undefined : { bytes, at: 0 }
  const tensors: Tensor[] = []
  const names = new Set<string>()
  for (const input of inputs) {
    const read = readTensor(input, tail)
    if (typeof read === 'string') return read
    if (names.has(read.name)) return `The tensor ${quoted(read.name)} is given twice.`
    names.add(read.name)
    tensors.push(read)
  }
  const left = tail === undefined ? 0 : tail.bytes.byteLength - tail.at
  return left === 0 ? tensors : `The body has ${left} bytes that belong to no tensor.`
}

function toRows(tensors: readonly Tensor[], rows: number, plan: GuardPlan): readonly Fields[] | string {
  const [only] = tensors
  const width = plan.inputs.length
  const matrix =
    tensors.length === 1 && only?.shape.length === 2 && !plan.inputs.some(({ name }) => name === only.name)
      ? only
      : undefined
  if (matrix !== undefined) {
    if (matrix.shape[1] !== width)
      return `A single tensor must have the ${width} inputs in their order: the shape [N, ${width}].`
    return Array.from({ length: rows }, (_, row) => {
      const fields: Fields = {}
      for (let k = 0; k < width; k++) setField(fields, plan.inputs[k]?.name ?? '', matrix.data[row * width + k])
      return fields
    })
  }
  const wide = tensors.find(({ shape }) => (shape[1] ?? 1) !== 1)
  if (wide !== undefined) return `The tensor ${quoted(wide.name)} must have the shape [N] or [N, 1].`
  return Array.from({ length: rows }, (_, row) => {
    const fields: Fields = {}
    for (const { name, data } of tensors) setField(fields, name, data[row])
    return fields
  })
}

function askedOutputs(outputs: unknown, plan: GuardPlan, allBinary: boolean): readonly AskedOutput[] | string {
  const known = outputColumns(plan).map(({ name }) => name)
  if (outputs === undefined) return known.map((name) => ({ name, binary: allBinary }))
  if (!Array.isArray(outputs)) return '`outputs` must be a list.'
  const asked = new Map<string, AskedOutput>()
  for (const each of outputs) {
    const { name, parameters } = isObject(each) ? each : {}
    if (typeof name !== 'string' || !known.includes(name))
      return `There is no output ${quoted(String(name))}; there are ${known.join(', ')}.`
    const wishes = isObject(parameters) ? parameters : {}
    const odd = ['classification', 'shared_memory_region'].find((key) => key in wishes)
    if (odd !== undefined) return `\`${odd}\` is not offered.`
    const { binary_data: binary } = wishes
    asked.set(name, { name, binary: typeof binary === 'boolean' ? binary : allBinary })
  }
  return known.flatMap((name) => asked.get(name) ?? [])
}
