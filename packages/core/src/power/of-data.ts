import type { Term } from '../expr/must.ts'
import type { Spread } from './numbers/mean.ts'
import { correlationBeyond, quantileBeyond } from './numbers/ordered.ts'
import { scaleBeyond } from './numbers/scale.ts'
import { type Levels, type RowCount, type Said, spreadKey } from './rows-at-hand.ts'
import { type Asked, joined, saidOfMean, saidOfUnknown, unknown } from './saying.ts'

/** Said of a mean or a sum of numbers in the data. */
export function saidOfNumbers(
  { term, bound, atLeast }: Asked,
  of: 'mean' | 'sum',
  count: RowCount,
  levels: Levels,
): Said {
  const spread = spreadOf(term, count)
  if (spread === undefined) return saidOfUnknown(count.rows, 'the numbers', levels)
  if (of === 'mean') return saidOfMean(spread, bound, atLeast, levels)
  // A sum of as many rows is as many times their mean.
  const { detectable, ...said } = saidOfMean(spread, bound / spread.rows, atLeast, levels)
  return { ...said, ...(detectable === undefined ? {} : { detectable: detectable * spread.rows }) }
}

/** What is said of a quantile: how many rows have to lie on the allowed side of its bound. */
export function saidOfQuantile({ term, atLeast }: Asked, count: RowCount, { lenient, strict }: Levels): Said {
  const [, level] = term.args
  const q = term.fn === 'median' ? 0.5 : level?.kind === 'value' ? level.value : Number.NaN
  const { rows = count.rows } = spreadOf(term, count) ?? {}
  if (!(q > 0 && q < 1)) return unknown(rows, 'the least and the greatest number of a population have no interval')
  const { detectable: allowed } = quantileBeyond(rows, q, atLeast, strict)
  const said = joined(rows, quantileBeyond(rows, q, atLeast, lenient), undefined)
  if (!said.canHold) return { ...said, onlyBy: 'level' }
  return allowed === undefined ? said : { ...said, allowed: { share: allowed, atLeast } }
}

/** Said of how numbers in the data spread, were they normal. */
export function saidOfScale(
  { term, bound, atLeast }: Asked,
  of: 'stddev' | 'variance',
  count: RowCount,
  levels: Levels,
): Said {
  const { rows = count.rows } = spreadOf(term, count) ?? {}
  const detectable = scaleBeyond(of, rows, bound, atLeast, levels.strict)
  return { ...joined(rows, { canHold: true, canFail: true }, detectable), given: 'of normal numbers' }
}

/** Said of a correlation of two columns. */
export function saidOfCorrelation({ bound, atLeast }: Asked, { rows }: RowCount, levels: Levels): Said {
  const ask = (level: number) => correlationBeyond(rows, bound, atLeast, level)
  return joined(rows, ask(levels.lenient), ask(levels.strict).detectable)
}

/** How the numbers of a mean spread, where that was measured. */
function spreadOf({ args: [of] }: Term, { spreads }: RowCount): Spread | undefined {
  if (of?.kind === 'column') return spreads?.get(spreadKey(of.name))
  return of?.kind === 'expr' ? spreads?.get(spreadKey(of.expr)) : undefined
}
