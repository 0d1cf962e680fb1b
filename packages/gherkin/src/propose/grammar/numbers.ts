import { quotedText } from '@plumbline/core'
import type { Cursor } from './cursor.ts'
import type { Vocabulary } from './names.ts'

/** A number of the sentence as CEL writes it. */
export interface Amount {
  readonly cel: string
  /** It was given in percent. */
  readonly percent?: boolean
}

const WORDS: Readonly<Record<string, string>> = Object.fromEntries(
  'zero one two three four five six seven eight nine ten eleven twelve'.split(' ').map((word, i) => [word, String(i)]),
)

const FACTORS: Readonly<Record<string, number>> = { hundred: 100, thousand: 1_000, million: 1_000_000 }

const HOLES = [
  'todo',
  'tbd',
  '?',
  '??',
  '???',
  'some value',
  'some level',
  'an acceptable level',
  'an acceptable value',
  'an agreed level',
  'an agreed value',
  'a suitable value',
  'a suitable bound',
]

/** `0.8`, `5 %`, `10,000`, `2 million`, `twelve`, and `TBD` for one that is not there yet. */
export function amountIn(cursor: Cursor, { hole }: Vocabulary): Amount | undefined {
  if (cursor.quietly(...HOLES) !== undefined) return { cel: hole }
  const word = cursor.quietly(...Object.keys(WORDS))
  const token = word === undefined ? cursor.kind('number') : undefined
  const value = word === undefined ? token?.value : WORDS[word]
  if (value === undefined) {
    cursor.expect('a number')
    return undefined
  }
  const factor = token?.percent === true ? undefined : cursor.quietly(...Object.keys(FACTORS))
  const whole = factor === undefined ? value : exactly(value, FACTORS[factor] ?? 1)
  return { cel: whole, ...(token?.percent === true ? { percent: true } : {}) }
}

/** A product of a decimal and a power of ten, in decimal text. */
function exactly(text: string, factor: number): string {
  const [whole = '0', fraction = ''] = text.split('.')
  const zeros = String(factor).length - 1
  const digits = whole + fraction.padEnd(zeros, '0').slice(0, zeros)
  const rest = fraction.slice(zeros)
  const plain = digits.replace(/^(-?)0+(?=\d)/, '$1')
  return rest === '' ? plain : `${plain}.${rest}`
}

const SPANS: readonly (readonly [string, readonly string[]])[] = [
  ['ms', ['ms', 'millisecond', 'milliseconds', 'msec']],
  ['s', ['s', 'second', 'seconds', 'sec']],
  ['m', ['minute', 'minutes', 'min']],
  ['h', ['h', 'hour', 'hours']],
  ['d', ['d', 'day', 'days']],
  ['w', ['w', 'week', 'weeks']],
]

const MICROS: Readonly<Record<string, number>> = {
  ms: 1e3,
  s: 1e6,
  m: 6e7,
  h: 3.6e9,
  d: 8.64e10,
  w: 6.048e11,
}

/** A span of time in microseconds: `7 days`, `an hour`, `50 ms`, `7d`. */
export function spanIn(cursor: Cursor): number | undefined {
  cursor.expect('a duration, such as 7 days')
  return cursor.attempt(() => {
    const one = cursor.quietly('a', 'an', 'one') === undefined ? undefined : '1'
    const word = one ?? cursor.quietly(...Object.keys(WORDS))
    const count = word === undefined ? cursor.kind('number')?.value : (WORDS[word] ?? word)
    const unit = SPANS.find(([, names]) => cursor.quietly(...names) !== undefined)?.[0]
    return count === undefined || unit === undefined ? undefined : microsOf(count, unit)
  })
}

function microsOf(count: string, unit = ''): number | undefined {
  const micros = Number(count) * (MICROS[unit] ?? Number.NaN)
  return Number.isSafeInteger(micros) && micros > 0 ? micros : undefined
}

/** A number with the unit that follows it, for a column with a unit: `q(50, "EUR")`; the column's own unit needs none. */
export function quantityIn(cursor: Cursor, vocabulary: Vocabulary, unit: string | undefined): Amount | undefined {
  const amount = amountIn(cursor, vocabulary)
  if (amount === undefined || amount.percent === true || unit === undefined) return amount
  const next = cursor.peek()
  const plural = next?.text.replace(/s$/, '')
  if (next?.text === unit || plural === unit) {
    cursor.skip(1)
    return amount
  }
  const isUnit = next?.kind === 'word' && UNITS.has(next.text)
  const singular = next?.kind === 'word' && UNITS.has(plural ?? '')
  if (!isUnit && !singular) return amount
  cursor.skip(1)
  return { cel: `q(${amount.cel}, ${quotedText((isUnit ? next?.text : plural) ?? '')})` }
}

/** Units that sentences use; whether one fits its column is the compiler's to say. */
const UNITS = new Set(
  'EUR USD GBP CHF JPY TWD year month week day hour minute second ms s min h d km m cm mm kg g mg kWh W'.split(' '),
)
