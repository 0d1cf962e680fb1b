import type { ColumnType } from '@plumbline/core'
import { all, any, literal, number, ref } from '../../text/cel.ts'
import { field } from '../../text/json.ts'
import { type Ask, type Asking, asked, atMost, columnOf, given, type Question, refused } from '../asked.ts'
import { columnsNamed } from '../column-types.ts'

/** The rows that are asked, by `ignore_row_if`; `undefined` = all. */
function rowsAsked(columns: readonly string[], { kwargs }: Asking, standard: 'all' | 'any'): string | undefined {
  switch (field(kwargs, 'ignore_row_if')) {
    case 'both_values_are_missing':
    case 'all_values_are_missing':
      return given(columns, 'any')
    case 'either_value_is_missing':
    case 'any_value_is_missing':
      return given(columns, 'all')
    case 'neither':
    case 'never':
      return undefined
    default:
      return given(columns, standard === 'all' ? 'any' : 'all')
  }
}

/** A clause over the rows that are asked. */
function over(columns: readonly string[], asking: Asking, question: Question): Question {
  const where = rowsAsked(columns, asking, 'all')
  return where === undefined ? question : { ...question, where }
}

function ofPair(ask: (a: string, b: string, asking: Asking) => string | undefined, id: string): Ask {
  return (asking) => {
    const [a, b] = [columnOf(asking, 'column_A'), columnOf(asking, 'column_B')]
    if (a === undefined || b === undefined) return refused('It does not name two columns.')
    const every = ask(a, b, asking)
    if (every === undefined) return refused('It has no pairs of values.')
    return asked(over([a, b], asking, { id, every, mostly: asking.mostly, allowEmpty: true }))
  }
}

/** Equal cells; a whole number beside texts is compared by its digits. */
const equalPair = ofPair((a, b, asking) => {
  const [one, other] = [asking.typeOf(a), asking.typeOf(b)]
  const sides = comparable(a, b, asking)
  if (sides !== undefined) return sides.join(' == ')
  const side = (column: string, type: string, beside: string): string =>
    type === 'integer' && beside === 'text' ? `string(${ref(column)})` : ref(column)
  return `${side(a, one, other)} == ${side(b, other, one)}`
}, 'equal')

const greaterPair = ofPair(
  (a, b, { kwargs }) => `${ref(a)} ${field(kwargs, 'or_equal') === true ? '>=' : '>'} ${ref(b)}`,
  'greater',
)

const pairInSet = ofPair((a, b, asking) => {
  const pairs = field(asking.kwargs, 'value_pairs_set')
  if (!Array.isArray(pairs)) return undefined
  const found = pairs.flatMap((pair) => {
    const [first, second] = Array.isArray(pair) ? pair : []
    const sides = [
      [a, first],
      [b, second],
    ] as const
    const parts = sides.map(([column, value]) => {
      if (value === null || value === undefined) return `${ref(column)} == null`
      const written = literal(value as string | number | boolean, asking.typeOf(column))
      return written === undefined ? undefined : `${ref(column)} == ${written}`
    })
    return parts.includes(undefined) ? [] : [all(parts as string[])]
  })
  return found.length === 0 ? all([`${ref(a)} == null`, `${ref(a)} != null`]) : any(found)
}, 'pair-in-set')

function ofList(ask: (columns: readonly string[], asking: Asking) => Question | string): Ask {
  return (asking) => {
    const columns = columnsNamed(asking.kwargs)
    if (columns.length < 2) return refused('It does not name several columns.')
    const question = ask(columns, asking)
    return typeof question === 'string' ? refused(question) : asked(over(columns, asking, question))
  }
}

const compoundUnique = ofList((columns, { mostly }) => {
  const repeated = `duplicates(${columns.map(ref).join(', ')})`
  return { id: 'unique', must: atMost([repeated], 'count()', mostly), allowEmpty: true }
})

const NUMBERS: readonly ColumnType[] = ['integer', 'number', 'boolean']

/** A cell as a number where it is a truth: Python takes true for 1. */
const whole = (column: string, type: ColumnType): string =>
  type === 'boolean' ? `(${ref(column)} ? 1 : 0)` : ref(column)

/** Two cells as what can be compared; undefined where cells of such columns are never equal. */
function comparable(a: string, b: string, { typeOf }: Asking): readonly [string, string] | undefined {
  const [one, other] = [typeOf(a), typeOf(b)]
  if (one === other) return [ref(a), ref(b)]
  return NUMBERS.includes(one) && NUMBERS.includes(other) ? [whole(a, one), whole(b, other)] : undefined
}

const sumEqual = ofList((columns, { kwargs, mostly, typeOf }) => {
  const total = field(kwargs, 'sum_total')
  if (typeof total !== 'number') return '`sum_total` is no number.'
  const types = new Set(columns.map(typeOf))
  if ([...types].some((type) => !NUMBERS.includes(type))) return 'Not all columns are numbers.'
  const mixed = types.has('number') && types.size > 1
  const addend = (column: string): string => {
    const type = typeOf(column)
    return mixed && type !== 'number' ? `double(${whole(column, type)})` : whole(column, type)
  }
  // A row that lacks a cell has no sum, and fails.
  return { id: 'sum', every: `${columns.map(addend).join(' + ')} == ${number(total)}`, mostly, allowEmpty: true }
})

const uniqueWithin = ofList((columns, asking) => {
  const pairs = columns.flatMap((a, i) => columns.slice(i + 1).map((b) => [a, b] as const))
  const differ = pairs.map(([a, b]) => {
    const [x, y] = [ref(a), ref(b)]
    // A missing cell is like another missing cell, and like nothing else.
    const oneMissing = `(${x} == null) != (${y} == null)`
    const sides = comparable(a, b, asking)
    return sides !== undefined
      ? any([oneMissing, all([`${x} != null`, `${y} != null`, sides.join(' != ')])])
      : any([oneMissing, `${x} != null`])
  })
  return { id: 'differ', every: all(differ), mostly: asking.mostly, allowEmpty: true }
})

const allEqual = ofList((columns, asking) => {
  const [first = '', ...others] = columns
  const same = others.map((other) => {
    const missing = all([first, other].map((column) => `${ref(column)} == null`))
    // A text equals no number.
    const sides = comparable(first, other, asking)
    return sides === undefined ? missing : any([sides.join(' == '), missing])
  })
  return { id: 'equal', every: all(same), mostly: asking.mostly, allowEmpty: true }
})

/** Expectations about several cells of a row, and about rows by several columns. */
export const severalColumns: Readonly<Record<string, Ask>> = {
  expect_column_pair_values_to_be_equal: equalPair,
  expect_column_pair_values_a_to_be_greater_than_b: greaterPair,
  expect_column_pair_values_A_to_be_greater_than_B: greaterPair,
  expect_column_pair_values_to_be_in_set: pairInSet,
  expect_compound_columns_to_be_unique: compoundUnique,
  expect_multicolumn_sum_to_equal: sumEqual,
  expect_select_column_values_to_be_unique_within_record: uniqueWithin,
  expect_multicolumn_values_to_be_equal: allEqual,
}
