import { boundText } from '../../clause/bound-text.ts'
import type { ProgramColumn } from '../../clause/program.ts'
import { type Order, together } from '../change.ts'
import { orderOfSets } from './sets.ts'

/**
 * Order of two declared domains of a column as something is asked of all of it: a smaller domain asks less. A bound that is not
 * there is infinite.
 */
export function orderOfDomains(before: ProgramColumn, after: ProgramColumn): Order {
  if (before.columnType !== after.columnType) return 'incomparable'
  const values = (column: ProgramColumn): readonly string[] | undefined =>
    column.values?.map(({ code }) => JSON.stringify(code))
  const [old, now] = [values(before), values(after)]
  const listed =
    old === undefined ? (now === undefined ? 'same' : 'weaker') : now === undefined ? 'stronger' : orderOfSets(old, now)
  return together([
    listed,
    orderOfBounds(after.low, before.low, -Infinity),
    orderOfBounds(before.high, after.high, Infinity),
    before.optional === after.optional ? 'same' : after.optional ? 'stronger' : 'weaker',
  ])
}

/**
 * Order of two declared ranges as what is near a row is measured by them: a share of their width, kept within their ends. Another
 * width elsewhere is another neighbourhood.
 */
export function orderOfWidths(before: ProgramColumn, after: ProgramColumn): Order {
  return together([orderOfBounds(after.low, before.low, -Infinity), orderOfBounds(before.high, after.high, Infinity)])
}

/** Stronger where the first is less: the low end of a wider domain, with the roles changed for the high end. */
function orderOfBounds(first: number | string | undefined, second: number | string | undefined, none: number): Order {
  const [a, b] = [boundValue(first, none), boundValue(second, none)]
  return a < b ? 'stronger' : a > b ? 'weaker' : 'same'
}

/** A bound as a number that compares exactly; integers and times are kept as decimal text. */
function boundValue(bound: number | string | undefined, none: number): number | bigint {
  if (bound === undefined) return none
  return typeof bound === 'string' && /^-?\d+$/.test(bound) ? BigInt(bound) : Number(bound)
}

/** A domain as people read it. */
export function domainText(column: ProgramColumn): string {
  const values = column.values?.map(({ code }) => String(code)).join(', ')
  const [low, high] = [column.low, column.high].map((bound) => boundText(column.type, bound))
  const range = low === undefined && high === undefined ? undefined : `[${low ?? '…'}, ${high ?? '…'}]`
  const parts = [values === undefined ? undefined : `{${values}}`, range, column.optional ? 'or missing' : undefined]
  return `${column.columnType} ${parts.filter((part) => part !== undefined).join(' ')}`.trim()
}
