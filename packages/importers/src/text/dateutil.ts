import { all, not, ref, text } from './cel.ts'
import { COMMON, COMMON_SHORT, type NoDay, NO_DAYS } from './strftime.ts'

const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)[.]?'
const DAY = '(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?'
const YEAR = '(?:[0-9]{4}|[0-9]{2})'
const WEEKDAY = '(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\\s+)?'
const CLOCK =
  '(?:2[0-4]|[01]?[0-9])(?::[0-5]?[0-9]){1,2}(?:[.,][0-9]+)?\\s*(?:am|pm)?\\s*(?:z|utc|gmt|[+-][0-9]{2}:?[0-9]{2})?'
const TIME = `(?:[T ,]\\s*${CLOCK})?`
const DATES = [
  `[0-9]{4}(?:[-/. ](?:1[0-2]|0?[1-9])(?:[-/. ](?:3[01]|[12][0-9]|0?[1-9]))?)?`,
  '[0-9]{8}',
  '[0-9]{1,2}',
  CLOCK,
  `(?:3[01]|[12][0-9]|0?[1-9])[-/. ](?:1[0-2]|0?[1-9])[-/. ]${YEAR}`,
  `(?:1[0-2]|0?[1-9])[-/. ](?:3[01]|[12][0-9]|0?[1-9])[-/. ]${YEAR}`,
  `(?:${DAY}[-/ ,]+)?${MONTH}(?:[-/ ,]+${DAY})?(?:[-/ ,]+${YEAR})?`,
]

/** A condition that a text is a date, with or without a time, in one of the usual spellings that Python's dateutil reads; the calendar counts. */
export function dateutilDate(column: string): string {
  const matches = (pattern: string): string => `${ref(column)}.matches(${text(`(?i)^\\s*${WEEKDAY}${pattern}`)})`
  const wrong = [...NO_DAYS.map((day) => spellings(day)), EIGHT]
  return all([
    matches(`(?:${DATES.join('|')})${TIME}\\s*$`),
    ...wrong.map((dates) => not(matches(`(?:${dates.join('|')})(?:[^0-9]|$)`))),
  ])
}

/** A day that is none, in each spelling of {@link DATES}: no such day is a month, so that the order of both does not matter. */
function spellings({ d, m, b, B, year }: NoDay): readonly string[] {
  const [long, short] = year === true ? [COMMON, COMMON_SHORT] : ['[0-9]{4}', '[0-9]{2}']
  const day = `${d}(?:st|nd|rd|th)?`
  const name = `(?:${b}|${B})[.]?`
  return [
    `${long}[-/. ]${m}[-/. ]${d}`,
    `(?:${d}[-/. ]${m}[-/. ]|${m}[-/. ]${d}[-/. ]|(?:${day}[-/ ,]+${name}|${name}[-/ ,]+${day})[-/ ,]+)(?:${long}|${short})`,
  ]
}

/** Eight digits that are no year, month and day. */
const EIGHT = [
  '[0-9]{4}(?:00|1[3-9]|[2-9][0-9])[0-9]{2}',
  '[0-9]{6}(?:00|3[2-9]|[4-9][0-9])',
  '[0-9]{4}(?:023[01]|(?:0[469]|11)31)',
  `${COMMON}0229`,
]
