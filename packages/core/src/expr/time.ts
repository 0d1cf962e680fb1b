/** A reading, or what is wrong with the text (continues "`timestamp` …"). */
export type Reading = { readonly value: bigint } | { readonly problem: string }

const SECOND = 1_000_000n
const MINUTE = 60n * SECOND
const HOUR = 60n * MINUTE
const INT64_MAX = 2n ** 63n - 1n

/** 0001-01-01T00:00:00Z in microseconds since 1970. */
export const MIN_TIMESTAMP = -62_135_596_800n * SECOND
/** 9999-12-31T23:59:59.999999Z in microseconds since 1970. */
export const MAX_TIMESTAMP = 253_402_300_800n * SECOND - 1n

/** RFC 3339 (section 5.6, upper case) → microseconds since 1970-01-01T00:00:00Z. */
export function parseTimestamp(text: string): Reading {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/.exec(text)
  if (match === null) return { problem: `cannot read ${JSON.stringify(text)}` }
  const part = (index: number): number => Number(match[index] ?? 0)
  const date = new Date(0)
  // setUTCFullYear, since the constructor reads the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(part(1), part(2) - 1, part(3))
  const exists = date.getUTCMonth() === part(2) - 1 && date.getUTCDate() === part(3) && part(1) >= 1
  if (!exists || part(4) > 23 || part(5) > 59 || part(6) > 59 || part(9) > 23 || part(10) > 59) {
    return { problem: `has no such day or time: ${text}` }
  }
  const fraction = (match[7] ?? '').replace(/0+$/, '')
  if (fraction.length > 6) return { problem: `is finer than a microsecond: ${text}` }
  const local =
    BigInt(date.getTime()) * 1000n + BigInt(part(4)) * HOUR + BigInt(part(5)) * MINUTE + BigInt(part(6)) * SECOND
  const offset = BigInt(part(9)) * HOUR + BigInt(part(10)) * MINUTE
  const value = local + BigInt(fraction.padEnd(6, '0')) + (match[8] === '-' ? offset : -offset)
  if (value < MIN_TIMESTAMP || value > MAX_TIMESTAMP) return { problem: `is outside the years 1 to 9999: ${text}` }
  return { value }
}

/** The RFC 3339 text (in UTC, where no offset is written) or the duration that a text of other tools means; undefined where none is near. */
export function nearestTimeText(fn: 'timestamp' | 'duration', text: string): string | undefined {
  if (fn === 'duration') {
    const found = /^(\d{1,6}) ?(d|days?|w|weeks?)$/i.exec(text)
    return found === null ? undefined : `${Number(found[1]) * (/^w/i.test(found[2] ?? '') ? 168 : 24)}h`
  }
  const found = /^(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?)? ?(Z|UTC|[+-]\d\d:?\d\d)?$/i.exec(text)
  if (found === null) return undefined
  const [, year, month = '', day = '', hour = '00:00', second = ':00', zone = 'Z'] = found
  const offset = /^(z|utc)$/i.test(zone) ? 'Z' : zone.replace(/^(...):?/, '$1:')
  const meant = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T${hour}${second}${offset}`
  return 'value' in parseTimestamp(meant) ? meant : undefined
}

/** Microseconds since 1970 → RFC 3339 in UTC, without trailing zeros; beyond the calendar of JavaScript, the number. */
export function formatTimestamp(value: bigint): string {
  const micros = ((value % SECOND) + SECOND) % SECOND
  const seconds = new Date(Number((value - micros) / 1000n))
  // A file may hold what no clock shows: DuckDB's calendar ends some 18 000 years later.
  if (Number.isNaN(seconds.getTime())) return `${value} µs`
  return `${seconds.toISOString().slice(0, -'.000Z'.length)}${fractionText(micros)}Z`
}

/** CEL durations (as Go writes them): signed decimal numbers with units h m s ms us ns, one after another → microseconds. */
export function parseDuration(text: string): Reading {
  const problem = { problem: `cannot read ${JSON.stringify(text)}` }
  if (text.length > 64) return problem
  const match = /^([+-]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:h|ms|m|s|us|µs|ns))+)$/.exec(text)
  if (match === null) return text === '0' ? { value: 0n } : problem
  const nanos: Readonly<Record<string, bigint>> = {
    h: HOUR * 1000n,
    m: MINUTE * 1000n,
    s: SECOND * 1000n,
    ms: 1_000_000n,
    us: 1000n,
    µs: 1000n,
    ns: 1n,
  }
  let total = 0n
  for (const [, whole, fraction, unit] of (match[2] ?? '').matchAll(/(\d*)(?:\.(\d*))?(h|ms|m|s|us|µs|ns)/g)) {
    const scale = 10n ** BigInt((fraction ?? '').length)
    const scaled = BigInt(`${whole ?? ''}${fraction ?? ''}` || '0') * (nanos[unit ?? ''] ?? 0n)
    if (scaled % scale !== 0n) return { problem: `is finer than a microsecond: ${text}` }
    total += scaled / scale
  }
  if (total % 1000n !== 0n) return { problem: `is finer than a microsecond: ${text}` }
  const value = (match[1] === '-' ? -total : total) / 1000n
  return value > INT64_MAX || value < -INT64_MAX - 1n ? { problem: `is too long: ${text}` } : { value }
}

/** Microseconds → the shortest CEL duration in one unit: `168h`, `90m`, `1.5s`. */
export function formatDuration(value: bigint): string {
  if (value !== 0n && value % HOUR === 0n) return `${value / HOUR}h`
  if (value !== 0n && value % MINUTE === 0n) return `${value / MINUTE}m`
  const magnitude = value < 0n ? -value : value
  return `${value < 0n ? '-' : ''}${magnitude / SECOND}${fractionText(magnitude % SECOND)}s`
}

function fractionText(micros: bigint): string {
  return micros === 0n ? '' : `.${String(micros).padStart(6, '0').replace(/0+$/, '')}`
}
