import type { GuardPlan } from '@plumbline/guard'
import { outputColumns } from './output-columns.ts'

/** A request of the Open Inference Protocol V2, as rows for the guard. */
export interface InferRequest {
  readonly id?: string
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** Names of the outputs asked for; absent = all. */
  readonly outputs?: readonly string[]
}

/** The request, or what is wrong with it, in words for its sender. */
export type InferReading =
  | { readonly ok: true; readonly value: InferRequest }
  | { readonly ok: false; readonly problem: string }

type Json = Readonly<Record<string, unknown>>
type Flat = { readonly name: string; readonly shape: readonly number[]; readonly data: readonly unknown[] }

const problem = (text: string): { readonly ok: false; readonly problem: string } => ({ ok: false, problem: text })
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const isInteger = (value: unknown): boolean => Number.isInteger(value)
const isNumber = (value: unknown): boolean => typeof value === 'number'

/** What an element of a datatype may be; null is a missing cell everywhere. */
const ELEMENTS: ReadonlyMap<unknown, (value: unknown) => boolean> = new Map<unknown, (value: unknown) => boolean>([
  ['BOOL', (value) => typeof value === 'boolean' || value === 0 || value === 1],
  ...['UINT8', 'UINT16', 'UINT32', 'UINT64'].map(
    (type) => [type, (v: unknown) => isInteger(v) && Number(v) >= 0] as const,
  ),
  ...['INT8', 'INT16', 'INT32', 'INT64'].map((type) => [type, isInteger] as const),
  ...['FP16', 'FP32', 'FP64', 'BF16'].map((type) => [type, isNumber] as const),
  ['BYTES', (value) => typeof value === 'string'],
])
const LONGEST_ID = 256

/**
 * Reads the body of `infer`: one tensor of shape [N] or [N, 1] for each field, or a single one of shape [N, k] with the
 * inputs in their order. `data` may be flat or nested. Fields the plan does not know stay in the rows: the guard names them.
 */
export function readInfer(body: unknown, plan: GuardPlan, mostRows: number): InferReading {
  if (!isObject(body)) return problem('The body must be a JSON object.')
  const { id, inputs, outputs } = body
  if (id !== undefined && (typeof id !== 'string' || id.length > LONGEST_ID || !id.isWellFormed()))
    return problem(`\`id\` must be a text of at most ${LONGEST_ID} characters.`)
  if (!Array.isArray(inputs) || inputs.length === 0) return problem('`inputs` must be a list of tensors.')
  const tensors: Flat[] = []
  for (const input of inputs) {
    const read = readTensor(input)
    if (typeof read === 'string') return problem(read)
    if (tensors.some(({ name }) => name === read.name))
      return problem(`The tensor ${quoted(read.name)} is given twice.`)
    tensors.push(read)
  }
  const rows = tensors[0]?.shape[0] ?? 0
  if (tensors.some(({ shape }) => shape[0] !== rows)) return problem('The tensors have different numbers of rows.')
  if (rows > mostRows) return problem(`A request may have at most ${mostRows} rows.`)
  const built = toRows(tensors, rows, plan)
  if (typeof built === 'string') return problem(built)
  const asked = askedOutputs(outputs, plan)
  if (typeof asked === 'string') return problem(asked)
  return {
    ok: true,
    value: { rows: built, ...(id === undefined ? {} : { id }), ...(asked === undefined ? {} : { outputs: asked }) },
  }
}

const quoted = (name: string): string => JSON.stringify(name.slice(0, 64))

function readTensor(input: unknown): Flat | string {
  if (!isObject(input) || typeof input['name'] !== 'string') return 'Each input must be an object with a `name`.'
  const { name, shape, datatype, data } = input as { name: string; shape: unknown; datatype: unknown; data: unknown }
  const fits = ELEMENTS.get(datatype)
  if (fits === undefined) return `The datatype of ${quoted(name)} is not one of the protocol.`
  const dims: readonly unknown[] = Array.isArray(shape) ? shape : []
  if (dims.length < 1 || dims.length > 2 || !dims.every((d) => Number.isSafeInteger(d) && Number(d) >= 0))
    return `The shape of ${quoted(name)} must be [N] or [N, k].`
  if (!Array.isArray(data)) return `The tensor ${quoted(name)} has no \`data\`.`
  const flat: readonly unknown[] = data.flat()
  const [rows = 0, width = 1] = dims as number[]
  const nested = data.some((each) => Array.isArray(each))
  if (flat.length !== rows * width || (nested && !data.every((each) => Array.isArray(each) && each.length === width)))
    return `The data of ${quoted(name)} does not have the shape [${dims.join(', ')}].`
  const odd = flat.findIndex((each) => each !== null && !fits(each))
  return odd < 0
    ? { name, shape: dims as number[], data: flat }
    : `Element ${odd} of ${quoted(name)} is no ${String(datatype)}.`
}

function toRows(tensors: readonly Flat[], rows: number, plan: GuardPlan): Readonly<Record<string, unknown>>[] | string {
  const names = plan.inputs.map(({ name }) => name)
  const [only] = tensors
  const matrix = tensors.length === 1 && only?.shape.length === 2 && !names.includes(only.name) ? only : undefined
  if (matrix !== undefined && matrix.shape[1] !== names.length)
    return `A single tensor must have the ${names.length} inputs in their order: the shape [N, ${names.length}].`
  const wide = matrix === undefined ? tensors.find(({ shape }) => (shape[1] ?? 1) !== 1) : undefined
  if (wide !== undefined) return `The tensor ${quoted(wide.name)} must have the shape [N] or [N, 1].`
  return Array.from({ length: rows }, (_, i) => {
    const entries =
      matrix === undefined
        ? tensors.map(({ name, data }) => [name, data[i]] as const)
        : names.map((name, k) => [name, matrix.data[i * names.length + k]] as const)
    // fromEntries defines `__proto__` as a field like any other.
    return Object.fromEntries(entries)
  })
}

function askedOutputs(outputs: unknown, plan: GuardPlan): readonly string[] | undefined | string {
  if (outputs === undefined) return undefined
  if (!Array.isArray(outputs)) return '`outputs` must be a list.'
  const known = outputColumns(plan).map(({ name }) => name)
  const names = outputs.map((each: unknown) => (isObject(each) ? each['name'] : undefined))
  const odd = names.find((name) => !known.includes(name as string))
  return names.every((name) => known.includes(name as string))
    ? (names as string[])
    : `There is no output ${quoted(String(odd))}; there are ${known.join(', ')}.`
}
