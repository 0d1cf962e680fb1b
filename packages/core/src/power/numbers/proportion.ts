import { leastRows } from './least-rows.ts'
import { wilson } from '../../stats/proportion.ts'
import { binomialCdf, binomialUpperTail } from '../../stats/special/binomial.ts'

/** Rows beyond which none are looked for. */
const MOST_ROWS = 10_000_000

/** What n rows can say of a share that has to be at least (or at most) a bound. */
export interface ShareDecidability {
  /** Some outcome of the rows shows that the bound holds. */
  readonly canHold: boolean
  /** Some outcome shows that it does not. */
  readonly canFail: boolean
  /** Fewest rows with which some outcome shows that it holds; absent where none do. */
  readonly rowsToHold?: number
  /** The share nearest to the bound that is shown to hold four times in five; absent where none is. */
  readonly detectable?: number
}

/** The chance with which a detectable share is shown: 80 %, as is usual (J. Cohen, Statistical Power Analysis, 1988). */
export const POWER = 0.8

/**
 * Decidability of `share >= bound` on n rows by the Wilson interval at a level: the best outcome is n of n, the worst 0 of n. For
 * `<=` ask it of the complement. Source of the interval: E. B. Wilson, JASA 22 (1927); the power is that of the binomial, exact.
 */
export function shareAtLeast(n: number, bound: number, level: number): ShareDecidability {
  const holds = (rows: number): boolean => wilson(rows, rows, level).low >= bound
  const canHold = n > 0 && holds(n)
  const canFail = n > 0 && wilson(0, n, level).high < bound
  const needed = bound < 1 ? leastRows(holds, MOST_ROWS) : undefined
  const detectable = canHold ? detectableShare(n, bound, level) : undefined
  return {
    canHold,
    canFail,
    ...(needed === undefined ? {} : { rowsToHold: needed }),
    ...(detectable === undefined ? {} : { detectable }),
  }
}

/** The same for `share <= bound`; `detectable` is then the greatest share that is shown to hold. */
export function shareAtMost(n: number, bound: number, level: number): ShareDecidability {
  const { detectable, ...rest } = shareAtLeast(n, 1 - bound, level)
  return { ...rest, ...(detectable === undefined ? {} : { detectable: 1 - detectable }) }
}

/** The least share with which k of n rows or more, as many as show the bound, come up with the power asked for. */
function detectableShare(n: number, bound: number, level: number): number | undefined {
  let [few, enough] = [-1, n]
  while (few + 1 < enough) {
    const middle = Math.floor((few + enough) / 2)
    if (wilson(middle, n, level).low >= bound) enough = middle
    else few = middle
  }
  const shown = (share: number): number =>
    enough === 0
      ? 1
      : enough >= n
        ? share ** n
        : Math.max(binomialUpperTail(enough, n, share), 1 - binomialCdf(enough - 1, n, share))
  let [low, high] = [bound, 1]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (shown(middle) >= POWER) high = middle
    else low = middle
  }
  return high
}
