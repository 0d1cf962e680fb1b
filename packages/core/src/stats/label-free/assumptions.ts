import { wilson } from '../proportion.ts'
import { normalCdf } from '../special/normal.ts'
import { meanOutcome, type Outcome, type OutcomeStrata, strataByDecision } from './outcomes.ts'
import type { ScoreStrata } from './strata.ts'

/**
 * What an estimate without labels rests on. `reference`: enough labelled rows. `support`: the rows are such as the reference has. `calibration`:
 * the share of positives at a score is the same within the values of each column, as far as their mix has changed. `concept`: the labels that
 * are there already come out as the reference says.
 */
export type Assumption = 'reference' | 'support' | 'calibration' | 'concept'

/** One assumption as checked. */
export interface AssumptionCheck {
  readonly assumption: Assumption
  /** `unchecked`: there is nothing to check it on. */
  readonly verdict: 'holds' | 'fails' | 'unchecked'
  /** What was found, as a share; null where it was not looked at. */
  readonly measured: number | null
  /** From here on it would fail. */
  readonly bound: number
  /** One sentence with the numbers. */
  readonly cause: string
}

/** The probability with which checks of one kind, together, find something where nothing is. */
export const FALSE_WITHDRAWALS = 0.01
/** A departure of the share of positives that is too small to matter. */
export const MATERIAL = 0.005
/** A relative departure of a mean loss that is too small to matter. */
export const MATERIAL_LOSS = 0.02
/** Rows outside what the reference has, as a share, that are let pass. */
export const OUTSIDE = 0.02
const LEAST_REFERENCE = 200
const LEAST_CLASS = 30
const LEAST_LABELS = 30

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** A kind of labelled rows of which there have to be some: a class, right answers. */
export interface RowKind {
  readonly name: string
  readonly rows: number
}

/**
 * Whether the reference has enough labelled rows, of each kind, and of each decision that the rows have. `strays`: rows of a decision that
 * the reference does not have at all, and that are in no stratum.
 */
export function checkReference(
  strata: ScoreStrata,
  reference: OutcomeStrata,
  rows: Uint32Array,
  kinds: readonly RowKind[],
  strays = 0,
): AssumptionCheck {
  const sumOver = (counts: ArrayLike<number>, places: readonly number[]): number =>
    places.reduce((sum, place) => sum + (counts[place] as number), 0)
  const total = reference.counts.reduce((sum, count) => sum + count, 0)
  const fewest = Math.min(
    ...(strays > 0 ? [0] : []),
    ...strataByDecision(strata).flatMap((places) =>
      sumOver(rows, places) === 0 ? [] : [sumOver(reference.counts, places)],
    ),
  )
  // The kind that is told is the first, unless another one is too rare.
  const rare = kinds.find((kind) => kind.rows < LEAST_CLASS) ?? kinds[0]
  const isEnough =
    total >= LEAST_REFERENCE && kinds.every((kind) => kind.rows >= LEAST_CLASS) && !(fewest < LEAST_CLASS)
  const known = rare === undefined ? '' : `, ${rare.rows} of them ${rare.name}`
  const decided = fewest < LEAST_CLASS ? `, and ${fewest} of a decision that is taken here` : ''
  const each = rare === undefined ? '' : `, and ${LEAST_CLASS} of each class and decision`
  return {
    assumption: 'reference',
    verdict: isEnough ? 'holds' : 'fails',
    measured: total,
    bound: LEAST_REFERENCE,
    cause: `The reference has ${total} labelled rows${known}${decided}; ${LEAST_REFERENCE} are asked for${each}.`,
  }
}

/** Whether rows lie outside what the reference has. `expected`: the share of rows like the reference's that would. */
export function checkSupport(outside: number, rows: number, expected: number, worst?: string): AssumptionCheck {
  const share = rows === 0 ? 0 : outside / rows
  const bound = OUTSIDE + expected
  const fails = rows > 0 && wilson(outside, rows, 1 - 2 * FALSE_WITHDRAWALS).low > bound
  const where = outside === 0 || worst === undefined ? '' : `, most of them in ${worst}`
  return {
    assumption: 'support',
    verdict: fails ? 'fails' : 'holds',
    measured: share,
    bound,
    cause: `${outside} of ${rows} rows (${percent(share)}) hold a value outside what the reference has${where}.`,
  }
}

/** Rows of one column's values: by value, and by stratum within. */
export interface ValueStrata {
  readonly column: string
  /** How many values (or ranges of values) the column has here. */
  readonly values: number
  /** At value · strata + stratum: labelled rows of the reference, the sum of their outcomes, and the rows without labels. */
  readonly reference: Uint32Array
  readonly sums: Float64Array
  readonly rows: Uint32Array
}

/** An outcome in the reference, and how many others are checked beside it. */
export interface CheckedOutcome {
  readonly outcome: Outcome
  readonly reference: OutcomeStrata
  readonly outcomes: number
}

/** What of an outcome is too small to matter: of an event half a point, of a loss two in a hundred of its mean. */
function materialOf({ outcome, reference }: CheckedOutcome): number {
  return outcome.kind === 'event' ? MATERIAL : MATERIAL_LOSS * meanOutcome(reference)
}

/** A change as it is told: of an event in points, of a loss relative to its mean. */
function toldOf({ outcome, reference }: CheckedOutcome, change: number): number {
  return outcome.kind === 'event' ? change : change / (meanOutcome(reference) || 1)
}

/**
 * Whether a column's values change an outcome at a score, and their mix has changed: then what is expected of the rows of a decision is off by
 * Σ over values (share here − share in the reference) · (mean excess of the outcome there). Tested for each column and decision
 * by its standard error, at a level for all of them together; what is too small to matter is let pass.
 */
export function checkCalibration(
  strata: ScoreStrata,
  checked: CheckedOutcome,
  columns: readonly ValueStrata[],
): AssumptionCheck {
  const { outcome, reference, outcomes } = checked
  const decisions = strataByDecision(strata).filter((places) => places.length > 0)
  const tests = decisions.length * columns.length * outcomes
  const material = materialOf(checked)
  let worst = { column: '', effect: 0 }
  let failed = { column: '', effect: 0 }
  for (const column of columns) {
    for (const places of decisions) {
      const { effect, error } = mixEffect(column, strata.count, reference, places)
      if (Math.abs(effect) > Math.abs(worst.effect)) worst = { column: column.column, effect }
      const p = error === 0 ? 1 : 2 * normalCdf(-Math.abs(effect / error))
      const isFailed = p < FALSE_WITHDRAWALS / tests && Math.abs(effect) > material
      if (isFailed && Math.abs(effect) > Math.abs(failed.effect)) failed = { column: column.column, effect }
    }
  }
  const fails = failed.column !== ''
  const shown = fails ? failed : worst
  const moved = toldOf(checked, shown.effect)
  const what = `${outcome.name}${outcome.part}`
  return {
    assumption: 'calibration',
    verdict: columns.length === 0 ? 'unchecked' : fails ? 'fails' : 'holds',
    measured: columns.length === 0 ? null : Math.abs(moved),
    bound: outcome.kind === 'event' ? MATERIAL : MATERIAL_LOSS,
    cause: fails
      ? `At equal scores ${outcome.name} differs by ${failed.column}, whose mix has changed: that alone moves ${what} by ${percent(moved)}.`
      : columns.length === 0
        ? 'The model has no input whose mix could be compared.'
        : `No column whose mix has changed moves ${what} significantly (at most by ${percent(Math.abs(moved))}).`,
  }
}

function mixEffect(
  { values, reference, sums, rows }: ValueStrata,
  strata: number,
  known: OutcomeStrata,
  places: readonly number[],
): { readonly effect: number; readonly error: number } {
  const cells = Array.from({ length: values }, (_, value) => {
    let [there, here, excess, variance] = [0, 0, 0, 0]
    for (const stratum of places) {
      const at = value * strata + stratum
      const count = reference[at] as number
      there += count
      here += rows[at] as number
      if (count === 0) continue
      excess += (sums[at] as number) - count * (known.means[stratum] as number)
      variance += count * (known.variances[stratum] as number)
    }
    return { there, here, excess, variance }
  })
  const there = cells.reduce((sum, cell) => sum + cell.there, 0)
  const here = cells.reduce((sum, cell) => sum + cell.here, 0)
  if (there === 0 || here === 0) return { effect: 0, error: 0 }
  let [effect, variance, mean, square] = [0, 0, 0, 0]
  for (const cell of cells) {
    if (cell.there === 0) continue
    const moved = cell.here / here - cell.there / there
    const excess = cell.excess / cell.there
    effect += moved * excess
    variance += moved ** 2 * (cell.variance / cell.there ** 2)
    const share = (cell.here + cell.there) / (here + there)
    mean += share * excess
    square += share * excess ** 2
  }
  // Of rows from one population the mix differs, too, from sample to sample.
  const byChance = Math.max(0, square - mean ** 2) * (1 / here + 1 / there)
  return { effect, error: Math.sqrt(variance + byChance) }
}

/**
 * Whether labels that are there already differ from what the reference says, by decision and by the lower and upper half of its scores. `late`: the
 * outcome of the rows that are estimated, or of late ones of the same model, as far as their labels are there.
 */
export function checkConcept(strata: ScoreStrata, checked: CheckedOutcome, late: OutcomeStrata): AssumptionCheck {
  const { outcome, reference, outcomes } = checked
  const total = late.counts.reduce((sum, count) => sum + count, 0)
  const base = { assumption: 'concept', bound: outcome.kind === 'event' ? MATERIAL : MATERIAL_LOSS } as const
  if (total < LEAST_LABELS)
    return {
      ...base,
      verdict: 'unchecked',
      measured: null,
      cause: `${total} of these rows have a label; ${LEAST_LABELS} are needed to see a change of the concept.`,
    }
  const parts = strataByDecision(strata).flatMap((places) => {
    const middle = places.length >> 1
    return [places, places.slice(0, middle), places.slice(middle)].filter((part) => part.length > 0)
  })
  let worst = 0
  let failed = 0
  for (const part of parts) {
    let [excess, variance, rows] = [0, 0, 0]
    for (const stratum of part) {
      const count = late.counts[stratum] as number
      const known = reference.counts[stratum] as number
      if (count === 0 || known === 0) continue
      excess += (late.sums[stratum] as number) - count * (reference.means[stratum] as number)
      // A stratum without a positive is not certain to have none.
      variance += (reference.prudent[stratum] as number) * (count + count ** 2 / known)
      rows += count
    }
    if (rows === 0) continue
    const moved = excess / rows
    if (Math.abs(moved) > Math.abs(worst)) worst = moved
    const p = variance === 0 ? (excess === 0 ? 1 : 0) : 2 * normalCdf(-Math.abs(excess / Math.sqrt(variance)))
    const bound = Math.max(materialOf(checked), Math.abs(failed))
    if (p < FALSE_WITHDRAWALS / (parts.length * outcomes) && Math.abs(moved) > bound) failed = moved
  }
  const told = toldOf(checked, failed === 0 ? worst : failed)
  return {
    ...base,
    verdict: failed === 0 ? 'holds' : 'fails',
    measured: Math.abs(told),
    cause:
      failed === 0
        ? `The ${total} labels that are there come out as the reference says.`
        : `Of the ${total} rows whose label is there, ${outcome.name} at equal scores is off by ${percent(told)} in a part of the scores.`,
  }
}

/** Of one assumption checked for several outcomes the one that fails, or else moves most. */
export function gravest(checks: readonly AssumptionCheck[]): AssumptionCheck {
  const [first, ...others] = checks
  if (first === undefined) throw new Error('Nothing was checked.')
  const weight = ({ verdict, measured }: AssumptionCheck): number => (verdict === 'fails' ? 1e6 : 0) + (measured ?? 0)
  return others.reduce((worst, each) => (weight(each) > weight(worst) ? each : worst), first)
}
