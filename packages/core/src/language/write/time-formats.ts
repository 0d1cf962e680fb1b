import { EPOCHS } from '../sections/time-format.ts'

const DATES = [
  '%Y-%m-%d %Y/%m/%d %Y.%m.%d',
  '%d/%m/%Y %m/%d/%Y %d.%m.%Y %m.%d.%Y %d-%m-%Y %m-%d-%Y',
  '%d/%m/%y %m/%d/%y %d.%m.%y %m.%d.%y %d-%m-%y %m-%d-%y',
  '%d-%b-%Y %d-%b-%y',
].flatMap((line) => line.split(' '))
const WORDY = ['%d %b %Y', '%d %B %Y', '%b %d %Y', '%b %d, %Y', '%B %d, %Y']
const HOURS = ['', ' %H:%M', ' %H:%M:%S', ' %H:%M:%S.%f', ' %I:%M %p', ' %I:%M:%S %p']

/** The formats in which people write times and that are looked for, the more usual first. */
export const TIME_FORMATS: readonly string[] = [...DATES, ...WORDY].flatMap((date) => HOURS.map((hour) => date + hour))

const LOOKS: Readonly<Record<string, string>> = {
  Y: '\\d{4}',
  y: '\\d{2}',
  m: '(?:1[0-2]|0?[1-9])',
  d: '(?:3[01]|[12]\\d|0?[1-9])',
  H: '(?:2[0-3]|[01]?\\d)',
  I: '(?:1[0-2]|0?[1-9])',
  M: '[0-5]?\\d',
  S: '[0-5]?\\d',
  f: '\\d{1,9}',
  p: '[AP]M',
  z: '[+-]\\d{2}:?\\d{2}',
  b: '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)',
  B: '(?:january|february|march|april|may|june|july|august|september|october|november|december)',
  '%': '%',
}

/** Whether a text has the look of a format; a day that its month does not have is not noticed. */
export function looksWritten(text: string, format: string): boolean {
  if (Object.hasOwn(EPOCHS, format)) return /^\s*[+-]?\d+(?:\.\d*)?\s*$/.test(text)
  return patternOf(format).test(text.trim())
}

const patterns = new Map<string, RegExp>()

function patternOf(format: string): RegExp {
  const known = patterns.get(format)
  if (known !== undefined) return known
  const parts = [...format.matchAll(/%(.)|[^%]+/gsu)].map(([whole, directive]) =>
    directive === undefined ? whole.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&') : (LOOKS[directive] ?? ''),
  )
  const made = new RegExp(`^${parts.join('')}$`, 'i')
  patterns.set(format, made)
  return made
}

/** Formats of which one is as good as the other where all texts have both: the name of May is its own abbreviation. */
export const sameTimes = (a: string, b: string): boolean => a.replace('%B', '%b') === b.replace('%B', '%b')
