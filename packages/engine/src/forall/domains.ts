import type { Binder, Program, ProgramColumn, ProgramDataset, RecordValue, Value } from '@plumbline/core'
import type { CellValue, ColumnDomain, Row, Variable } from '../falsify/domain.ts'

/** Actual rows of a relation, for a binder that ranges over or starts from them. */
export type RowsOf = (relation: string) => readonly Row[]

/** The variables a search ranges over. `columns` limits records to what the statement and its models read. */
export function variablesOf(
  program: Program,
  binders: readonly Binder[],
  columns: ReadonlySet<string>,
  interesting: ReadonlyMap<string, readonly number[]>,
  rowsOf: RowsOf,
): readonly Variable[] {
  return binders.flatMap(({ name, domain }): Variable | readonly Variable[] => {
    const dataset = program.datasets.find(
      (d) => d.name === ('dataset' in domain ? domain.dataset : domain.relation.split('.')[0]),
    )
    const domainOf = (column: ProgramColumn): ColumnDomain => columnDomain(column, interesting.get(column.name))
    switch (domain.kind) {
      case 'declared':
        return {
          kind: 'record',
          name,
          columns: (dataset?.columns ?? []).filter((c) => columns.has(c.name)).map(domainOf),
          rows: rowsOf(domain.dataset),
        }
      case 'near': {
        const moved = (dataset?.columns ?? []).filter((c) => columns.has(c.name))
        const shifts = moved.flatMap((column) => shiftDomain(column, domain.radius))
        const row: Variable = { kind: 'row', name, rows: rowsOf(domain.relation) }
        return shifts.length === 0 ? row : [row, { kind: 'record', name: shiftName(name), columns: shifts }]
      }
      case 'rows':
        return { kind: 'row', name, rows: rowsOf(domain.relation) }
      case 'column': {
        const column = dataset?.columns.find((c) => c.name === domain.column)
        if (column === undefined) throw new Error(`The column ${domain.column} was not lowered.`)
        return { kind: 'value', name, domain: domainOf(column) }
      }
    }
  })
}

/** The variable that holds by how much the numbers of a `near` record are moved. */
export const shiftName = (binder: string): string => `${binder} moved by`

/** By how much a number may be moved; nothing for other columns and for those without a range. */
function shiftDomain(column: ProgramColumn, radius: number): readonly ColumnDomain[] {
  const type = column.columnType
  if ((type !== 'integer' && type !== 'number') || column.low === undefined || column.high === undefined) return []
  const reach = (Number(column.high) - Number(column.low)) * radius
  return [{ name: column.name, type, low: -reach, high: reach }]
}

/** A record with its numbers moved, kept inside their declared ranges. */
export function movedRecord(dataset: ProgramDataset | undefined, record: RecordValue, shift: RecordValue): RecordValue {
  const moved = new Map(record)
  for (const [name, by] of shift) {
    const column = dataset?.columns.find((c) => c.name === name)
    const cell = record.get(name)
    if (column?.low === undefined || column.high === undefined || cell === null || cell === undefined) continue
    if (typeof cell === 'number' && typeof by === 'number')
      moved.set(name, clamp(cell + by, Number(column.low), Number(column.high)))
    if (typeof cell === 'bigint' && typeof by === 'bigint')
      moved.set(name, clamp(cell + by, BigInt(column.low), BigInt(column.high)))
  }
  return moved
}

const clamp = <T extends number | bigint>(value: T, low: T, high: T): T =>
  value < low ? low : value > high ? high : value

const DRAWN = {
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
  category: 'category',
  text: 'text',
  timestamp: 'integer',
} as const

/** The declared domain of a column, as a search draws from it. */
export function columnDomain(column: ProgramColumn, interesting: readonly number[] | undefined): ColumnDomain {
  // `check` keeps lists and images out of domains.
  const type = { ...DRAWN, list: 'text' as const, image: 'text' as const }[column.columnType]
  return {
    name: column.name,
    type,
    ...(column.low === undefined ? {} : { low: Number(column.low) }),
    ...(column.high === undefined ? {} : { high: Number(column.high) }),
    ...(column.values === undefined ? {} : { values: column.values.map((v): CellValue => v.code) }),
    ...(column.optional ? { optional: true } : {}),
    ...(interesting === undefined ? {} : { interesting }),
  }
}

/** Whether every cell of a record lies in the declared domain of its column; a missing cell does where the column is optional. */
export function insideDomain(dataset: ProgramDataset | undefined, record: RecordValue): boolean {
  return (dataset?.columns ?? []).every((column) => {
    const cell = record.get(column.name)
    if (cell === undefined || column.columnType === 'list') return true
    return cell === null ? column.optional : insideColumn(column, cell)
  })
}

function insideColumn(column: ProgramColumn, cell: Value): boolean {
  if (column.values !== undefined)
    return column.values.some(({ code }) => (typeof code === 'number' ? Number(cell) === code : cell === code))
  if (typeof cell !== 'number' && typeof cell !== 'bigint') return true
  const aboveLow =
    column.low === undefined || cell >= (column.type.kind === 'int' ? BigInt(column.low) : Number(column.low))
  const belowHigh =
    column.high === undefined || cell <= (column.type.kind === 'int' ? BigInt(column.high) : Number(column.high))
  return aboveLow && belowHigh
}
