import { not, ref, text } from './cel.ts'
import { escaped } from './like.ts'

/** What a directive of `strptime` reads, as a regular expression; month, day and year apart, so that dates can be judged. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  H: '(?:2[0-3]|[01][0-9]|[0-9])',
  I: '(?:1[0-2]|0?[1-9])',
  M: '(?:[0-5][0-9]|[0-9])',
  S: '(?:6[01]|[0-5][0-9]|[0-9])',
  f: '[0-9]{1,6}',
  j: '(?:36[0-6]|3[0-5][0-9]|[12][0-9][0-9]|0[1-9][0-9]|00[1-9]|[1-9][0-9]|0[1-9]|[1-9])',
  p: '(?i:am|pm)',
  z: '(?:[+-][0-9]{2}:?[0-5][0-9](?::?[0-5][0-9](?:\\.[0-9]{1,6})?)?|Z)',
  a: '(?i:mon|tue|wed|thu|fri|sat|sun)',
  A: '(?i:monday|tuesday|wednesday|thursday|friday|saturday|sunday)',
  b: '(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)',
  B: '(?i:january|february|march|april|may|june|july|august|september|october|november|december)',
  w: '[0-6]',
  U: '(?:5[0-3]|[0-4][0-9]|[0-9])',
  W: '(?:5[0-3]|[0-4][0-9]|[0-9])',
  d: '(?:3[01]|[12][0-9]|0[1-9]|[1-9])',
  m: '(?:1[0-2]|0[1-9]|[1-9])',
  Y: '[0-9]{4}',
  y: '[0-9]{2}',
  '%': '%',
}

/** Days that no year has, and the 29th of February of years without one: what stands for day, month and year. */
export interface NoDay {
  readonly d: string
  readonly m: string
  readonly b: string
  readonly B: string
  /** For every year where absent. */
  readonly year?: true
}

export const NO_DAYS: readonly NoDay[] = [
  { d: '3[01]', m: '0?2', b: '(?i:feb)', B: '(?i:february)' },
  { d: '31', m: '(?:0?[469]|11)', b: '(?i:apr|jun|sep|nov)', B: '(?i:april|june|september|november)' },
  { d: '29', m: '0?2', b: '(?i:feb)', B: '(?i:february)', year: true },
]

/** Years that have no 29th of February: not of four, or of a hundred but not of four hundred. */
export const COMMON = '(?:[0-9]{2}(?:[02468][1235679]|[13579][01345789])|(?:[02468][1235679]|[13579][01345789])00)'
/** The same of two digits. */
export const COMMON_SHORT = '(?:[02468][1235679]|[13579][01345789])'

/** A format as a condition on a column of texts; what cannot be read is named. */
export type ReadFormat = { readonly cel: string } | { readonly problem: string }

/** A condition that a text is a date or time of the format, as Python's `strptime` (C locale) reads it; the calendar counts. */
export function strftime(column: string, format: string): ReadFormat {
  const parts = [...format.matchAll(/%([\s\S])|[^%]+|%/g)]
  const unknown = parts.find(([part, directive]) => part.startsWith('%') && !Object.hasOwn(DIRECTIVES, directive ?? ''))
  if (unknown !== undefined) return { problem: `\`${unknown[0]}\` is no directive that is understood` }
  const pattern = (given: Readonly<Record<string, string>>): string =>
    `^${parts.map(([part, directive]) => (directive === undefined ? spaced(part) : (given[directive] ?? DIRECTIVES[directive]))).join('')}$`
  const has = new Set(parts.map(([, directive]) => directive))
  const base = `${ref(column)}.matches(${text(pattern({}))})`
  if (!has.has('d') || !(has.has('m') || has.has('b') || has.has('B'))) return { cel: base }
  // Without a year strptime takes 1900, which has no 29th of February.
  const wrong = NO_DAYS.map(({ year, ...day }) =>
    pattern({ ...day, ...(year === undefined ? {} : { Y: COMMON, y: COMMON_SHORT }) }),
  )
  return { cel: `${base} && ${not(`${ref(column)}.matches(${text(wrong.join('|'))})`)}` }
}

/** White space in a format stands for any. */
function spaced(part: string): string {
  return escaped(part).replaceAll(/\s+/g, '\\s+')
}
