import { columnText, type ColumnType, parseTimestamp, quotedText } from '@plumbline/core'

/** A plain value of a foreign check. */
export type Plain = string | number | boolean | null

/** A column as an operand. */
export const ref = columnText

/** A text as a literal. */
export const text = quotedText

/** A number as a literal; CEL takes a whole number beside a number for one. */
export function number(value: number): string {
  if (Object.is(value, -0)) return '0'
  const written = String(value)
  return /e\+/.test(written) ? written.replace('e+', 'e') : written
}

/** All of several conditions. */
export const all = (parts: readonly string[]): string => joined(parts, '&&')

/** Any of several conditions. */
export const any = (parts: readonly string[]): string => joined(parts, '||')

function joined(parts: readonly string[], sign: '&&' | '||'): string {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  return parts.map((part) => (needsBrackets(part, sign) ? `(${part})` : part)).join(` ${sign} `)
}

/** Whether a condition that is joined by `sign` to others has to stand in brackets: it holds the other sign, or `?`. */
function needsBrackets(part: string, sign: '&&' | '||'): boolean {
  return outside(part).includes(sign === '&&' ? '||' : '&&') || outside(part).includes('?')
}

/** What is in no text and in no bracket. */
function outside(part: string): string {
  let depth = 0
  let out = ''
  for (const [token] of part.matchAll(/"(?:[^"\\]|\\.)*"|[\s\S]/g)) {
    if ('([{'.includes(token)) depth++
    else if (')]}'.includes(token)) depth--
    else if (depth === 0) out += token
  }
  return out
}

/** Not the condition. */
export function not(condition: string): string {
  return /^[\w.]+\([^()]*\)$/.test(condition) ? `!${condition}` : `!(${condition})`
}

/**
 * A value as a literal that the column can be compared with; undefined where no cell of its type equals such a value
 * (a text beside numbers).
 */
export function literal(value: Exclude<Plain, null>, type: ColumnType): string | undefined {
  switch (type) {
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) ? number(value) : undefined
    case 'number':
      return typeof value === 'number' ? number(value) : undefined
    case 'boolean':
      if (value === 0 || value === 1) return String(value === 1)
      return typeof value === 'boolean' ? String(value) : undefined
    case 'timestamp':
      return typeof value === 'string' ? instant(value) : undefined
    case 'category':
      return typeof value === 'string' ? text(value) : typeof value === 'number' ? number(value) : String(value)
    case 'text':
      return typeof value === 'string' ? text(value) : undefined
    case 'list':
    case 'image':
      return undefined
  }
}

/** A bound of a comparison: unlike equality, whole numbers may be compared with fractions. */
export function bound(value: Exclude<Plain, null>, type: ColumnType): string | undefined {
  return type === 'integer' && typeof value === 'number' ? number(value) : literal(value, type)
}

const DATE =
  /^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?\s*$/

/** `timestamp("…")` of an ISO date or time, UTC unless it says otherwise; undefined for other texts. */
export function instant(value: string): string | undefined {
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction, zone = 'Z'] = DATE.exec(value) ?? []
  if (year === undefined) return undefined
  const offset = zone === 'Z' ? 'Z' : zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction === undefined ? '' : `.${fraction}`}${offset}`
  return 'problem' in parseTimestamp(written) ? undefined : `timestamp(${text(written)})`
}

/** A column that equals one of several values; undefined where none can be equal to a cell. */
export function oneOf(column: string, values: readonly Exclude<Plain, null>[], type: ColumnType): string | undefined {
  const literals = [...new Set(values.flatMap((value) => literal(value, type) ?? []))]
  if (literals.length === 0) return undefined
  if (type === 'timestamp') return any(literals.map((each) => `${ref(column)} == ${each}`))
  // A list has one kind of values.
  const fractions = type === 'number' && literals.some((each) => !/^-?\d+$/.test(each))
  const same = literals.map((each) => (fractions && /^-?\d+$/.test(each) ? `${each}.0` : each))
  return `${ref(column)} in [${same.join(', ')}]`
}
