import type { ColumnType } from '@plumbline/core'
import { readCondition } from '../text/condition.ts'
import { field, type Fields, isFields } from '../text/json.ts'

/** The text of a `row_condition`, in its notation; nothing where none is given. */
export type ConditionText =
  | { readonly text?: undefined }
  | { readonly text: string; readonly notation: 'pandas' | 'sql' }
  | { readonly problem: string }

const PARSERS = ['pandas', 'great_expectations', 'great_expectations__experimental__']

/** Reads `row_condition` and `condition_parser`: a text, or an object as 1.x writes it. */
export function conditionText(kwargs: Fields): ConditionText {
  const given = field(kwargs, 'row_condition')
  const parser = field(kwargs, 'condition_parser')
  if (given === undefined || given === null || given === '') return {}
  // 1.9 and later write a text of pandas or Spark as an object that passes it through.
  const passed =
    isFields(given) && field(given, 'type') === 'pass_through' ? field(given, 'pass_through_filter') : given
  if (typeof passed === 'string') {
    if (parser === 'spark') return { text: passed, notation: 'sql' }
    const known = PARSERS.includes(String(parser)) || (passed !== given && (parser === undefined || parser === null))
    return known
      ? { text: passed, notation: 'pandas' }
      : { problem: `\`condition_parser\` is ${JSON.stringify(parser ?? null)}` }
  }
  const text = isFields(passed) ? writtenCondition(passed) : undefined
  return text === undefined ? { problem: 'it is written in a form that is not known' } : { text, notation: 'pandas' }
}

/** The rows that `row_condition` picks, in whichever notation. */
export function rowsAsked(
  kwargs: Fields,
  typeOf: (column: string) => ColumnType | undefined,
): { readonly cel?: string } | { readonly problem: string } {
  const found = conditionText(kwargs)
  if ('problem' in found) return found
  return found.text === undefined ? {} : readCondition(found.text, { notation: found.notation, typeOf })
}

/** A condition of 1.x as an object, as the text it stands for. */
function writtenCondition(condition: Fields): string | undefined {
  const parts = field(condition, 'conditions')
  if (Array.isArray(parts)) {
    const written = parts.map((part) => (isFields(part) ? writtenCondition(part) : undefined))
    const sign = String(field(condition, 'type')) === 'or' ? ' or ' : ' and '
    return written.includes(undefined) ? undefined : `(${written.join(sign)})`
  }
  const column = field(condition, 'column')
  const name = isFields(column) ? field(column, 'name') : column
  if (typeof name !== 'string') return undefined
  if (field(condition, 'is_null') !== undefined || field(condition, 'type') === 'nullity')
    return `col(${JSON.stringify(name)}).${field(condition, 'is_null') === false ? 'notnull' : 'isnull'}()`
  const parameter = field(condition, 'parameter')
  const value = Array.isArray(parameter) ? listText(parameter) : literalText(parameter)
  // `NOT_IN` in files, `not in` in the words of pandas.
  const sign = String(field(condition, 'operator') ?? '')
    .toLowerCase()
    .replace('_', ' ')
  return value === undefined ? undefined : `col(${JSON.stringify(name)}) ${sign} ${value}`
}

function listText(values: readonly unknown[]): string | undefined {
  const written = values.map(literalText)
  return written.includes(undefined) ? undefined : `[${written.join(', ')}]`
}

function literalText(value: unknown): string | undefined {
  if (typeof value === 'string') return JSON.stringify(value)
  return typeof value === 'number' ? String(value) : typeof value === 'boolean' ? (value ? 'True' : 'False') : undefined
}
