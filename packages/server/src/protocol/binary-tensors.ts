import type { Cell, CellKind } from '@plumbline/guard'
import { bfloatToNumber, halfToNumber } from './half.ts'

/** Elements of a binary tensor, or what is wrong with its bytes. */
export type Elements = readonly unknown[] | string

type ReadAt = (view: DataView, offset: number) => unknown

/** Datatypes of a fixed size in bytes, little-endian (binary tensor data extension). */
const FIXED: ReadonlyMap<string, { readonly size: number; readonly read: ReadAt }> = new Map<
  string,
  { readonly size: number; readonly read: ReadAt }
>([
  ['BOOL', { size: 1, read: (view, at) => view.getUint8(at) }],
  ['UINT8', { size: 1, read: (view, at) => view.getUint8(at) }],
  ['UINT16', { size: 2, read: (view, at) => view.getUint16(at, true) }],
  ['UINT32', { size: 4, read: (view, at) => view.getUint32(at, true) }],
  ['UINT64', { size: 8, read: (view, at) => narrowed(view.getBigUint64(at, true)) }],
  ['INT8', { size: 1, read: (view, at) => view.getInt8(at) }],
  ['INT16', { size: 2, read: (view, at) => view.getInt16(at, true) }],
  ['INT32', { size: 4, read: (view, at) => view.getInt32(at, true) }],
  ['INT64', { size: 8, read: (view, at) => narrowed(view.getBigInt64(at, true)) }],
  ['FP16', { size: 2, read: (view, at) => halfToNumber(view.getUint16(at, true)) }],
  ['BF16', { size: 2, read: (view, at) => bfloatToNumber(view.getUint16(at, true)) }],
  ['FP32', { size: 4, read: (view, at) => view.getFloat32(at, true) }],
  ['FP64', { size: 8, read: (view, at) => view.getFloat64(at, true) }],
])

/** What is beyond the safe integers stays a bigint: the guard refuses it, and rounds nothing. */
function narrowed(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** Reads `count` elements; the bytes must hold exactly these. NaN is a missing cell, as everywhere. */
export function readElements(datatype: string, bytes: Uint8Array, count: number): Elements {
  if (datatype === 'BYTES') return readTexts(bytes, count)
  const fixed = FIXED.get(datatype)
  if (fixed === undefined) return 'cannot be sent as binary data'
  if (bytes.byteLength !== fixed.size * count) return `has ${bytes.byteLength} bytes and not ${fixed.size * count}`
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const elements: unknown[] = []
  for (let i = 0; i < count; i++) elements.push(fixed.read(view, i * fixed.size))
  return elements
}

/** BYTES: each element is its length in four bytes, then that many bytes of UTF-8. */
function readTexts(bytes: Uint8Array, count: number): Elements {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const elements: string[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    if (at + 4 > bytes.byteLength) return `ends before element ${i}`
    const end = at + 4 + view.getUint32(at, true)
    if (end > bytes.byteLength) return `ends within element ${i}`
    try {
      elements.push(decoder.decode(bytes.subarray(at + 4, end)))
    } catch {
      return `is not UTF-8 in element ${i}`
    }
    at = end
  }
  return at === bytes.byteLength ? elements : `has ${bytes.byteLength - at} bytes after its last element`
}

/** Cells as a binary tensor; undefined where one is missing that its datatype cannot say (only FP64 has a NaN). */
export function writeElements(kind: CellKind, cells: readonly Cell[]): Uint8Array | undefined {
  if (kind === 'double') return bytesOf(Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell))))
  if (cells.includes(null)) return undefined
  if (kind === 'bool') return Uint8Array.from(cells, (cell) => (cell === true ? 1 : 0))
  if (kind === 'string') return Buffer.concat(cells.map((cell) => textBytes(String(cell))))
  return bytesOf(BigInt64Array.from(cells, (cell) => BigInt(cell ?? 0)))
}

function textBytes(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8')
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** The bytes of typed elements, little-endian on every machine. */
function bytesOf(elements: Float64Array | BigInt64Array): Uint8Array {
  const bytes = Buffer.from(elements.buffer, elements.byteOffset, elements.byteLength)
  return LITTLE_ENDIAN ? bytes : bytes.swap64()
}

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1
