import { readElements } from './binary-tensors.ts'

/** An input tensor of a request, its elements in row-major order. */
export interface Tensor {
  readonly name: string
  /** [N] or [N, k]. */
  readonly shape: readonly number[]
  readonly data: readonly unknown[]
}

/** What comes after the JSON of a request: the binary tensors, one after another. */
export interface BinaryTail {
  readonly bytes: Uint8Array
  /** Where the next tensor begins. */
  at: number
}

type Json = Readonly<Record<string, unknown>>

const isInteger = (value: unknown): boolean => Number.isInteger(value) || typeof value === 'bigint'
const isNumber = (value: unknown): boolean => typeof value === 'number'

/** What an element of a datatype may be in JSON; null is a missing cell everywhere. */
const ELEMENTS: ReadonlyMap<unknown, (value: unknown) => boolean> = new Map<unknown, (value: unknown) => boolean>([
  ['BOOL', (value) => typeof value === 'boolean' || value === 0 || value === 1],
  ...['UINT8', 'UINT16', 'UINT32', 'UINT64'].map(
    (type) => [type, (v: unknown) => isInteger(v) && Number(v) >= 0] as const,
  ),
  ...['INT8', 'INT16', 'INT32', 'INT64'].map((type) => [type, isInteger] as const),
  ...['FP16', 'FP32', 'FP64', 'BF16'].map((type) => [type, isNumber] as const),
  ['BYTES', (value) => typeof value === 'string'],
])

/** A name as messages show it. */
export const quoted = (name: string): string => JSON.stringify(name.slice(0, 64))

/** Whether a value is an object of fields. */
export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reads one tensor of `inputs`, or says what is wrong with it. */
export function readTensor(input: unknown, tail: BinaryTail | undefined): Tensor | string {
  if (!isObject(input) || typeof input['name'] !== 'string') return 'Each input must be an object with a `name`.'
  const { name, shape, datatype, data } = input as { name: string; shape: unknown; datatype: unknown; data: unknown }
  const fits = ELEMENTS.get(datatype)
  if (fits === undefined) return `The datatype of ${quoted(name)} is not one of the protocol.`
  if (!isShape(shape)) return `The shape of ${quoted(name)} must be [N] or [N, k].`
  const rows = shape[0] ?? 0
  const width = shape[1] ?? 1
  const { parameters } = input
  if (isObject(parameters) && 'shared_memory_region' in parameters) return 'Shared memory is not read.'
  const size = isObject(parameters) ? parameters['binary_data_size'] : undefined
  if (size !== undefined) {
    const elements = data === undefined ? takeBinary(tail, size, String(datatype), rows * width) : 'has `data`, too'
    return typeof elements === 'string'
      ? `The binary data of ${quoted(name)} ${elements}.`
      : checked(name, shape, elements, datatype, fits)
  }
  if (!Array.isArray(data)) return `The tensor ${quoted(name)} has no \`data\`.`
  const flat = flattened(data, rows, width)
  return flat === undefined
    ? `The data of ${quoted(name)} does not have the shape [${shape.join(', ')}].`
    : checked(name, shape, flat, datatype, fits)
}

function isShape(shape: unknown): shape is readonly number[] {
  if (!Array.isArray(shape) || shape.length < 1 || shape.length > 2) return false
  return shape.every((each) => Number.isSafeInteger(each) && Number(each) >= 0)
}

/** Row-major elements of flat or nested data; undefined where it does not have the shape. */
function flattened(data: readonly unknown[], rows: number, width: number): readonly unknown[] | undefined {
  if (!Array.isArray(data[0])) return data.length === rows * width && !data.some(Array.isArray) ? data : undefined
  if (data.length !== rows) return undefined
  const flat: unknown[] = []
  for (const row of data) {
    if (!Array.isArray(row) || row.length !== width) return undefined
    for (const each of row) flat.push(each)
  }
  return flat
}

function checked(
  name: string,
  shape: readonly number[],
  data: readonly unknown[],
  datatype: unknown,
  fits: (value: unknown) => boolean,
): Tensor | string {
  for (let i = 0; i < data.length; i++)
    if (data[i] !== null && !fits(data[i])) return `Element ${i} of ${quoted(name)} is no ${String(datatype)}.`
  return { name, shape, data }
}

/** The next binary tensor of the tail. */
function takeBinary(
  tail: BinaryTail | undefined,
  size: unknown,
  datatype: string,
  count: number,
): readonly unknown[] | string {
  if (tail === undefined) return 'is announced, but the header `Inference-Header-Content-Length` is not there'
  if (!Number.isSafeInteger(size) || Number(size) < 0) return 'has a `binary_data_size` that is no size'
  const from = tail.at
  tail.at += Number(size)
  if (tail.at > tail.bytes.byteLength) return 'goes beyond the end of the body'
  return readElements(datatype, tail.bytes.subarray(from, tail.at), count)
}
