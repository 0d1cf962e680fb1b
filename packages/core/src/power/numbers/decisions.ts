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
}

/** Counts of the outcomes of a decision, in an order that `of` knows. */
export type Cells = readonly number[]

/** A number of such counts, and the decisions that some rows may bring. */
export interface Decisions {
  /** What tells the number from others: its function and its argument. */
  readonly name: string
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

/** The decisions of as many rows of each kind as there are in so many rows, and the rows at hand. */
export interface ScaledDecisions {
  readonly of: (rows: number) => Decisions
  readonly rows: number
}

/**
 * Intervals that were resampled, by number, outcomes and replicates. Every step of Holm's procedure asks the same of a slice, and
 * mostly of as many replicates; the numbers drawn follow from what is asked, so what is known is what would be found.
 */
export type Resampled = Map<string, BcaEstimate | undefined>

/** Whether `metric >= bound` can be shown to hold, or not to (taken to be so where `asksBoth` is false), by the BCa interval that decides it. */
export function decisionDecides(
  { of, rows }: ScaledDecisions,
  bound: number,
  level: number,
  { asksBoth = true, known }: { readonly asksBoth?: boolean; readonly known?: Resampled | undefined } = {},
): MatrixDecidability {
  const own = of(rows)
  const replicates = replicatesFor(1 - level)
  const intervalOf = (decisions: Decisions, cells: Cells): Interval | undefined =>
    estimateOf(decisions, cells, replicates, known)?.interval(level)
  const shows = (decisions: Decisions): boolean =>
    decisions.best.some((cells) => (intervalOf(decisions, cells)?.low ?? Number.NEGATIVE_INFINITY) >= bound)
  const canHold = shows(own)
  const needed = canHold ? undefined : leastRows((n) => shows(of(n)), MOST_ROWS, rows)
  return {
    canHold,
    canFail: !asksBoth || own.worst.some((cells) => (intervalOf(own, cells)?.high ?? Number.POSITIVE_INFINITY) < bound),
    ...(needed === undefined ? {} : { rowsToHold: needed }),
  }
}

/** The value of a decision and how far its replicates lie about it: the standard error; undefined where it has none. */
export function decisionError(decisions: Decisions, share: number): { value: number; error: number } | undefined {
  const estimate = estimateOf(decisions, decisions.wrong(share), REPLICATES)
  if (estimate === undefined) return undefined
  const { replicates, value } = estimate
  const mean = replicates.reduce((sum, each) => sum + each, 0) / replicates.length
  const squares = replicates.reduce((sum, each) => sum + (each - mean) ** 2, 0)
  return { value, error: Math.sqrt(squares / (replicates.length - 1)) }
}

function estimateOf(
  decisions: Decisions,
  cells: Cells,
  replicates: number,
  known?: Resampled,
): BcaEstimate | undefined {
  if (known === undefined) return resample(decisions, cells, replicates)
  const asked = `${decisions.name} ${replicates} ${cells.join()}`
  if (!known.has(asked)) known.set(asked, resample(decisions, cells, replicates))
  return known.get(asked)
}

function resample({ of, range }: Decisions, cells: Cells, replicates: number): BcaEstimate | undefined {
  // Of most outcomes there are no rows: only those that occur are drawn.
  const places = cells.flatMap((rows, place) => (rows > 0 ? [place] : []))
  const all = new Float64Array(cells.length)
  const found = bootstrap(
    {
      populations: [cellPopulation(places.map((place) => cells[place] as number))],
      random: createRandom('plumbline', 'what a decision can show'),
      replicates,
      maxUndefinedShare: mostLost(replicates),
    },
    {
      evaluate: (counts) => {
        for (let i = 0; i < places.length; i++) all[places[i] as number] = counts?.[i] ?? 0
        return of(all)
      },
      range,
    },
  )
  return found.kind === 'estimate' && 'replicates' in found ? found : undefined
}

/** The value that is shown to be at least the bound four times in five, of a decision that is wrong as often of the rows of each kind. */
export function detectableDecision(
  decisions: Decisions,
  bound: number,
  level: number,
  known?: Resampled,
): number | undefined {
  const replicates = replicatesFor(1 - level)
  const valueAt = (wrong: number): number | undefined => {
    const estimate = estimateOf(decisions, decisions.wrong(wrong), replicates, known)
    if (estimate === undefined) return undefined
    // As often as not the lower end lies so far below what is measured, and what is measured is drawn like the replicates.
    const width = estimate.value - estimate.interval(level).low
    const drawn = estimate.replicates[Math.floor((1 - POWER) * estimate.replicates.length)] as number
    return drawn - width >= bound ? estimate.value : undefined
  }
  let found: number | undefined
  let [shown, open] = [0, 0.5]
  // Of one mistake alone the end of the interval may lie far away.
  for (const times of [1, 2, 4, 8]) {
    shown = Math.min(0.5, times * decisions.fewest)
    found = valueAt(shown)
    if (found !== undefined) break
  }
  if (found === undefined) return undefined
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (shown + open) / 2
    const value = valueAt(middle)
    if (value === undefined) open = middle
    else [shown, found] = [middle, value]
  }
  return found
}
