/**
 * RFC 3339 text (section 5.6, upper case, years 1 to 9999, at most microseconds) → microseconds since 1970, as a number
 * where that is a safe integer, else as a bigint; undefined for anything else.
 */
export function timestampMicros(text: string): number | bigint | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6})0*)?(?:Z|([+-])(\d\d):(\d\d))$/.exec(text)
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number)
  const [zoneHour, zoneMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)]
  if (year < 1 || hour > 23 || minute > 59 || second > 59 || zoneHour > 23 || zoneMinute > 59) return undefined
  const date = new Date(0)
  // Date.UTC would read the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  const zone = (zoneHour * 60 + zoneMinute) * (match[8] === '-' ? -1 : 1)
  const seconds = date.getTime() / 1000 + (hour * 60 + minute - zone) * 60 + second
  if (seconds < -62_135_596_800 || seconds >= 253_402_300_800) return undefined
  const fraction = Number((match[7] ?? '').padEnd(6, '0'))
  const micros = seconds * 1_000_000 + fraction
  return Number.isSafeInteger(micros) ? micros : BigInt(seconds) * 1_000_000n + BigInt(fraction)
}
