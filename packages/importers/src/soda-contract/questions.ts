import type { ColumnType } from '@plumbline/core'
import type { ColumnDraft } from '../draft/draft.ts'
import { all, any, not, number, oneOf, ref, text } from '../text/cel.ts'
import { namesIn, readCondition } from '../text/condition.ts'
import { field, type Fields, isFields, textsIn } from '../text/json.ts'
import { type Contract, nameOf } from './contract.ts'

/** A check as it stands in the contract. */
export interface Check {
  readonly kind: string
  readonly body: Fields
  readonly where: string
  readonly column: string | undefined
  readonly contract: Contract
  readonly listed: readonly Fields[]
}

/** What a check asks: a number with bounds, a condition, or nothing that is known here. */
export type Question =
  | { readonly term: string; readonly standard?: string; readonly difference?: string }
  | { readonly every: string }
  | { readonly must: string }
  | { readonly refused: string }

/** What says which cells are missing, valid or not. */
export const SETTING = /^(?:missing|valid|invalid)_/

/** What a check asks. */
export function questionOf({ kind, body, column, contract, listed }: Check): Question {
  const percent = field((field(body, 'threshold') as Fields | undefined) ?? {}, 'metric') === 'percent'
  const narrowed = Object.keys(body).find((key) => SETTING.test(key))
  if (narrowed !== undefined && (kind === 'aggregate' || kind === 'duplicate'))
    return { refused: `\`${narrowed}\` leaves cells out of it, which is not read.` }
  switch (kind) {
    case 'row_count':
      return percent ? { refused: 'A number of rows has no percentage.' } : { term: 'count()', standard: '> 0' }
    case 'schema':
      return schemaOf(body, listed)
    case 'missing':
      return column === undefined ? NO_COLUMN : missingOf(column, body, contract, percent)
    case 'invalid':
      return column === undefined ? NO_COLUMN : invalidOf(column, body, contract, percent)
    case 'duplicate':
      return duplicateOf(column, body)
    case 'aggregate':
      return column === undefined ? NO_COLUMN : aggregateOf(column, body)
    case 'failed_rows':
      return failedRows(body, contract)
    case 'freshness':
      return {
        refused: 'How old rows are is measured against the time of the run, with which no verdict could be repeated.',
      }
    case 'metric':
      return { refused: 'It is an expression or query of its own: write the number as a clause.' }
    default:
      return { refused: `\`${kind}\` is not known here.` }
  }
}

const NO_COLUMN: Question = { refused: 'It stands under no column.' }

function missingOf(column: string, body: Fields, { columns }: Contract, percent: boolean): Question {
  if (field(body, 'missing_format') !== undefined) return { refused: '`missing_format` is not read.' }
  const cell = ref(column)
  const among = oneOf(column, plains(field(body, 'missing_values')), columns.get(column) ?? 'text')
  if (among === undefined)
    return { term: percent ? `100.0 * null_share(${cell})` : `count() - present(${cell})`, standard: '== 0' }
  return { term: counted(any([`${cell} == null`, among]), percent), standard: '== 0' }
}

const counted = (condition: string, percent: boolean): string =>
  percent ? `100.0 * share(${condition})` : `sum(${condition} ? 1 : 0)`

function invalidOf(column: string, body: Fields, { columns, others }: Contract, percent: boolean): Question {
  const reference = field(body, 'valid_reference_data')
  if (isFields(reference)) {
    const foreign = String(field(reference, 'column'))
    const other = nameOf(String(field(reference, 'dataset')))
    if (isFields(field(body, 'threshold')))
      return { refused: 'References that a number of rows may break are not asked yet.' }
    const before = others.get(other) ?? {
      name: other,
      source: `data/${other}.csv`,
      columns: new Map<string, ColumnDraft>(),
    }
    const type = columns.get(column) ?? 'text'
    others.set(other, { ...before, columns: new Map([...before.columns, [foreign, { type }]]) })
    return { must: `orphans(${ref(column)}, ${other}, ${ref(foreign)}) == 0` }
  }
  const invalid = invalidity(column, body, columns.get(column) ?? 'text')
  if ('refused' in invalid) return invalid
  if (field(body, 'missing_format') !== undefined) return { refused: '`missing_format` is not read.' }
  // What stands for missing is neither valid nor invalid.
  const among = oneOf(column, plains(field(body, 'missing_values')), columns.get(column) ?? 'text')
  const present = [`${ref(column)} != null`, ...(among === undefined ? [] : [not(among)])]
  return {
    term: counted(all([...present, invalid.cel]), percent),
    standard: '== 0',
    ...(percent ? { difference: 'The percentage is one of all rows.' } : {}),
  }
}

/** What makes a cell invalid. */
function invalidity(
  column: string,
  body: Fields,
  type: ColumnType,
): { readonly cel: string } | { readonly refused: string } {
  const cell = ref(column)
  const parts: string[] = []
  const good = (condition: string): unknown => parts.push(not(condition))
  for (const [key, value] of Object.entries(body)) {
    if (!/^(in)?valid_/.test(key)) continue
    const limit = Number(value)
    const pattern = isFields(value) ? field(value, 'regex') : undefined
    if (key === 'valid_values') good(oneOf(column, plains(value), type) ?? `${cell} == null`)
    else if (key === 'invalid_values') parts.push(oneOf(column, plains(value), type) ?? `${cell} == null`)
    else if (key === 'valid_format' && typeof pattern === 'string') good(`${cell}.matches(${text(pattern)})`)
    else if (key === 'invalid_format' && typeof pattern === 'string') parts.push(`${cell}.matches(${text(pattern)})`)
    else if (!Number.isFinite(limit)) return { refused: `\`${key}\` is not read.` }
    else if (key === 'valid_min') good(`${cell} >= ${number(limit)}`)
    else if (key === 'valid_max') good(`${cell} <= ${number(limit)}`)
    else if (key === 'valid_length') good(`size(${cell}) == ${number(limit)}`)
    else if (key === 'valid_min_length') good(`size(${cell}) >= ${number(limit)}`)
    else if (key === 'valid_max_length') good(`size(${cell}) <= ${number(limit)}`)
    else return { refused: `\`${key}\` is not read.` }
  }
  return parts.length === 0 ? { refused: 'It does not say what is valid.' } : { cel: any(parts) }
}

function duplicateOf(column: string | undefined, body: Fields): Question {
  const threshold = field(body, 'threshold')
  const asksForNone = !isFields(threshold) || field(threshold, 'must_be') === 0
  if (
    !asksForNone ||
    (isFields(threshold) && (field(threshold, 'additional') !== undefined || field(threshold, 'level') === 'warn'))
  )
    return {
      refused:
        'Soda counts values beyond the first, and `duplicates` all rows that have a copy: write a bound of your own.',
    }
  if (column !== undefined) return { must: `distinct(${ref(column)}) == present(${ref(column)})` }
  const columns = textsIn(field(body, 'columns'))
  return columns.length === 0
    ? { refused: 'It names no columns.' }
    : { must: `duplicates(${columns.map(ref).join(', ')}) == 0` }
}

function aggregateOf(column: string, body: Fields): Question {
  const fn = String(field(body, 'function'))
  const cell = ref(column)
  switch (fn) {
    case 'avg':
      return { term: `mean(${cell})` }
    case 'sum':
    case 'min':
    case 'max':
      return { term: `${fn}(${cell})` }
    case 'avg_length':
    case 'avgLength':
      return { term: `mean(size(${cell}))` }
    case 'min_length':
    case 'minLength':
    case 'max_length':
    case 'maxLength':
      return { term: `${fn.slice(0, 3)}(size(${cell}))` }
    default:
      return { refused: `The function \`${fn}\` is not known here.` }
  }
}

function failedRows(body: Fields, { columns }: Contract): Question {
  const expression = field(body, 'expression')
  if (typeof expression !== 'string') return { refused: 'It is a query of its own: write the condition as a clause.' }
  if (isFields(field(body, 'threshold')))
    return { refused: 'A number of rows that may fail is not read: write `mostly`.' }
  const named = new Map<string, ColumnType>()
  for (const { name, beside } of namesIn(expression, 'sql'))
    if (!columns.has(name)) named.set(name, typeof beside === 'number' ? 'number' : 'text')
  const read = readCondition(expression, { notation: 'sql', typeOf: (name) => columns.get(name) ?? named.get(name) })
  if ('cel' in read) for (const [name, type] of named) columns.set(name, type)
  return 'problem' in read
    ? { refused: `Its expression is not understood: ${read.problem}.` }
    : { every: not(read.cel) }
}

/** Which columns there are: exactly these in this order, unless the check allows others. */
function schemaOf(body: Fields, listed: readonly Fields[]): Question {
  const place = (column: Fields): string => `column_position(${text(String(field(column, 'name')))})`
  const needed = listed.filter((column) => field(column, 'optional') !== true)
  const optional = needed.length < listed.length
  const extra = field(body, 'allow_extra_columns') === true
  const anyOrder = field(body, 'allow_other_column_order') === true
  if (optional && !(extra && anyOrder))
    return { refused: 'Optional columns are asked for only where other columns and another order are allowed.' }
  const parts = [
    ...(extra ? [] : [`column_count() == ${listed.length}`]),
    ...needed.map((column, i) => (anyOrder || extra ? `${place(column)} > 0` : `${place(column)} == ${i + 1}`)),
  ]
  return parts.length === 0 ? { refused: 'The contract lists no columns.' } : { must: all(parts) }
}

/** Plain values of a list. */
export const plains = (value: unknown): readonly (string | number | boolean)[] =>
  Array.isArray(value) ? value.filter((each) => ['string', 'number', 'boolean'].includes(typeof each)) : []
