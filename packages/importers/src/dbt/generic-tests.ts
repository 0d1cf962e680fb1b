import { ref as refOf } from '../text/cel.ts'
import { field, type Fields, textsIn } from '../text/json.ts'
import type { DbtTest } from './read-project.ts'

/** A test as the expectation that asks the same, or as a clause of its own. */
export type Meaning =
  | {
      readonly kind: 'expectation'
      readonly type: string
      readonly kwargs: Fields
      readonly differences?: readonly string[]
    }
  | { readonly kind: 'must'; readonly id: string; readonly must: string; readonly allowEmpty?: true }
  /** A condition in SQL that each row meets, unless it is unknown. */
  | { readonly kind: 'condition'; readonly id: string; readonly sql: string }
  | { readonly kind: 'refused'; readonly because: string }

/** Names other tables as the spec does. */
export interface Tables {
  /** The dataset of `ref('orders')` or `source('raw', 'orders')`; undefined for what is neither. */
  dataset(reference: string): string | undefined
  /** Declares a column of another dataset, of the type of this test's column. */
  column(dataset: string, column: string, like: string): void
}

const expectation = (type: string, kwargs: Fields, differences: readonly string[] = []): Meaning => ({
  kind: 'expectation',
  type,
  kwargs,
  differences,
})

const NO_COLUMN: Meaning = { kind: 'refused', because: 'It stands under no column.' }

type Read = (test: DbtTest, tables: Tables) => Meaning

/** A test of a column as an expectation about it. */
const ofColumn =
  (type: string, kwargs: (given: Fields) => Fields = () => ({}), differences: readonly string[] = []): Read =>
  ({ column, arguments: given }) =>
    column === undefined ? NO_COLUMN : expectation(type, { column, ...kwargs(given) }, differences)

const relationships: Read = ({ column, arguments: given }, tables) => {
  const other = tables.dataset(String(field(given, 'to') ?? ''))
  const target = field(given, 'field')
  if (column === undefined) return NO_COLUMN
  if (other === undefined || typeof target !== 'string')
    return { kind: 'refused', because: 'It does not name a table with `to` and a column with `field`.' }
  tables.column(other, target, column)
  return {
    kind: 'must',
    id: 'refers',
    must: `orphans(${refOf(column)}, ${other}, ${refOf(target)}) == 0`,
    allowEmpty: true,
  }
}

const range: Read = ({ column, arguments: given }) => {
  if (column === undefined) return NO_COLUMN
  const strict = field(given, 'inclusive') === false
  const { min_value, max_value } = given
  return expectation('expect_column_values_to_be_between', {
    column,
    min_value,
    max_value,
    strict_min: strict,
    strict_max: strict,
  })
}

const expressionIsTrue: Read = ({ column, arguments: given }) => {
  const expression = field(given, 'expression')
  if (typeof expression !== 'string') return { kind: 'refused', because: 'It has no `expression`.' }
  return { kind: 'condition', id: 'holds', sql: column === undefined ? expression : `${column} ${expression}` }
}

const combination: Read = ({ arguments: given }) =>
  expectation('expect_compound_columns_to_be_unique', {
    column_list: textsIn(field(given, 'combination_of_columns')),
    ignore_row_if: 'never',
  })

const otherCount =
  (sign: string): Read =>
  ({ arguments: given }, tables) => {
    const other = tables.dataset(String(field(given, 'compare_model') ?? ''))
    return other === undefined
      ? { kind: 'refused', because: 'It names no other model.' }
      : { kind: 'must', id: 'rows-of-other', must: `count() ${sign} count_of(${other})`, allowEmpty: true }
  }

const about =
  (id: string, must: (column: string) => string): Read =>
  ({ column }) =>
    column === undefined ? NO_COLUMN : { kind: 'must', id, must: must(refOf(column)), allowEmpty: true }

/** Tests by name; `dbt_expectations.…` are expectations of that name. */
const TESTS: Readonly<Record<string, Read>> = {
  unique: ofColumn('expect_column_values_to_be_unique'),
  not_null: ofColumn('expect_column_values_to_not_be_null'),
  accepted_values: ofColumn('expect_column_values_to_be_in_set', (given) => ({ value_set: field(given, 'values') })),
  relationships,
  'dbt_utils.relationships_where': () => ({ kind: 'refused', because: 'It has conditions on both tables.' }),
  'dbt_utils.not_accepted_values': ofColumn('expect_column_values_to_not_be_in_set', (given) => ({
    value_set: field(given, 'values'),
  })),
  'dbt_utils.accepted_range': range,
  'dbt_utils.expression_is_true': expressionIsTrue,
  'dbt_utils.unique_combination_of_columns': combination,
  'dbt_utils.equal_rowcount': otherCount('=='),
  'dbt_utils.fewer_rows_than': otherCount('<'),
  'dbt_utils.not_constant': about('varies', (column) => `distinct(${column}) > 1`),
  'dbt_utils.at_least_one': about('given', (column) => `present(${column}) > 0`),
  'dbt_utils.not_empty_string': ofColumn('expect_column_value_lengths_to_be_between', () => ({ min_value: 1 }), [
    'Spaces around a text count; dbt_utils trims them.',
  ]),
  'dbt_utils.not_null_proportion': ({ column, arguments: given }) =>
    column === undefined
      ? NO_COLUMN
      : expectation('expect_column_proportion_of_non_null_values_to_be_between', {
          column,
          min_value: field(given, 'at_least') ?? 0,
          max_value: field(given, 'at_most') ?? 1,
        }),
  'constraint not_null': ofColumn('expect_column_values_to_not_be_null'),
  'constraint unique': ({ column, arguments: given }) =>
    column === undefined
      ? expectation('expect_compound_columns_to_be_unique', { column_list: textsIn(field(given, 'columns')) })
      : expectation('expect_column_values_to_be_unique', { column }),
  'constraint primary_key': ({ column, arguments: given }) => {
    const columns = column === undefined ? textsIn(field(given, 'columns')) : [column]
    if (columns.length === 0) return NO_COLUMN
    const names = columns.map(refOf)
    const complete = names.map((name) => `present(${name}) == count()`).join(' && ')
    return { kind: 'must', id: 'key', must: `duplicates(${names.join(', ')}) == 0 && ${complete}`, allowEmpty: true }
  },
  'constraint check': ({ arguments: given }) => {
    const sql = field(given, 'expression')
    return typeof sql === 'string'
      ? { kind: 'condition', id: 'check', sql }
      : { kind: 'refused', because: 'It has no `expression`.' }
  },
}

/** What a test asks. */
export function meaningOf(test: DbtTest, tables: Tables): Meaning {
  const groups = ['group_by', 'group_by_columns'].find((key) => field(test.arguments, key) != null)
  if (groups !== undefined) return { kind: 'refused', because: `It asks of groups of rows (\`${groups}\`).` }
  const read = Object.hasOwn(TESTS, test.name) ? TESTS[test.name] : undefined
  if (read !== undefined) return read(test, tables)
  const [, named] = /^dbt_expectations\.(expect_\w+)$/.exec(test.name) ?? []
  if (named !== undefined) {
    const flags = field(test.arguments, 'flags')
    if (typeof flags === 'string' && !/^[is]*$/.test(flags))
      return { kind: 'refused', because: `What \`flags: ${flags}\` means is a matter of the database.` }
    return expectation(named, kwargsOf(test, named))
  }
  return {
    kind: 'refused',
    because: `\`${test.name}\` is a test of your own, or of a package that is not known: its SQL is not read.`,
  }
}

/** The arguments of `dbt_expectations`, under the names of Great Expectations. */
function kwargsOf({ column, arguments: given }: DbtTest, named: string): Fields {
  const { quote_values: _, group_by: __, row_condition, is_regexp: ___, raw: ____, flags, ...others } = given
  // Both ends of an interval; of an order Great Expectations knows the word, too.
  const isStrict = field(given, 'strictly') === true && named.endsWith('_between')
  return {
    ...(column === undefined ? {} : { column }),
    ...others,
    ...(isStrict ? { strictly: undefined, strict_min: true, strict_max: true } : {}),
    ...(typeof flags === 'string' && flags !== '' ? flagged(given, flags) : {}),
    ...(row_condition === undefined ? {} : { row_condition, condition_parser: 'spark' }),
  }
}

/** Patterns that begin with their flags, as RE2 writes them. */
function flagged(given: Fields, flags: string): Fields {
  const pattern = field(given, 'regex')
  const patterns = field(given, 'regex_list')
  return {
    ...(typeof pattern === 'string' ? { regex: `(?${flags})${pattern}` } : {}),
    ...(Array.isArray(patterns) ? { regex_list: textsIn(patterns).map((each) => `(?${flags})${each}`) } : {}),
  }
}
