import type { ColumnType } from '@plumbline/core'
import { instant } from '../text/cel.ts'
import { namesIn } from '../text/condition.ts'
import { field, type Fields, isFields } from '../text/json.ts'
import type { Expectation } from './read-suite.ts'
import { conditionText } from './row-condition.ts'
import { typeNamed } from './type-names.ts'

/** What arguments show of a column, the surest first. */
type Evidence = 'declared' | 'values' | 'kind'

const TEXTS = /regex|like_pattern|value_lengths|strftime|dateutil|json/
const NUMBERS =
  /mean|median|stdev|sum_to|z_scores|quantile|multicolumn_sum|kl_divergence|increasing|decreasing|greater_than/

/**
 * The type of every column that a suite names: from expectations of types, else from the values it is compared with,
 * else from what is asked of it, else text, which every cell can be read as. Known types (of the data) come before all.
 */
export function columnTypes(
  expectations: readonly Expectation[],
  known: ReadonlyMap<string, ColumnType>,
): ReadonlyMap<string, ColumnType> {
  const found = new Map<string, Map<Evidence, Set<ColumnType>>>()
  const note = (column: string, evidence: Evidence | undefined, type: ColumnType | undefined): void => {
    const kinds = found.get(column) ?? new Map<Evidence, Set<ColumnType>>()
    found.set(column, kinds)
    if (evidence === undefined || type === undefined) return
    kinds.set(evidence, (kinds.get(evidence) ?? new Set<ColumnType>()).add(type))
  }
  for (const { type, kwargs } of expectations) noteExpectation(type, kwargs, note)
  const types = new Map<string, ColumnType>(known)
  for (const [column, kinds] of found) {
    const sure = (['declared', 'values', 'kind'] as const)
      .map((kind) => kinds.get(kind))
      .find((each) => each !== undefined)
    types.set(column, known.get(column) ?? single(sure ?? new Set()))
  }
  return types
}

type Note = (column: string, evidence: Evidence | undefined, type: ColumnType | undefined) => void

function noteExpectation(type: string, kwargs: Fields, note: Note): void {
  const columns = columnsNamed(kwargs)
  for (const column of columns) note(column, undefined, undefined)
  const query = /\bwhere\b([\s\S]*)/i.exec(String(field(kwargs, 'unexpected_rows_query') ?? ''))?.[1]
  const found = query === undefined ? conditionText(kwargs) : { text: query, notation: 'sql' as const }
  if ('notation' in found)
    // Only a column of booleans stands by itself.
    for (const { name, beside } of namesIn(found.text, found.notation))
      note(name, beside === undefined ? undefined : beside === true ? 'declared' : 'values', typeOfValue(beside, false))
  if (type === 'expect_column_to_exist' || type.startsWith('expect_table_')) return
  const names = [field(kwargs, 'type_'), ...listOf(field(kwargs, 'type_list'))].filter(
    (each) => typeof each === 'string',
  )
  const declared = new Set(names.flatMap((name) => typeNamed(name) ?? []))
  const [column] = columns
  if (column !== undefined && columns.length === 1) {
    if (names.length > 0) note(column, declared.size > 0 ? 'declared' : undefined, single(declared))
    const dates = field(kwargs, 'parse_strings_as_datetimes') === true
    const measured = /length|unique_value_count|proportion|z_scores|mean|stdev/.test(type)
    const values = [
      ...(measured ? [] : [field(kwargs, 'min_value'), field(kwargs, 'max_value')]),
      ...listOf(field(kwargs, 'value_set')),
    ]
    for (const value of values) note(column, 'values', typeOfValue(value, dates))
    const partition = field(kwargs, 'partition_object')
    if (isFields(partition)) {
      for (const value of listOf(field(partition, 'values'))) note(column, 'values', typeOfValue(value, false))
      if (field(partition, 'bins') !== undefined) note(column, 'kind', 'number')
    } else if (NUMBERS.test(type)) note(column, 'kind', 'number')
  }
  const pairs = listOf(field(kwargs, 'value_pairs_set')).filter((pair) => Array.isArray(pair))
  for (const [i, each] of columns.entries()) {
    for (const pair of pairs) note(each, 'values', typeOfValue(pair[i], false))
    if (TEXTS.test(type)) note(each, 'kind', 'text')
    if (NUMBERS.test(type) && columns.length > 1) note(each, 'kind', 'number')
  }
}

/** The columns an expectation names in its arguments, in their order. */
export function columnsNamed(kwargs: Fields): readonly string[] {
  const one = ['column', 'column_A', 'column_B'].map((name) => field(kwargs, name))
  const several = field(kwargs, 'column_list')
  return [...one, ...(Array.isArray(several) ? several : [])].filter((each) => typeof each === 'string')
}

function typeOfValue(value: unknown, dates: boolean): ColumnType | undefined {
  switch (typeof value) {
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'string':
      return dates && instant(value) !== undefined ? 'timestamp' : 'text'
    default:
      return undefined
  }
}

/** One type for all that was seen: whole numbers are numbers, and what contradicts itself is text. */
function single(types: ReadonlySet<ColumnType>): ColumnType {
  const [first, second] = types
  if (first !== undefined && second === undefined) return first
  return types.size > 0 && [...types].every((type) => type === 'integer' || type === 'number') ? 'number' : 'text'
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
