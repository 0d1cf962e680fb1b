import type { Term } from '../expr/must.ts'
import { effectOfMean, meanBeyond, type Spread } from './numbers/mean.ts'
import type { Levels, Said } from './rows-at-hand.ts'

/** A term against its bound. */
export interface Asked {
  readonly term: Term
  readonly bound: number
  readonly atLeast: boolean
}

/** That nothing is known of what is detectable. */
export const unknown = (rows: number, why: string): Said => ({ rows, canHold: true, canFail: true, unknown: why })

/** Joins what can be decided at the most lenient level with what is detectable at the strictest. */
export function joined(
  rows: number,
  lenient: { readonly canHold: boolean; readonly canFail: boolean; readonly rowsToHold?: number },
  detectable: number | undefined,
): Said {
  const { canHold, canFail, rowsToHold } = lenient
  return {
    rows,
    canHold,
    canFail,
    ...(rowsToHold === undefined ? {} : { rowsToHold }),
    ...(detectable === undefined ? {} : { detectable }),
  }
}

/** What is said of a mean whose numbers spread in a known way. */
export function saidOfMean(spread: Spread, bound: number, atLeast: boolean, { lenient, strict }: Levels): Said {
  const { detectable } = meanBeyond(spread, bound, atLeast, strict)
  return joined(spread.rows, meanBeyond(spread, bound, atLeast, lenient), detectable)
}

/** What is said of a mean of so many numbers whose spread nobody knows. */
export function saidOfUnknown(rows: number, of: string, { strict }: Levels): Said {
  const size = effectOfMean(rows, strict)
  const can = size !== undefined
  const effect = can ? { effect: { size, of: `standard deviations of ${of}` } } : { rowsToHold: 2 }
  return { rows, canHold: can, canFail: can, ...effect }
}
