import type { ColumnType } from '@plumbline/core'
import { all, any, number, ref } from '../text/cel.ts'
import { field, type Fields } from '../text/json.ts'

/** What an expectation asks: the part of a clause that its kind decides. */
export interface Question {
  /** End of the id, after the columns: `between`. */
  readonly id: string
  readonly every?: string
  readonly must?: string
  readonly mostly?: number
  readonly missing?: 'pass' | 'exclude'
  readonly allowEmpty?: true
  /** Rows that are asked at all, beside `row_condition`. */
  readonly where?: string
}

/** What became of one expectation. */
export type Asked =
  | { readonly kind: 'asked'; readonly questions: readonly Question[]; readonly differences: readonly string[] }
  /** A contract of the column says it. */
  | {
      readonly kind: 'contract'
      readonly column: string
      readonly type: ColumnType
      readonly differences: readonly string[]
    }
  | { readonly kind: 'trivial'; readonly because: string }
  | { readonly kind: 'refused'; readonly because: string }

/** The arguments of one expectation, and what is known around it. */
export interface Asking {
  readonly kwargs: Fields
  /** 0 … 1. */
  readonly mostly: number
  typeOf(column: string): ColumnType
  /** The same, undefined for names that the suite and the data do not have. */
  columnType(column: string): ColumnType | undefined
  /** The dataset of another table, declared in the spec when it is asked for. */
  otherTable(name: string): string
}

/** From arguments to clauses; one function an expectation. */
export type Ask = (asking: Asking) => Asked

/** One clause or several, the same as there. */
export const asked = (...questions: readonly Question[]): Asked => ({ kind: 'asked', questions, differences: [] })

/** Clauses that are not quite the same. */
export const nearly = (differences: readonly string[], ...questions: readonly Question[]): Asked => ({
  kind: 'asked',
  questions,
  differences,
})

/** Not in the spec. */
export const refused = (because: string): Asked => ({ kind: 'refused', because })

/** Nothing to ask. */
export const trivial = (because: string): Asked => ({ kind: 'trivial', because })

/** The column, where there is one of that name. */
export function columnOf({ kwargs }: Asking, name = 'column'): string | undefined {
  const column = field(kwargs, name)
  return typeof column === 'string' ? column : undefined
}

/** Asks about the one column. */
export function ofColumn(ask: (column: string, type: ColumnType, asking: Asking) => Asked): Ask {
  return (asking) => {
    const column = columnOf(asking)
    return column === undefined ? refused('It names no column.') : ask(column, asking.typeOf(column), asking)
  }
}

/** A condition that every non-missing cell of a column meets, up to `mostly`; nothing at all meets it, too. */
export function cells(id: string, every: string, { mostly }: Asking): Question {
  return { id, every, mostly, missing: 'exclude', allowEmpty: true }
}

/** True for no cell that is there: of the rows that have one. */
export const noCell = (column: string): Pick<Question, 'every' | 'where'> => ({
  every: `${ref(column)} == null`,
  where: `${ref(column)} != null`,
})

/** `bad` of `total` cells at most what `mostly` allows, counted as Great Expectations counts it. */
export function atMost(bad: readonly string[], total: string, mostly: number): string {
  const none = all(bad.map((each) => `${each} == 0`))
  if (mostly === 1) return none
  return any([none, `double(${total} - ${bad.join(' - ')}) / double(${total}) >= ${number(mostly)}`])
}

/** A condition that some columns have cells, for `ignore_row_if`. */
export const given = (columns: readonly string[], how: 'all' | 'any'): string =>
  (how === 'all' ? all : any)(columns.map((column) => `${ref(column)} != null`))

/** Holds for no rows: there are never more values than rows. */
const never = (column: string): string => `distinct(${ref(column)}) > count()`

/** What Great Expectations finds broken by all data, whatever is in the column. */
export const hopeless = (id: string, column: string, because: string): Asked =>
  nearly([`${because} The clause is violated by all data, as the expectation is.`], {
    id,
    must: never(column),
    allowEmpty: true,
  })
