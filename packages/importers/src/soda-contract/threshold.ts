import { all, number } from '../text/cel.ts'
import { field, type Fields, isFields } from '../text/json.ts'

/** A bound that a check sets on a number. */
export interface Threshold {
  readonly severity: 'block' | 'warn'
  /** The condition on a term. */
  readonly within: (term: string) => string
}

const SIGNS: Readonly<Record<string, string>> = {
  must_be: '==',
  must_not_be: '!=',
  must_be_greater_than: '>',
  must_be_greater_than_or_equal: '>=',
  must_be_less_than: '<',
  must_be_less_than_or_equal: '<=',
}

const ENDS: Readonly<Record<string, string>> = {
  greater_than: '>',
  greater_than_or_equal: '>=',
  less_than: '<',
  less_than_or_equal: '<=',
}

/** The thresholds of a check, `standard` where it has none; undefined where one is not understood. */
export function thresholdsOf(check: Fields, standard: string | undefined): readonly Threshold[] | undefined {
  const given = field(check, 'threshold')
  if (!isFields(given))
    return standard === undefined ? undefined : [{ severity: 'block', within: (term) => `${term} ${standard}` }]
  const more = field(given, 'additional')
  const read = [given, ...(isFields(more) ? [more] : [])].map(oneOf)
  if (read[0] === undefined && standard !== undefined && !hasBound(given))
    return [{ severity: levelOf(given), within: (term) => `${term} ${standard}` }]
  return read.every((each) => each !== undefined) ? read : undefined
}

const levelOf = (given: Fields): 'block' | 'warn' => (field(given, 'level') === 'warn' ? 'warn' : 'block')

const hasBound = (given: Fields): boolean => Object.keys(given).some((key) => key.startsWith('must_'))

function oneOf(given: Fields): Threshold | undefined {
  const parts: ((term: string) => string)[] = []
  for (const [key, value] of Object.entries(given)) {
    if (!key.startsWith('must_')) continue
    const sign = Object.hasOwn(SIGNS, key) ? SIGNS[key] : undefined
    const limit = numberIn(value)
    if (sign !== undefined && limit !== undefined) parts.push((term) => `${term} ${sign} ${limit}`)
    else if ((key === 'must_be_between' || key === 'must_be_not_between') && isFields(value)) {
      const ends = endsOf(value)
      if (ends === undefined) return undefined
      parts.push((term) => (key === 'must_be_between' ? ends(term) : `!(${ends(term)})`))
    } else return undefined
  }
  if (parts.length === 0) return undefined
  return { severity: levelOf(given), within: (term) => all(parts.map((part) => part(term))) }
}

function endsOf(value: Fields): ((term: string) => string) | undefined {
  const ends = Object.entries(value).map(([key, end]) => {
    const limit = numberIn(end)
    return Object.hasOwn(ENDS, key) && limit !== undefined ? `${ENDS[key]} ${limit}` : undefined
  })
  if (ends.length === 0 || ends.includes(undefined)) return undefined
  return (term) => all(ends.map((end) => `${term} ${end}`))
}

/** Numbers may be written as texts. */
function numberIn(value: unknown): string | undefined {
  const plain = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof plain === 'number' && Number.isFinite(plain) ? number(plain) : undefined
}
