import type { BcaEstimate } from '../../stats/bca.ts'
import { bootstrap, replicatesFor } from '../../stats/bootstrap.ts'
import type { Interval } from '../../stats/estimate.ts'
import { createRandom } from '../../stats/prng.ts'
import { cellPopulation } from '../../stats/resample.ts'
import { leastRows } from './least-rows.ts'
import { POWER } from './proportion.ts'

/** What rows can show of a number made of the counts of a decision. */
export interface MatrixDecidability {
  readonly canHold: boolean
  readonly canFail: boolean
  readonly rowsToHold?: number
  readonly detectable?: number
}

/** Counts of the outcomes of a decision, in an order that `of` knows. */
export type Cells = readonly number[]

/** A number of such counts, and the decisions that some rows may bring. */
export interface Decisions {
  readonly of: (cells: ArrayLike<number>) => number | undefined
  readonly range: Interval
  /** Outcomes of which one shows most, and of which one shows least; of those without any variation nothing is known. */
  readonly best: readonly Cells[]
  readonly worst: readonly Cells[]
  /** The decision that is wrong of a share of the rows of each kind. */
  wrong(share: number): Cells
  /** The least share with a mistake among the rows of each kind. */
  readonly fewest: number
}

const REPLICATES = 799
const HALVINGS = 10
const MOST_ROWS = 100_000
/** Of so many replicates the share that is lost by chance alone may lie three of its errors above the one that is allowed. */
const mostLost = (replicates: number): number => 0.05 + 3 * Math.sqrt((0.05 * 0.95) / replicates)

/**
 * Decidability of `metric >= bound` by the BCa interval that decides it. `detectable`: the value that is shown to be at least the bound four
 * times in five, of a decision that is wrong as often of the rows of each kind. `scaled`: the decisions of as many rows of each kind as
 * there are in so many rows, and `rows`, those at hand.
 */
export function decisionAtLeast(
  scaled: (rows: number) => Decisions,
  rows: number,
  bound: number,
  level: number,
): MatrixDecidability {
  const own = scaled(rows)
  const shows = ({ best, ...of }: Decisions): boolean =>
    best.some((cells) => (intervalOf(of, cells, level)?.low ?? Number.NEGATIVE_INFINITY) >= bound)
  const canHold = shows(own)
  const needed = canHold ? undefined : leastRows((n) => shows(scaled(n)), MOST_ROWS, rows)
  const detectable = canHold ? detectableValue(own, bound, level) : undefined
  return {
    canHold,
    canFail: own.worst.some((cells) => (intervalOf(own, cells, level)?.high ?? Number.POSITIVE_INFINITY) < bound),
    ...(needed === undefined ? {} : { rowsToHold: needed }),
    ...(detectable === undefined ? {} : { detectable }),
  }
}

/** The value of a decision and how far its replicates lie about it: the standard error; undefined where it has none. */
export function decisionError(decisions: Decisions, share: number): { value: number; error: number } | undefined {
  const estimate = estimateOf(decisions, decisions.wrong(share))
  if (estimate === undefined) return undefined
  const { replicates, value } = estimate
  const mean = replicates.reduce((sum, each) => sum + each, 0) / replicates.length
  const squares = replicates.reduce((sum, each) => sum + (each - mean) ** 2, 0)
  return { value, error: Math.sqrt(squares / (replicates.length - 1)) }
}

function intervalOf(decisions: Pick<Decisions, 'of' | 'range'>, cells: Cells, level: number): Interval | undefined {
  return estimateOf(decisions, cells, replicatesFor(1 - level))?.interval(level)
}

function estimateOf(
  { of, range }: Pick<Decisions, 'of' | 'range'>,
  cells: Cells,
  replicates = REPLICATES,
): BcaEstimate | undefined {
  const found = bootstrap(
    {
      populations: [cellPopulation(cells)],
      random: createRandom('plumbline', 'what a decision can show'),
      replicates,
      maxUndefinedShare: mostLost(replicates),
    },
    { evaluate: (counts) => (counts === undefined ? undefined : of(counts)), range },
  )
  return found.kind === 'estimate' && 'replicates' in found ? found : undefined
}

function detectableValue(decisions: Decisions, bound: number, level: number): number | undefined {
  const valueAt = (wrong: number): number | undefined => {
    const estimate = estimateOf(decisions, decisions.wrong(wrong))
    if (estimate === undefined) return undefined
    // As often as not the lower end lies so far below what is measured, and what is measured is drawn like the replicates.
    const width = estimate.value - estimate.interval(level).low
    const drawn = estimate.replicates[Math.floor((1 - POWER) * estimate.replicates.length)] as number
    return drawn - width >= bound ? estimate.value : undefined
  }
  let found = valueAt(decisions.fewest)
  if (found === undefined) return undefined
  let [shown, open] = [decisions.fewest, 0.5]
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (shown + open) / 2
    const value = valueAt(middle)
    if (value === undefined) open = middle
    else [shown, found] = [middle, value]
  }
  return found
}
