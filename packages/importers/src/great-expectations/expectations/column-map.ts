import type { ColumnType } from '@plumbline/core'
import { all, any, not, oneOf, type Plain, ref, text } from '../../text/cel.ts'
import { field, textsIn } from '../../text/json.ts'
import { like } from '../../text/like.ts'
import { dateutilDate } from '../../text/dateutil.ts'
import { strftime } from '../../text/strftime.ts'
import {
  type Ask,
  type Asked,
  type Asking,
  asked,
  cells,
  nearly,
  noCell,
  ofColumn,
  refused,
  trivial,
} from '../asked.ts'
import { both, boundsOf, cellBounds } from '../bounds.ts'

/** The cell as text; undefined for types whose texts differ between Python and here. */
function texts(column: string, type: ColumnType): string | undefined {
  if (type === 'text') return ref(column)
  if (type === 'boolean') return `(${ref(column)} ? "True" : "False")`
  return type === 'integer' ? `string(${ref(column)})` : undefined
}

/** Asks a question about the text of a cell. */
function ofTexts(ask: (cell: string, column: string, asking: Asking) => Asked): Ask {
  return ofColumn((column, type, asking) => {
    const cell = texts(column, type)
    return cell === undefined
      ? refused(`The column "${column}" is a ${type}, whose text in Python is not its text here.`)
      : ask(cell, column, asking)
  })
}

const between: Ask = ofColumn((column, type, asking) => {
  const bounds = cellBounds(ref(column), asking.kwargs, type)
  if ('problem' in bounds) return refused(bounds.problem)
  if (bounds.conditions.length === 0) return refused('It has neither `min_value` nor `max_value`.')
  return asked(cells('between', both(bounds.conditions), asking))
})

function setOf({ kwargs }: Asking): readonly Exclude<Plain, null>[] | undefined {
  const set = field(kwargs, 'value_set')
  if (!Array.isArray(set)) return undefined
  return set.filter((value) => ['string', 'number', 'boolean'].includes(typeof value))
}

const inSet: Ask = ofColumn((column, type, asking) => {
  const set = setOf(asking)
  if (set === undefined) return trivial('It has no `value_set`, and then holds for all data.')
  const within = oneOf(column, set, type)
  return within === undefined
    ? asked({ id: 'in-set', ...noCell(column), mostly: asking.mostly, allowEmpty: true })
    : asked(cells('in-set', within, asking))
})

const notInSet: Ask = ofColumn((column, type, asking) => {
  const set = setOf(asking)
  if (set === undefined) return refused('It has no `value_set`.')
  const within = oneOf(column, set, type)
  if (within === undefined) return trivial('No cell of the column can equal a value of the set.')
  return asked(cells('not-in-set', not(within), asking))
})

const isNull: Ask = ofColumn((column, _type, { mostly }) =>
  asked({ id: 'missing', every: `${ref(column)} == null`, mostly, allowEmpty: true }),
)

const isGiven: Ask = ofColumn((column, _type, { mostly }) =>
  asked({ id: 'given', every: `${ref(column)} != null`, mostly, allowEmpty: true }),
)

/** What a pattern means in Python and not in RE2, where it is the same pattern. */
function patternDifferences(patterns: readonly string[]): readonly string[] {
  const all = patterns.join('\n')
  return [
    ...(/\\[dwsbDWSB]/.test(all)
      ? ['`\\d`, `\\w`, `\\s` and `\\b` know ASCII only; in Python they know letters and digits of all scripts.']
      : []),
    ...(/\$(?:$|\)|\||\n)/m.test(all.replaceAll(/\\./g, ''))
      ? ['`$` is the end of the text; in Python also before a line break that ends it.']
      : []),
  ]
}

/** `\Z` of Python is `\z` of RE2. */
const matches = (cell: string, pattern: string): string => `${cell}.matches(${text(pattern.replaceAll(/\\Z/g, '\\z'))})`

function regex(id: string, negated: boolean): Ask {
  return ofTexts((cell, _column, asking) => {
    const pattern = field(asking.kwargs, 'regex')
    if (typeof pattern !== 'string') return refused('It has no `regex`.')
    const found = matches(cell, pattern)
    return nearly(patternDifferences([pattern]), cells(id, negated ? not(found) : found, asking))
  })
}

/** Several patterns: any or all of them, or none. */
function listedPatterns(
  asking: Asking,
  patterns: readonly string[],
  one: (pattern: string) => string,
  negated: boolean,
): string | undefined {
  const found = patterns.map(one)
  if (found.length === 0) return undefined
  if (negated) return all(found.map(not))
  return field(asking.kwargs, 'match_on') === 'all' ? all(found) : any(found)
}

function regexList(id: string, negated: boolean): Ask {
  return ofTexts((cell, _column, asking) => {
    const patterns = textsIn(field(asking.kwargs, 'regex_list'))
    const every = listedPatterns(asking, patterns, (pattern) => matches(cell, pattern), negated)
    if (every === undefined) return refused('It has no `regex_list`.')
    return nearly(patternDifferences(patterns), cells(id, every, asking))
  })
}

function likeDifferences(patterns: readonly string[]): readonly string[] {
  return [
    'Capital and small letters differ, as in PostgreSQL; SQLite, MySQL and SQL Server take them for the same.',
    ...(patterns.some((pattern) => /[[\]]/.test(pattern))
      ? ['`[` and `]` stand for themselves, as in standard SQL; SQL Server reads them as sets.']
      : []),
  ]
}

function likePatterns(id: string, key: string, negated: boolean): Ask {
  return ofColumn((column, type, asking) => {
    if (type !== 'text') return refused(`The column "${column}" is no text.`)
    const patterns = textsIn(field(asking.kwargs, key))
    const every = listedPatterns(asking, patterns, (pattern) => like(column, pattern), negated)
    if (every === undefined) return refused(`It has no \`${key}\`.`)
    return nearly(likeDifferences(patterns), cells(id, every, asking))
  })
}

const lengthsBetween: Ask = ofTexts((cell, _column, asking) => {
  const bounds = boundsOf(`size(${cell})`, asking.kwargs, 'integer')
  if ('problem' in bounds) return refused(bounds.problem)
  if (bounds.conditions.length === 0) return refused('It has neither `min_value` nor `max_value`.')
  return asked(cells('length', both(bounds.conditions), asking))
})

const lengthsEqual: Ask = ofTexts((cell, _column, asking) => {
  const value = field(asking.kwargs, 'value')
  if (typeof value !== 'number') return refused('`value` is no number.')
  return asked(cells('length', `size(${cell}) == ${value}`, asking))
})

const ofFormat: Ask = ofColumn((column, type, asking) => {
  if (type !== 'text') return refused(`The column "${column}" is a ${type}: Great Expectations formats texts only.`)
  const format = field(asking.kwargs, 'strftime_format')
  if (typeof format !== 'string') return refused('It has no `strftime_format`.')
  const read = strftime(column, format)
  return 'problem' in read ? refused(read.problem) : asked(cells('format', read.cel, asking))
})

const dateutil: Ask = ofColumn((column, type, asking) => {
  if (type !== 'text') return refused(`The column "${column}" is a ${type}: Great Expectations parses texts only.`)
  return nearly(
    [
      'The usual spellings of dates and times are taken; dateutil guesses more ("10h", "the 10th"), and of "31" alone by the month of the run.',
    ],
    cells('date', dateutilDate(column), asking),
  )
})

const jsonParseable: Ask = ofColumn((column, type, asking) => {
  // It parses texts: a number, though it would be JSON when written, is an exception there, hence unexpected.
  if (type !== 'text') return asked({ id: 'json', ...noCell(column), mostly: asking.mostly, allowEmpty: true })
  return nearly(
    ['JSON is what RFC 8259 says; Python also reads `NaN` and `Infinity` as numbers.'],
    cells('json', `${ref(column)}.isJson()`, asking),
  )
})

/** Expectations about each cell of a column by itself. */
export const columnMap: Readonly<Record<string, Ask>> = {
  expect_column_values_to_be_between: between,
  expect_column_values_to_be_in_set: inSet,
  expect_column_values_to_not_be_in_set: notInSet,
  expect_column_values_to_be_null: isNull,
  expect_column_values_to_not_be_null: isGiven,
  expect_column_values_to_match_regex: regex('matches', false),
  expect_column_values_to_not_match_regex: regex('matches-not', true),
  expect_column_values_to_match_regex_list: regexList('matches', false),
  expect_column_values_to_not_match_regex_list: regexList('matches-not', true),
  expect_column_values_to_match_like_pattern: likePatterns('like', 'like_pattern', false),
  expect_column_values_to_not_match_like_pattern: likePatterns('not-like', 'like_pattern', true),
  expect_column_values_to_match_like_pattern_list: likePatterns('like', 'like_pattern_list', false),
  expect_column_values_to_not_match_like_pattern_list: likePatterns('not-like', 'like_pattern_list', true),
  expect_column_value_lengths_to_be_between: lengthsBetween,
  expect_column_value_lengths_to_equal: lengthsEqual,
  expect_column_values_to_match_strftime_format: ofFormat,
  expect_column_values_to_be_dateutil_parseable: dateutil,
  expect_column_values_to_be_json_parseable: jsonParseable,
}
