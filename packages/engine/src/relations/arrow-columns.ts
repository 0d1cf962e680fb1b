import { createReadStream } from 'node:fs'
import { zstdDecompressSync } from 'node:zlib'
import type { LoadedColumn } from '../duckdb/session.ts'

/** What is used of the package `apache-arrow`, an optional peer: its own types would have to be there to compile. */
interface ArrowModule {
  readonly RecordBatchReader: { from(source: unknown): Promise<ArrowReader> }
  readonly compressionRegistry: { set(kind: number, codec: { decode(data: Uint8Array): Uint8Array }): void }
}

interface ArrowReader
  extends AsyncIterable<{
    readonly numRows: number
    getChildAt(index: number): ArrowVector | null
  }> {
  open(): Promise<ArrowReader>
  cancel(): Promise<void>
  readonly schema: { readonly fields: readonly ArrowField[] }
}

/** A column as the schema of a file declares it. */
export interface ArrowField {
  readonly name: string
  readonly type: ArrowType
}

interface ArrowType {
  readonly typeId: number
  readonly bitWidth?: number
  readonly isSigned?: boolean
  readonly unit?: number
  /** Of floats: half (0), single, double. */
  readonly precision?: number
  readonly scale?: number
  readonly dictionary?: ArrowType
  readonly children?: readonly ArrowField[]
  toString(): string
}

/** The cells of one batch. */
export interface ArrowVector {
  readonly length: number
  readonly nullCount: number
  get(index: number): unknown
  readonly data: readonly {
    readonly values?: ArrayLike<number | bigint>
    readonly stride?: number
    getValid(index: number): boolean
  }[]
}

/** One file, opened. */
interface OpenArrow {
  readonly fields: readonly ArrowField[]
  readonly batches: AsyncIterable<{ readonly rows: number; column(index: number): ArrowVector }>
  close(): Promise<void>
}

/** The package, as far as it is used. */
export interface ArrowLibrary {
  open(path: string): Promise<OpenArrow>
}

const ZSTD = 1

/** Loads the package; undefined where it is not installed. */
export async function loadArrow(): Promise<ArrowLibrary | undefined> {
  // Not a literal: the compiler need not find an optional package.
  const name: string = 'apache-arrow'
  const arrow = await import(name).then((module: ArrowModule) => module).catch(() => undefined)
  if (arrow === undefined) return undefined
  arrow.compressionRegistry.set(ZSTD, { decode: (data) => zstdDecompressSync(data) })
  return {
    async open(path) {
      const stream = createReadStream(path)
      const reader = await arrow.RecordBatchReader.from(stream)
      await reader.open()
      return {
        fields: reader.schema.fields,
        batches: batchesOf(reader),
        async close() {
          await reader.cancel()
          stream.destroy()
        },
      }
    },
  }
}

async function* batchesOf(reader: ArrowReader) {
  for await (const batch of reader) {
    yield {
      rows: batch.numRows,
      column(index: number): ArrowVector {
        const vector = batch.getChildAt(index)
        if (vector === null) throw new Error(`it has no column ${index}`)
        return vector
      },
    }
  }
}

/** How a column is taken over. */
export interface ArrowColumn {
  readonly name: string
  readonly typeName: string
  readonly kind: LoadedColumn['type'] | 'micros' | 'unread'
  values(vector: ArrowVector): LoadedColumn['values']
}

/** `Type` of the format (Schema.fbs). */
const TYPE = {
  int: 2,
  float: 3,
  utf8: 5,
  bool: 6,
  decimal: 7,
  date: 8,
  timestamp: 10,
  list: 12,
  fixedList: 16,
  largeUtf8: 20,
  largeList: 21,
  utf8View: 24,
  dictionary: -1,
} as const

/** How the cells of a field are taken over: exactly, or not at all. */
export function arrowColumn({ name, type }: ArrowField): ArrowColumn {
  return { name, typeName: type.toString(), ...readingOf(type) }
}

function readingOf(type: ArrowType): Pick<ArrowColumn, 'kind' | 'values'> {
  switch (type.typeId) {
    case TYPE.int:
      // Unsigned 64-bit integers may be beyond those of the language: as texts they are misfits where they are.
      return type.bitWidth === 64 && type.isSigned === false
        ? { kind: 'text', values: each(String) }
        : { kind: 'bigint', values: stored((value) => BigInt(value)) }
    case TYPE.float:
      return type.precision === 0
        ? { kind: 'double', values: each(Number) }
        : { kind: 'double', values: stored(Number) }
    case TYPE.bool:
      return { kind: 'boolean', values: each((value) => value === true) }
    case TYPE.utf8:
    case TYPE.largeUtf8:
    case TYPE.utf8View:
      return { kind: 'text', values: each(String) }
    case TYPE.timestamp:
      return { kind: 'micros', values: stored((value) => micros(BigInt(value), type.unit ?? 1)) }
    case TYPE.date:
      // The unit of a date is days (0) or milliseconds (1); of what is stored as days, 32 bits are.
      return { kind: 'micros', values: stored((value) => BigInt(value) * (type.unit === 0 ? 86_400_000_000n : 1000n)) }
    case TYPE.decimal:
      return { kind: 'text', values: each((value) => decimalText(value, type.scale ?? 0)) }
    case TYPE.list:
    case TYPE.largeList:
    case TYPE.fixedList:
      return { kind: 'text', values: each(jsonOf) }
    case TYPE.dictionary:
      return type.dictionary === undefined || !simple(type.dictionary) ? UNREAD : { kind: 'text', values: each(String) }
    default:
      return UNREAD
  }
}

const UNREAD: Pick<ArrowColumn, 'kind' | 'values'> = { kind: 'unread', values: () => [] }
const simple = ({ typeId }: ArrowType): boolean =>
  typeId === TYPE.utf8 || typeId === TYPE.largeUtf8 || typeId === TYPE.int

/** Units of timestamps: seconds, milliseconds, microseconds, nanoseconds. A nanosecond is cut off towards the past, as the engine does. */
function micros(value: bigint, unit: number): bigint {
  if (unit < 3) return value * ([1_000_000n, 1000n, 1n][unit] ?? 1n)
  const cut = value / 1000n
  return value % 1000n < 0n ? cut - 1n : cut
}

/** Cells as they are stored, without the conversions of the package (which gives times as float milliseconds). */
function stored(read: (value: number | bigint) => number | bigint) {
  return (vector: ArrowVector): LoadedColumn['values'] => {
    const [data] = vector.data
    const values = data?.values
    if (data === undefined || values === undefined) return []
    return Array.from({ length: vector.length }, (_, i) => {
      const value = data.getValid(i) ? values[i] : undefined
      return value === undefined ? null : read(value)
    })
  }
}

function each(read: (value: unknown) => number | boolean | string) {
  return (vector: ArrowVector): LoadedColumn['values'] =>
    Array.from({ length: vector.length }, (_, i) => {
      const value = vector.get(i)
      return value === null || value === undefined ? null : read(value)
    })
}

/** An unscaled integer of 128 or 256 bits, least significant word of 32 bits first, as decimal text. */
function decimalText(value: unknown, scale: number): string {
  const words = value as Uint32Array
  let unscaled = 0n
  for (let i = words.length - 1; i >= 0; i--) unscaled = (unscaled << 32n) | BigInt(words[i] ?? 0)
  unscaled = BigInt.asIntN(words.length * 32, unscaled)
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
  const sign = unscaled < 0n ? '-' : ''
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

function jsonOf(value: unknown): string {
  const items = [...(value as Iterable<unknown>)].map((item) => {
    if (typeof item === 'bigint') return item.toString()
    return typeof item === 'number' && !Number.isFinite(item)
      ? JSON.stringify(String(item))
      : (JSON.stringify(item) ?? 'null')
  })
  return `[${items.join(',')}]`
}
