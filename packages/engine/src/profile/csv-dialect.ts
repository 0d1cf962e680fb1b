import { looksTyped } from './cell-kind.ts'
import { csvRecords } from './csv-records.ts'

/** How a CSV file is written. */
export interface CsvDialect {
  readonly delimiter: string
  readonly header: boolean
  /** The first record: the names, where there is a header. */
  readonly first: readonly string[]
}

/** `, ` before `,`: where every comma is followed by a space, the space is not part of the values. */
const DELIMITERS = [', ', ',', ';', '\t', '|'] as const
const RECORDS = 1000

/**
 * The dialect by the first thousand records: the delimiter that splits all of them into the same number of fields, most
 * fields first; where none does, the one that splits the first record into most. Undefined where no record ends.
 */
export function csvDialect(text: string, whole: boolean): CsvDialect | undefined {
  let best: { readonly delimiter: string; readonly records: string[][]; readonly score: number } | undefined
  for (const delimiter of DELIMITERS) {
    const records = csvRecords(text, delimiter, RECORDS, whole)
    const width = records?.[0]?.length ?? 0
    if (records === undefined || width === 0) continue
    const regular = records.every((record) => record.length === width)
    // A delimiter that does not occur is regular too: any that splits is better.
    const score = width === 1 ? 0 : regular ? 1000 + width : width / 1000
    if (best === undefined || score > best.score) best = { delimiter, records, score }
  }
  if (best === undefined) return undefined
  const delimiter = best.score === 0 ? ',' : best.delimiter
  const [first = [], ...rest] = best.records
  return { delimiter, header: hasHeader(first, rest), first }
}

/**
 * Whether the first record holds names. A column votes yes when all cells below can be read as numbers or dates and the
 * first cannot; no when the first can too, or when it is a text that occurs again below. Most votes win; without votes
 * it is a header, as nearly all CSV files have one. Years as names (`country, 2019, 2020`) are names.
 */
export function hasHeader(first: readonly string[], rest: readonly (readonly string[])[]): boolean {
  if (rest.length === 0) return !first.some((cell) => looksTyped(cell) && !isYear(cell))
  const years = first.filter(isYear)
  const yearNames = years.length >= 2 && new Set(years).size === years.length
  let votes = 0
  first.forEach((cell, i) => {
    const below = rest.map((record) => record[i] ?? '').filter((each) => each.trim() !== '')
    if (below.length === 0) return
    if (below.every(looksTyped)) {
      if (cell.trim() === '' || (yearNames && isYear(cell))) return
      votes += looksTyped(cell) ? -1 : 1
    } else if (cell.trim() !== '' && below.includes(cell)) votes -= 1
  })
  return votes >= 0
}

const isYear = (cell: string): boolean => /^\s*(19|20)\d\d\s*$/.test(cell)
