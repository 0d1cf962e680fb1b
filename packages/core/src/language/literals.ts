/** A duration in microseconds. */
export type Micros = bigint

/** A decimal number as written in the spec, with `_` between digits and an optional `%`; exact. */
export interface Decimal {
  /** Normal decimal text: `0.99`, `-10000`, `1000000`; no sign on zero, no trailing zeros after the point. */
  readonly text: string
  readonly integer: boolean
}

const DECIMAL = /^([-+]?)(\d+(?:_\d+)*)?(?:\.(\d+(?:_\d+)*)?)?(?:[eE]([-+]?\d{1,3}))?(%?)$/

/** Reads `10_000`, `-0.5`, `1e-3`, `99%` by string arithmetic; undefined when the text is no such number. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text)
  if (match === null) return undefined
  const [, sign = '', whole = '', fraction = '', exponent = '0', percent] = match
  if (whole === '' && fraction === '') return undefined
  const digits = (whole + fraction).replaceAll('_', '')
  const point = whole.replaceAll('_', '').length + Number(exponent) - (percent === '%' ? 2 : 0)
  return normal(sign === '-', digits, point)
}

/** A float64 as the shortest decimal text that reads back as it. */
export function decimalText(value: number): string {
  return parseDecimal(String(value))?.text ?? String(value)
}

/** The decimal 0.`digits` × 10^`point`. */
function normal(negative: boolean, digits: string, point: number): Decimal {
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0')
  const at = Math.max(point, 1)
  const whole = padded.slice(0, at).replace(/^0+(?=\d)/, '')
  const fraction = padded.slice(at).replace(/0+$/, '')
  const text = fraction === '' ? whole : `${whole}.${fraction}`
  return { text: negative && text !== '0' ? `-${text}` : text, integer: fraction === '' }
}

const MICROS_PER: ReadonlyMap<string, bigint> = new Map([
  ['us', 1n],
  ['ms', 1_000n],
  ['s', 1_000_000n],
  ['m', 60_000_000n],
  ['h', 3_600_000_000n],
  ['d', 86_400_000_000n],
  ['w', 604_800_000_000n],
])

/** Reads `2ms`, `1.5h`, `1d`, `4w` (a day is 86 400 s) as microseconds; undefined when the text is no such duration. */
export function parseDuration(text: string): Micros | undefined {
  const match = /^(\d+(?:_\d+)*(?:\.\d+)?)(us|ms|s|m|h|d|w)$/.exec(text)
  const unit = MICROS_PER.get(match?.[2] ?? '')
  if (match === null || unit === undefined) return undefined
  const [whole = '0', fraction = ''] = (match[1] ?? '').replaceAll('_', '').split('.')
  const scaled = BigInt(whole + fraction) * unit
  const divisor = 10n ** BigInt(fraction.length)
  return scaled % divisor === 0n && scaled / divisor < 2n ** 63n ? scaled / divisor : undefined
}

/** Microseconds as a spec writes them, in the largest unit that divides them: `1d`, `36h`, `90s`. */
export function durationText(micros: number): string {
  const whole = BigInt(Math.round(micros))
  const fits = [...MICROS_PER].findLast(([, size]) => whole % size === 0n)
  return whole === 0n || fits === undefined ? `${whole}us` : `${whole / fits[1]}${fits[0]}`
}

/** How often something may happen: `4/month`. */
export interface Rate {
  readonly count: number
  readonly per: 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'
}

const DAY = 86_400_000_000

/** Lengths in microseconds; a month has 30 days and a year 365, so that a budget does not depend on the calendar. */
const RATE_SPANS: Readonly<Record<Rate['per'], number>> = {
  second: 1_000_000,
  minute: 60_000_000,
  hour: 3_600_000_000,
  day: DAY,
  week: 7 * DAY,
  month: 30 * DAY,
  year: 365 * DAY,
}

/** The span a rate speaks of, in microseconds. */
export function rateSpan(rate: Rate): number {
  return RATE_SPANS[rate.per]
}

/** Reads a rate such as `4/month`. */
export function parseRate(text: string): Rate | undefined {
  const match = /^(\d{1,9})\s*\/\s*(second|minute|hour|day|week|month|year)$/.exec(text)
  return match === null ? undefined : { count: Number(match[1]), per: match[2] as Rate['per'] }
}

/** An RFC 3339 timestamp, or a date alone (midnight UTC). */
export function isTimestampText(text: string): boolean {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:[Zz]|[-+](\d{2}):(\d{2})))?$/.exec(
    text,
  )
  if (match === null) return false
  const day = new Date(`${match[1]}T00:00:00Z`)
  if (Number.isNaN(day.getTime()) || !day.toISOString().startsWith(match[1] ?? '')) return false
  const [hour, minute, second, zoneHour, zoneMinute] = match.slice(2).map((part) => Number(part ?? 0))
  return (hour ?? 0) < 24 && (minute ?? 0) < 60 && (second ?? 0) < 60 && (zoneHour ?? 0) < 24 && (zoneMinute ?? 0) < 60
}
