/** A bound; `open` leaves the bound itself out. */
export interface Bound {
  readonly value: number | string
  readonly open: boolean
}

/** A statement that other tools may know. Missing cells are in none of them but `present` and `unique`. */
export type Fact =
  | { readonly kind: 'type'; readonly column: string }
  | { readonly kind: 'present'; readonly column: string }
  | {
      readonly kind: 'range'
      readonly column: string
      readonly low?: Bound
      readonly high?: Bound
      /** Of instants: bounds are RFC 3339. */
      readonly time: boolean
    }
  | {
      readonly kind: 'values'
      readonly column: string
      readonly values: readonly (string | number | boolean)[]
      readonly none: boolean
    }
  | { readonly kind: 'pattern'; readonly column: string; readonly pattern: string; readonly none: boolean }
  | { readonly kind: 'length'; readonly column: string; readonly low?: number; readonly high?: number }
  | { readonly kind: 'pair'; readonly left: string; readonly sign: '==' | '>' | '>='; readonly right: string }
  /**
   * No two rows agree in all of the columns. Rows with a missing cell are left `aside`, or a missing cell is `equal` to
   * another one, or `none` may be missing.
   */
  | { readonly kind: 'unique'; readonly columns: readonly string[]; readonly gaps: 'aside' | 'equal' | 'none' }
  | { readonly kind: 'refers'; readonly column: string; readonly dataset: string; readonly foreign: string }
  /** A number of the rows between bounds. */
  | { readonly kind: 'number'; readonly measure: Measure; readonly low?: Bound; readonly high?: Bound }

/** A number that other tools measure alike. */
export interface Measure {
  readonly of:
    | 'rows'
    | 'mean'
    | 'median'
    | 'stddev'
    | 'sum'
    | 'min'
    | 'max'
    | 'distinct'
    | 'quantile'
    | 'missing-share'
    | 'column-count'
  readonly column?: string
  readonly quantile?: number
}

/** A clause in facts. */
export interface ClauseFacts {
  readonly id: string
  readonly says: string
  readonly severity: 'block' | 'warn' | 'info'
  readonly dataset: string
  readonly facts: readonly Fact[]
  /** The condition of an `every`, for tools that take one. */
  readonly condition?: string
  /** Least share of rows, in (0, 1]. */
  readonly mostly: number
  /** Columns whose missing cells fail the clause by itself. */
  readonly required: readonly string[]
  /** Columns whose missing cells pass, so that they count as rows: shares then differ from those of other tools. */
  readonly passing: boolean
}

/** What became of a clause. */
export interface ExportedClause {
  readonly clause: string
  /** `exported`: asked the same; `changed`: nearly, `notes` say what differs; `refused`: not there, `notes` say why. */
  readonly outcome: 'exported' | 'changed' | 'refused'
  readonly notes: readonly string[]
}

/** Checks of another tool as a text, and what became of every clause. */
export interface Exported {
  readonly text: string
  readonly clauses: readonly ExportedClause[]
}
