import { type ArrowField, type ArrowVector, arrowColumn } from '../../relations/arrow-columns.ts'
import type { Batch } from '../asked/batched-runner.ts'
import type { RawColumn } from '../asked/read-answer.ts'
import { type ColumnData, missingCells } from '../column-data.ts'
import { failure, type Outcome, success, textOf } from '../outcome.ts'

/** What is used of the package `apache-arrow`, an optional peer: its own types would have to be there to compile. */
interface ArrowModule {
  readonly Float64: new () => ArrowKind
  readonly Int64: new () => ArrowKind
  readonly Int32: new () => ArrowKind
  readonly Bool: new () => ArrowKind
  readonly Utf8: new () => ArrowKind
  readonly Table: new (columns: Readonly<Record<string, unknown>>) => unknown
  makeVector(data: unknown): unknown
  makeData(data: unknown): unknown
  vectorFromArray(cells: readonly unknown[], type: ArrowKind): unknown
  tableToIPC(table: unknown, kind: 'stream'): Uint8Array
  tableFromIPC(bytes: Uint8Array): {
    readonly numRows: number
    readonly schema: { readonly fields: readonly ArrowField[] }
    readonly batches: readonly { getChildAt(index: number): ArrowVector | null }[]
  }
}
type ArrowKind = object

/** Batches as Arrow IPC streams of one table each. */
export interface ArrowBatches {
  readonly encode: (batch: Batch) => Uint8Array
  /** The columns of an answer, by name. Errors: `engine/model-protocol`, `engine/model-outputs-mismatch`. */
  readonly decode: (bytes: Uint8Array, rows: number) => Outcome<ReadonlyMap<string, RawColumn>>
}

/** Loads the package; of an answer only the outputs `wanted` are read. Errors: `engine/runner-missing` where it is not installed. */
export async function loadArrowBatches(wanted: ReadonlySet<string>): Promise<Outcome<ArrowBatches>> {
  // Not a literal: the compiler need not find an optional package.
  const name: string = 'apache-arrow'
  const arrow = await import(name).then((module: ArrowModule) => module).catch(() => undefined)
  if (arrow === undefined)
    return failure(
      'engine/runner-missing',
      'The command of the model speaks Arrow, and the package for it is not installed. Run `npm install apache-arrow`, or leave `format` out.',
    )
  return success({
    encode: ({ rows, from, data }) => {
      const columns = [...data].map(([column, cells]) => [column, encoded(arrow, cells, from, from + rows)] as const)
      // Without a prototype: a column may be called `__proto__`.
      return arrow.tableToIPC(
        new arrow.Table(Object.assign(Object.create(null), Object.fromEntries(columns))),
        'stream',
      )
    },
    decode: (bytes, rows) => decoded(arrow, bytes, rows, wanted),
  })
}

/** Rows `from` to `to` (excluded) of a column; numbers as they lie in memory. */
function encoded(arrow: ArrowModule, column: ColumnData, from: number, to: number): unknown {
  const { values } = column
  const missing = missingCells(column)
  if (!(values instanceof Float64Array || values instanceof BigInt64Array || values instanceof Int32Array)) {
    const cells = Array.from({ length: to - from }, (_, i) => (missing(from + i) ? null : (values[from + i] ?? null)))
    const isBoolean = typeof cells.find((cell) => cell !== null) === 'boolean'
    return arrow.vectorFromArray(cells, isBoolean ? new arrow.Bool() : new arrow.Utf8())
  }
  const type =
    values instanceof Float64Array
      ? new arrow.Float64()
      : values instanceof BigInt64Array
        ? new arrow.Int64()
        : new arrow.Int32()
  const there = new Uint8Array((to - from + 7) >> 3)
  let nullCount = 0
  for (let i = 0; i < to - from; i++)
    if (missing(from + i)) nullCount++
    else there[i >> 3] = (there[i >> 3] ?? 0) | (1 << (i & 7))
  return arrow.makeVector(
    arrow.makeData({
      type,
      length: to - from,
      data: values.subarray(from, to),
      nullCount,
      ...(nullCount === 0 ? {} : { nullBitmap: there }),
    }),
  )
}

/** `Type` of the format (Schema.fbs): integers, floats, texts (three layouts), booleans, and codes of a dictionary. What else there is answers no model. */
const READ: ReadonlySet<number> = new Set([2, 3, 5, 6, 20, 24, -1])

function decoded(
  arrow: ArrowModule,
  bytes: Uint8Array,
  rows: number,
  wanted: ReadonlySet<string>,
): Outcome<ReadonlyMap<string, readonly unknown[]>> {
  try {
    const { schema, batches, numRows } = arrow.tableFromIPC(bytes)
    const columns = new Map<string, readonly unknown[]>()
    for (const [i, field] of schema.fields.entries()) {
      if (!wanted.has(field.name)) continue
      const column = arrowColumn(field)
      if (!READ.has(field.type.typeId) || column.kind === 'unread')
        return failure(
          'engine/model-outputs-mismatch',
          `The output "${field.name}" comes as ${column.typeName}, which is no number, integer, boolean or text.`,
          { output: field.name },
        )
      if (columns.has(field.name)) return broken(`it has two columns "${field.name}"`)
      const cells = batches.flatMap((batch) => {
        const vector = batch.getChildAt(i)
        return vector === null ? [] : Array.from<unknown>(column.values(vector))
      })
      columns.set(field.name, cells.map(plain))
    }
    return numRows === rows
      ? success(columns)
      : failure('engine/model-outputs-mismatch', `The answer has ${numRows} rows for ${rows}.`)
  } catch (thrown) {
    // The package throws on bytes that are no Arrow, or are cut off.
    return broken(textOf(thrown))
  }
}

function plain(cell: unknown): unknown {
  return typeof cell === 'bigint' && Number.isSafeInteger(Number(cell)) ? Number(cell) : cell
}

function broken(why: string): Outcome<never> {
  return failure(
    'engine/model-protocol',
    `The program did not keep to the protocol: what it sent is no Arrow IPC stream that can be read (${why.slice(0, 200)}).`,
  )
}
