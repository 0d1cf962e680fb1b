import { field, type Fields, fieldsIn, isFields } from '../text/json.ts'
import { escaped } from '../text/like.ts'

/** A check of a column as the expectation that asks the same. */
export interface PanderaCheck {
  readonly name: string
  readonly type: string
  readonly kwargs: Fields
  readonly warns: boolean
}

type Read = (value: unknown, options: Fields) => { readonly type: string; readonly kwargs: Fields } | undefined

const between = (kwargs: Fields) => ({ type: 'expect_column_values_to_be_between', kwargs })
const matching = (regex: string) => ({ type: 'expect_column_values_to_match_regex', kwargs: { regex } })

const CHECKS: Readonly<Record<string, Read>> = {
  equal_to: (value) => ({ type: 'expect_column_values_to_be_in_set', kwargs: { value_set: [value] } }),
  not_equal_to: (value) => ({ type: 'expect_column_values_to_not_be_in_set', kwargs: { value_set: [value] } }),
  greater_than: (value) => between({ min_value: value, strict_min: true }),
  greater_than_or_equal_to: (value) => between({ min_value: value }),
  less_than: (value) => between({ max_value: value, strict_max: true }),
  less_than_or_equal_to: (value) => between({ max_value: value }),
  in_range: (_, options) =>
    between({
      min_value: field(options, 'min_value'),
      max_value: field(options, 'max_value'),
      strict_min: field(options, 'include_min') === false,
      strict_max: field(options, 'include_max') === false,
    }),
  isin: (value) => ({ type: 'expect_column_values_to_be_in_set', kwargs: { value_set: value } }),
  notin: (value) => ({ type: 'expect_column_values_to_not_be_in_set', kwargs: { value_set: value } }),
  str_matches: (value) => matching(`^(?:${String(value)})`),
  str_contains: (value) => matching(String(value)),
  str_startswith: (value) => matching(`^${escaped(String(value))}`),
  str_endswith: (value) => matching(`${escaped(String(value))}\\Z`),
  str_length: (value, options) =>
    typeof value === 'number'
      ? { type: 'expect_column_value_lengths_to_equal', kwargs: { value } }
      : {
          type: 'expect_column_value_lengths_to_be_between',
          kwargs: { min_value: field(options, 'min_value'), max_value: field(options, 'max_value') },
        },
  unique_values_eq: (value) => ({ type: 'expect_column_distinct_values_to_equal_set', kwargs: { value_set: value } }),
}

/** Reads `checks` of a column in either layout; a check without a meaning here has no `type`. */
export function checksOf(given: unknown): readonly (PanderaCheck | { readonly name: string })[] {
  const pairs: readonly (readonly [string, unknown])[] = Array.isArray(given)
    ? fieldsIn(given).map((each) => {
        const options = field(each, 'options')
        return [String(isFields(options) ? field(options, 'check_name') : ''), each] as const
      })
    : Object.entries(isFields(given) ? given : {})
  return pairs.map(([name, body]) => {
    const inner = isFields(body) ? body : {}
    const options = isFields(field(inner, 'options')) ? (field(inner, 'options') as Fields) : inner
    const held = field(inner, 'value')
    const value = isFields(body) ? held : body
    const read = Object.hasOwn(CHECKS, name)
      ? CHECKS[name]?.(value, { ...options, ...inner, ...(isFields(held) ? held : {}) })
      : undefined
    return read === undefined ? { name } : { name, ...read, warns: field(options, 'raise_warning') === true }
  })
}
