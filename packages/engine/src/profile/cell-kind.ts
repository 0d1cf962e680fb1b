/** Texts that stand for a missing value wherever they are a whole cell. */
export const NULL_TOKENS: readonly string[] = [
  '?',
  'NA',
  'N/A',
  'n/a',
  '#N/A',
  '<NA>',
  'NaN',
  'nan',
  'NULL',
  'null',
  '\\N',
]

/** Texts that may be values as well (`none` is a kind of housing loan): taken for missing only where all else is a number or time. */
export const WEAK_NULL_TOKENS: readonly string[] = ['', '-', '--', '.', 'None', 'none', 'missing', 'unknown', 'na', '*']

const NUMBER = /^[+-]?(\d+([.]\d*)?|[.]\d+)([eE][+-]?\d+)?$/
const DATE = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?$/
const NO_VALUE = new Set([...NULL_TOKENS, ...WEAK_NULL_TOKENS])

/** True for the text of a number, date, boolean or missing value: no header has such names. */
export function looksTyped(cell: string): boolean {
  const text = cell.trim()
  return NUMBER.test(text) || DATE.test(text) || /^(true|false)$/i.test(text) || NO_VALUE.has(text)
}
