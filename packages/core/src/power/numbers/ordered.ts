import { orderStatisticInterval } from '../../stats/quantile.ts'
import { binomialUpperTail } from '../../stats/special/binomial.ts'
import { normalQuantile } from '../../stats/special/normal.ts'
import { leastRows } from './least-rows.ts'
import { POWER } from './proportion.ts'

/** What so many rows can say of a quantile. */
export interface QuantileDecidability {
  readonly canHold: boolean
  readonly canFail: boolean
  readonly rowsToHold?: number
  /** The share of rows that lie on the allowed side of the bound where it is shown four times in five. */
  readonly detectable?: number
}

const MOST_ROWS = 1_000_000
const HALVINGS = 50

/**
 * Decidability of a quantile at most (or at least) a bound, by the order statistics between which it lies (H. A. David, H. N. Nagaraja,
 * Order Statistics (2003), 7.1): whatever the numbers are, there is an end only from so many rows on, and it is allowed where enough rows are.
 */
export function quantileBeyond(rows: number, q: number, atLeast: boolean, level: number): QuantileDecidability {
  const endsOf = (n: number) => orderStatisticInterval(ranks(n), q, level)
  const isEnded = (n: number, above: boolean): boolean => Number.isFinite(above ? endsOf(n).high : endsOf(n).low)
  const canHold = rows > 0 && isEnded(rows, !atLeast)
  const canFail = rows > 0 && isEnded(rows, atLeast)
  if (!canHold) {
    const rowsToHold = leastRows((n) => isEnded(n, !atLeast), MOST_ROWS)
    return { canHold, canFail, ...(rowsToHold === undefined ? {} : { rowsToHold }) }
  }
  const { low, high } = endsOf(rows)
  // So many rows have to be allowed: up to the upper end, or from the lower end on.
  const needed = atLeast ? rows - low + 1 : high
  let [open, shown] = [0, 1]
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (open + shown) / 2
    if (binomialUpperTail(needed, rows, middle) >= POWER) shown = middle
    else open = middle
  }
  return { canHold, canFail, detectable: shown }
}

/** 1 … n, as numbers in order of which none is stored. */
function ranks(n: number): ArrayLike<number> {
  return new Proxy(
    { length: n },
    { get: (of, name) => (name === 'length' ? of.length : rankAt(Number(name), n)) },
  ) as ArrayLike<number>
}

const rankAt = (i: number, n: number): number | undefined => (i >= 0 && i < n ? i + 1 : undefined)

/** Fewest pairs of which a correlation has an interval. */
const FEWEST_PAIRS = 4

/**
 * Decidability of a correlation beyond a bound by Fisher's z, whose deviation is 1 / √(n − 3) (R. A. Fisher, Metron 1 (1921)): what is
 * detectable lies the deviations of level and power from the bound on that scale.
 */
export function correlationBeyond(rows: number, bound: number, atLeast: boolean, level: number): QuantileDecidability {
  if (rows < FEWEST_PAIRS) return { canHold: false, canFail: false, rowsToHold: FEWEST_PAIRS }
  if (Math.abs(bound) >= 1) return { canHold: false, canFail: true }
  const away = (normalQuantile((1 + level) / 2) + normalQuantile(POWER)) / Math.sqrt(rows - 3)
  return { canHold: true, canFail: true, detectable: Math.tanh(Math.atanh(bound) + (atLeast ? away : -away)) }
}
