import { readWindow } from '@plumbline/core'
import { plainText } from './clause.ts'

/** Milliseconds of a day. */
export const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** An instant as milliseconds since 1970 UTC; undefined for what is none. */
export function readInstant(text: string): number | undefined {
  const at = Date.parse(text)
  return Number.isFinite(at) ? at : undefined
}

/** `7 Jan`, in UTC. */
export function dayText(at: number): string {
  const date = dateOf(at)
  return date === undefined ? String(at) : `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ''}`
}

/** `06:05`, in UTC. */
export function clockText(at: number): string {
  return dateOf(at)?.toISOString().slice(11, 16) ?? String(at)
}

/** `7 Jan 06:05`; at midnight the day alone. */
export function instantText(at: number): string {
  return at % DAY_MS === 0 ? dayText(at) : `${dayText(at)} ${clockText(at)}`
}

/** `7 Jan 2026`. */
export function dateText(at: number): string {
  const date = dateOf(at)
  return date === undefined ? String(at) : `${dayText(at)} ${date.getUTCFullYear()}`
}

/**
 * A half-open span as people say it: a whole day by its name, several by the first and the last, a part of a day with
 * its hours. `year: true` names the year, as do spans over several.
 */
export function spanText(from: number, to: number, year = false): string {
  const whole = from % DAY_MS === 0 && to % DAY_MS === 0
  const years = year || dateOf(from)?.getUTCFullYear() !== dateOf(to - 1)?.getUTCFullYear()
  const named = years ? dateText : dayText
  if (!(to > from)) return `${named(from)} ${clockText(from)}`
  if (whole && to - from === DAY_MS) return named(from)
  if (whole) {
    const last = to - DAY_MS
    const same = named(from).split(' ').slice(1).join(' ') === named(last).split(' ').slice(1).join(' ')
    return `${same ? (named(from).split(' ')[0] ?? '') : named(from)} to ${named(last)}`
  }
  const sameDay = Math.floor(from / DAY_MS) === Math.floor((to - 1) / DAY_MS)
  return `${named(from)} ${clockText(from)} to ${sameDay ? '' : `${named(to)} `}${clockText(to)}`
}

/** A window as evidence names it, in words: `7 Jan 2026`; what is no window as it is. */
export function spanOfWindow(window: string): string {
  const read = readWindow(window)
  return read === undefined ? plainText(window) : spanText(read.from / 1000, read.to / 1000, true)
}

/** How long, in the largest two units that say it: `6 days`, `1 day 4 h`, `25 min`. */
export function lastingText(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / MINUTE_MS))
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60]
  if (days > 0) return `${days} ${days === 1 ? 'day' : 'days'}${hours > 0 ? ` ${hours} h` : ''}`
  if (hours > 0) return `${hours} h${rest > 0 ? ` ${rest} min` : ''}`
  return minutes > 0 ? `${minutes} min` : `${Math.max(0, Math.round(ms / 1000))} s`
}

/** Beyond the calendar there is no date. */
function dateOf(at: number): Date | undefined {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? new Date(at) : undefined
}
