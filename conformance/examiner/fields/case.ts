/** What is tried: a row, or the rows of a table. */
export type Cell = number | string | boolean | null
export type Row = Readonly<Record<string, Cell>>
export type Table = readonly Row[]

/** A clause as YAML after `says:`, its bounds written `{0}`, `{1}`; what it asks of a table with such bounds; and the bounds. */
export interface Clause {
  readonly yaml: string
  meets(table: Table, bounds: readonly number[]): boolean
  readonly bounds: readonly number[]
}

/** A spec that somebody of a field wrote; what is to be found of it follows from what is tried alone. */
export interface Spec {
  readonly name: string
  /** Of the one relation, `log`, as YAML. */
  readonly columns: string
  readonly slices?: string
  /** Cells that are tried of each column, all of them within its contract. */
  readonly values: Readonly<Record<string, readonly Cell[]>>
  /** Rows of a table, at most; 1: its clauses speak of each row alone. */
  readonly most: number
  readonly clauses: readonly Clause[]
  /** What is not found, and why. */
  readonly missed?: string
}

export const number = (row: Row, name: string): number => Number(row[name])
export const cells = (table: Table, name: string): readonly number[] =>
  table.flatMap((row) => (row[name] === null || row[name] === undefined ? [] : [Number(row[name])]))
export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
/** NaN of nothing: no comparison is met. */
export const mean = (values: readonly number[]): number => sum(values) / values.length
export const min = (values: readonly number[]): number => (values.length === 0 ? Number.NaN : Math.min(...values))
export const max = (values: readonly number[]): number => (values.length === 0 ? Number.NaN : Math.max(...values))
export const share = (table: Table, holds: (row: Row) => boolean): number => table.filter(holds).length / table.length

/** A clause on each row; a comparison with a missing cell is false. */
export const every = (
  condition: string,
  bounds: readonly number[],
  holds: (row: Row, bounds: readonly number[]) => boolean,
  more = '',
): Clause => ({
  yaml: `${more}every: '${condition}'`,
  bounds,
  meets: (table, at) => table.every((row) => holds(row, at)),
})

/** A clause on numbers of all rows. */
export const must = (
  condition: string,
  bounds: readonly number[],
  holds: (table: Table, bounds: readonly number[]) => boolean,
  more = '',
): Clause => ({ yaml: `${more}must: '${condition}'`, bounds, meets: holds })
