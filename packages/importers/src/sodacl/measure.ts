import type { ColumnType } from '@plumbline/core'
import { all, any, number, oneOf, ref, text } from '../text/cel.ts'
import { field, type Fields } from '../text/json.ts'

/** A check such as `missing_percent(size) < 5 %`, in its parts. */
export interface Measure {
  readonly fn: string
  readonly columns: readonly string[]
  /** Empty where the bounds stand in `warn` and `fail`. */
  readonly bounds: string
}

/** Reads a check of a number; undefined for other sentences. */
export function measureIn(check: string): Measure | undefined {
  const [, fn = '', args = '', bounds = ''] =
    /^\s*([a-z_]+)(?:\s*\(([^)]*)\))?\s*((?:[<>=!]|between|not between)[\s\S]*)?$/.exec(check) ?? []
  if (fn === '') return undefined
  const columns = args.split(',').map((each) => each.trim().replace(/^["'`]|["'`]$/g, ''))
  return { fn, columns: columns.filter((each) => each !== ''), bounds: bounds.trim() }
}

const SIGNS: Readonly<Record<string, string>> = {
  '=': '==',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
}
const NUMBER = '(-?\\d+(?:\\.\\d+)?)\\s*%?'

/** No duplicates at all: the one bound at which it is no matter that Soda counts values and not rows. */
export function uniqueIn({ fn, columns, bounds }: Measure): string | undefined {
  const [column, ...more] = columns
  if (!fn.startsWith('duplicate_') || column === undefined || !/^(=\s*0|<\s*1|<=\s*0)\s*%?$/.test(bounds))
    return undefined
  const cell = ref(column)
  return more.length === 0 ? `distinct(${cell}) == present(${cell})` : `duplicates(${columns.map(ref).join(', ')}) == 0`
}

/** Bounds as conditions on a term: `< 5 %`, `between 1 and 10`; undefined for others. */
export function within(term: string, bounds: string): string | undefined {
  const [, sign = '', value] = new RegExp(`^(<=|>=|!=|<>|=|<|>)\\s*${NUMBER}$`).exec(bounds) ?? []
  if (value !== undefined) return `${term} ${SIGNS[sign]} ${number(Number(value))}`
  const range = new RegExp(`^(not )?between\\s+([([]?)\\s*${NUMBER}\\s+and\\s+${NUMBER}\\s*([)\\]]?)$`).exec(bounds)
  if (range === null) return undefined
  const [, negated, open, low, high, close] = range
  const ends = [
    `${term} ${open === '(' ? '>' : '>='} ${number(Number(low))}`,
    `${term} ${close === ')' ? '<' : '<='} ${number(Number(high))}`,
  ]
  return negated === undefined ? all(ends) : `!(${all(ends)})`
}

/** The number of a check as a term, or why it is none. */
export function termOf(
  { fn, columns }: Measure,
  settings: Fields,
  typeOf: (column: string) => ColumnType,
): { readonly term: string } | { readonly refused: string } {
  const [column] = columns
  if (fn === 'row_count') return { term: 'count()' }
  if (column === undefined) return { refused: `\`${fn}\` names no column.` }
  const cell = ref(column)
  const narrowed = Object.keys(settings).find((key) => /^(?:valid|invalid|missing) /.test(key))
  if (narrowed !== undefined && !/^(?:missing|invalid)_/.test(fn))
    return { refused: `\`${narrowed}\` leaves cells out of \`${fn}\`, which is not read.` }
  const shared = fn.endsWith('_percent')
  const term = (condition: string): { readonly term: string } => ({
    term: shared ? `100.0 * share(${condition})` : `sum(${condition} ? 1 : 0)`,
  })
  switch (fn) {
    case 'missing_count':
    case 'missing_percent': {
      const among = oneOf(column, plains(field(settings, 'missing values')), typeOf(column))
      if (field(settings, 'missing regex') !== undefined) return { refused: '`missing regex` is not read.' }
      if (among !== undefined) return term(any([`${cell} == null`, among]))
      return { term: shared ? `100.0 * null_share(${cell})` : `count() - present(${cell})` }
    }
    case 'invalid_count':
    case 'invalid_percent': {
      const valid = validity(column, settings, typeOf(column))
      if ('refused' in valid) return valid
      if (field(settings, 'missing regex') !== undefined) return { refused: '`missing regex` is not read.' }
      // What stands for missing is neither valid nor invalid.
      const among = oneOf(column, plains(field(settings, 'missing values')), typeOf(column))
      return term(all([`${cell} != null`, ...(among === undefined ? [] : [`!(${among})`]), `!(${valid.cel})`]))
    }
    case 'duplicate_count':
    case 'duplicate_percent': {
      // Soda counts values that repeat, not their rows: that is every distinct value but those that occur once.
      return { refused: 'Soda counts the values that repeat, and `duplicates` the rows: write `duplicates(…) == 0`.' }
    }
    case 'avg':
      return { term: `mean(${cell})` }
    case 'min':
    case 'max':
    case 'sum':
    case 'stddev':
    case 'variance':
      return { term: `${fn}(${cell})` }
    case 'stddev_samp':
      return { term: `stddev(${cell})` }
    case 'var_samp':
      return { term: `variance(${cell})` }
    case 'avg_length':
      return { term: `mean(size(${cell}))` }
    case 'min_length':
    case 'max_length':
      return { term: `${fn.slice(0, 3)}(size(${cell}))` }
    default:
      return { refused: `\`${fn}\` is not known here.` }
  }
}

/** What `valid …` asks of a cell. */
function validity(
  column: string,
  settings: Fields,
  type: ColumnType,
): { readonly cel: string } | { readonly refused: string } {
  const cell = ref(column)
  const parts: string[] = []
  for (const [key, value] of Object.entries(settings)) {
    if (key === 'invalid values') {
      const among = oneOf(column, plains(value), type)
      if (among !== undefined) parts.push(`!(${among})`)
      continue
    }
    if (!/^(?:valid|invalid) /.test(key)) continue
    const bound = typeof value === 'number' ? number(value) : undefined
    if (key === 'valid values') parts.push(oneOf(column, plains(value), type) ?? `${cell} == null`)
    else if (key === 'valid min' && bound !== undefined) parts.push(`${cell} >= ${bound}`)
    else if (key === 'valid max' && bound !== undefined) parts.push(`${cell} <= ${bound}`)
    else if (key === 'valid length' && bound !== undefined) parts.push(`size(${cell}) == ${bound}`)
    else if (key === 'valid min length' && bound !== undefined) parts.push(`size(${cell}) >= ${bound}`)
    else if (key === 'valid max length' && bound !== undefined) parts.push(`size(${cell}) <= ${bound}`)
    else if (key === 'valid regex' && typeof value === 'string') parts.push(`${cell}.matches(${text(value)})`)
    else return { refused: `\`${key}\` is not read.` }
  }
  return parts.length === 0 ? { refused: 'It does not say what is valid.' } : { cel: all(parts) }
}

const plains = (value: unknown): readonly (string | number | boolean)[] =>
  Array.isArray(value) ? value.filter((each) => ['string', 'number', 'boolean'].includes(typeof each)) : []
