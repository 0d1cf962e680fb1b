import type { GuardCellKind, GuardColumn, GuardPlan } from '@plumbline/core'
import type { CellValue, Row } from '../falsify/domain.ts'

/** The datatype of the Open Inference Protocol V2 that a column has in requests, metadata and answers. */
export const DATATYPE: Readonly<Record<GuardCellKind, string>> = {
  int: 'INT64',
  double: 'FP64',
  bool: 'BOOL',
  string: 'BYTES',
  timestamp: 'INT64',
}

/** One tensor of a request, ready for JSON. */
export interface WireTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly datatype: string
  readonly data: readonly unknown[]
}

/** The body of an `infer` request. */
export interface WireRequest {
  readonly id?: string
  readonly inputs: readonly WireTensor[]
}

/** How rows are laid out: a tensor of shape [N] or [N, 1] for each column, or one [N, k], flat or nested. */
export type Layout = 'columns' | 'tall-columns' | 'matrix' | 'nested-matrix'

/** Rows as the body of an `infer` request. Fields that no column names become tensors, too. */
export function wireRequest(
  plan: GuardPlan,
  id: string,
  rows: readonly Row[],
  layout: Layout = 'columns',
): WireRequest {
  return {
    id,
    inputs:
      layout === 'columns' || layout === 'tall-columns' ? tensors(plan, rows, layout) : [matrix(plan, rows, layout)],
  }
}

/**
 * A body as text. A whole double beyond 2^53 is written with an exponent: as a plain integer it would be refused, since
 * whoever wrote it may have rounded it.
 */
export function wireText(request: WireRequest): string {
  let mark = 'number:'
  while (JSON.stringify(request).includes(mark)) mark += ':'
  const isLarge = (value: unknown): value is number =>
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
  const text = JSON.stringify(request, (_key, value: unknown) =>
    isLarge(value) ? `${mark}${value.toExponential()}` : value,
  )
  return text.replaceAll(new RegExp(`"${mark}([^"]*)"`, 'g'), '$1')
}

/** Whether the inputs can be sent as one tensor: all of them numbers, and no other column among them. */
export function fitsMatrix(plan: GuardPlan): boolean {
  return plan.inputs.every(({ kind }) => kind === 'int' || kind === 'double')
}

function tensors(plan: GuardPlan, rows: readonly Row[], layout: Layout): readonly WireTensor[] {
  const known = [...plan.keys, ...plan.inputs]
  const present = new Set(rows.flatMap((row) => [...row.keys()]))
  const unknown = [...present].filter((name) => !known.some((column) => column.name === name))
  const columns: readonly GuardColumn[] = [
    ...known.filter(({ name }) => present.has(name)),
    ...unknown.map((name): GuardColumn => ({ name, kind: 'double' })),
  ]
  return columns.map(({ name, kind }) => {
    const data = rows.map((row) => row.get(name) ?? null)
    const shape = layout === 'columns' ? [rows.length] : [rows.length, 1]
    return { name, shape, datatype: datatypeOf(kind, data), data }
  })
}

function matrix({ inputs }: GuardPlan, rows: readonly Row[], layout: Layout): WireTensor {
  const cells = rows.map((row) => inputs.map(({ name }) => row.get(name) ?? null))
  return {
    name: matrixName(inputs),
    shape: [rows.length, inputs.length],
    datatype: 'FP64',
    data: layout === 'matrix' ? cells.flat() : cells,
  }
}

/** A tensor's name that is no column's. */
function matrixName(inputs: readonly GuardColumn[]): string {
  let name = 'inputs'
  while (inputs.some((column) => column.name === name)) name += '_'
  return name
}

/** That of the column, unless a cell is of another kind on purpose: then the datatype that lets it through to the guard. */
function datatypeOf(kind: GuardCellKind, data: readonly CellValue[]): string {
  const odd = data.find((cell) => cell !== null && !carries(DATATYPE[kind], cell))
  if (odd === undefined) return DATATYPE[kind]
  return typeof odd === 'string' ? 'BYTES' : typeof odd === 'boolean' ? 'BOOL' : 'FP64'
}

function carries(datatype: string, cell: CellValue): boolean {
  if (datatype === 'BYTES') return typeof cell === 'string'
  if (datatype === 'BOOL') return typeof cell === 'boolean' || cell === 0 || cell === 1
  return typeof cell === 'number' && (datatype === 'FP64' || Number.isInteger(cell))
}
