import type { ColumnType } from '@plumbline/core'
import { all, any, number, oneOf, ref, text } from '../text/cel.ts'
import { field, type Fields, isFields, textsIn } from '../text/json.ts'

/** Of what a rule of quality is asked. */
export interface Asked {
  readonly column?: string
  typeOf(column: string): ColumnType
}

/** A rule of the library as a condition of `must`, or why it is none. */
export type ReadQuality = { readonly must: string; readonly difference?: string } | { readonly refused: string }

const OPERATORS: Readonly<Record<string, string>> = {
  mustBe: '==',
  mustNotBe: '!=',
  mustBeGreaterThan: '>',
  mustBeGreaterOrEqualTo: '>=',
  mustBeLessThan: '<',
  mustBeLessOrEqualTo: '<=',
}

/** Names of 3.0 for the metrics of 3.1. */
const OLD: Readonly<Record<string, string>> = {
  nullCheck: 'nullValues',
  nullCount: 'nullValues',
  duplicateCount: 'duplicateValues',
  duplicateCheck: 'duplicateValues',
  validValues: 'invalidValues',
  rowCount: 'rowCount',
}

/** Reads a rule of the library. */
export function readQuality(rule: Fields, asked: Asked): ReadQuality {
  const given = String(field(rule, 'metric') ?? field(rule, 'rule') ?? '')
  const metric = OLD[given] ?? given
  const percent = field(rule, 'unit') === 'percent'
  const measured = termOf(metric, rule, asked, percent)
  if ('refused' in measured) return measured
  const { term, difference } = measured
  const conditions = Object.entries(OPERATORS).flatMap(([name, sign]) => {
    const value = field(rule, name)
    return typeof value === 'number' ? [`${term} ${sign} ${number(value)}`] : []
  })
  for (const [name, inside] of [
    ['mustBeBetween', true],
    ['mustNotBeBetween', false],
  ] as const) {
    const range = field(rule, name)
    const [low, high] = Array.isArray(range) ? range : []
    if (typeof low !== 'number' || typeof high !== 'number') continue
    conditions.push(
      inside
        ? all([`${term} >= ${number(low)}`, `${term} <= ${number(high)}`])
        : any([`${term} < ${number(low)}`, `${term} > ${number(high)}`]),
    )
  }
  // A bare rule of 3.0 asks for none.
  if (conditions.length === 0 && OLD[given] !== undefined && metric !== 'rowCount') conditions.push(`${term} == 0`)
  if (conditions.length === 0) return { refused: 'It has no bound that is understood.' }
  return { must: all(conditions), ...(difference === undefined ? {} : { difference }) }
}

function termOf(
  metric: string,
  rule: Fields,
  { column, typeOf }: Asked,
  percent: boolean,
): { readonly term: string; readonly difference?: string } | { readonly refused: string } {
  const args = field(rule, 'arguments')
  const given = isFields(args) ? args : rule
  const inShare = (condition: string): string => (percent ? `100.0 * share(${condition})` : `sum(${condition} ? 1 : 0)`)
  if (metric === 'rowCount') return percent ? { refused: 'A number of rows has no percentage.' } : { term: 'count()' }
  if (metric === 'duplicateValues') {
    const columns = column === undefined ? textsIn(field(given, 'properties')) : [column]
    if (columns.length === 0) return { refused: 'It names no columns.' }
    const repeated = `duplicates(${columns.map(ref).join(', ')})`
    return {
      term: percent ? `100.0 * double(${repeated}) / double(count())` : repeated,
      difference: 'All rows that have a copy are counted, missing cells like values.',
    }
  }
  if (column === undefined) return { refused: `\`${metric}\` is asked of a column.` }
  const cell = ref(column)
  if (metric === 'nullValues') return { term: percent ? `100.0 * null_share(${cell})` : `count() - present(${cell})` }
  if (metric === 'missingValues') {
    const values = plainsIn(field(given, 'missingValues'))
    const among = oneOf(column, values, typeOf(column))
    return { term: inShare(among === undefined ? `${cell} == null` : any([`${cell} == null`, among])) }
  }
  if (metric === 'invalidValues') {
    const valid = field(given, 'validValues')
    const pattern = field(given, 'pattern')
    const within = Array.isArray(valid) ? oneOf(column, plainsIn(valid), typeOf(column)) : undefined
    if (within !== undefined) return { term: inShare(all([`${cell} != null`, `!(${within})`])) }
    if (typeof pattern === 'string')
      return { term: inShare(all([`${cell} != null`, `!${cell}.matches(${text(pattern)})`])) }
    return { refused: 'It names neither valid values nor a pattern.' }
  }
  return { refused: `The metric \`${metric}\` is not known.` }
}

function plainsIn(value: unknown): readonly (string | number | boolean)[] {
  return Array.isArray(value) ? value.filter((each) => ['string', 'number', 'boolean'].includes(typeof each)) : []
}
