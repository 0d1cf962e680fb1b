import { wilson } from '../proportion.ts'
import { normalCdf } from '../special/normal.ts'
import { positiveShares } from './estimated-metrics.ts'
import { decisionsOf, type ScoreStrata } from './strata.ts'

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
/** Rows outside what the reference has, as a share, that are let pass. */
export const OUTSIDE = 0.02
const LEAST_REFERENCE = 200
const LEAST_CLASS = 30
const LEAST_LABELS = 30

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/**
 * Whether the reference has enough labelled rows, of both classes, and of each decision that the rows have. `strays`: rows of a decision that
 * the reference does not have at all, and that are in no stratum.
 */
export function checkReference(
  strata: ScoreStrata,
  reference: Uint32Array,
  rows: Uint32Array,
  strays = 0,
): AssumptionCheck {
  const decisions = decisionsOf(strata)
  const of = (counts: Uint32Array, step: number, kept: (index: number) => boolean): number =>
    counts.reduce((sum, count, i) => sum + (kept(Math.floor(i / step)) ? count : 0), 0)
  const total = of(reference, 2, () => true)
  const positives = reference.reduce((sum, count, i) => sum + (i % 2 === 1 ? count : 0), 0)
  const fewest = Math.min(
    ...(strays > 0 ? [0] : []),
    ...[0, 1].flatMap((decision) => {
      const asked = (stratum: number): boolean => decisions[stratum] === decision
      return of(rows, 1, asked) === 0 ? [] : [of(reference, 2, asked)]
    }),
  )
  const enough =
    total >= LEAST_REFERENCE && Math.min(positives, total - positives) >= LEAST_CLASS && !(fewest < LEAST_CLASS)
  return {
    assumption: 'reference',
    verdict: enough ? 'holds' : 'fails',
    measured: total,
    bound: LEAST_REFERENCE,
    cause: `The reference has ${total} labelled rows, ${positives} of them positive${fewest < LEAST_CLASS ? `, and ${fewest} of a decision that is taken here` : ''}; ${LEAST_REFERENCE} are asked for, and ${LEAST_CLASS} of each class and decision.`,
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
  /** At value · strata + stratum: labelled rows of the reference, positive ones among them, and the rows without labels. */
  readonly reference: Uint32Array
  readonly positives: Uint32Array
  readonly rows: Uint32Array
}

/**
 * Whether a column's values change the share of positives at a score, and their mix has changed: then the expected share of positives among the
 * rows of a decision is off by Σ over values (share here − share in the reference) · (excess of positives there). Tested for each column and decision
 * by its standard error, at a level for all of them together; what is below {@link MATERIAL} is let pass.
 */
export function checkCalibration(
  strata: ScoreStrata,
  reference: Uint32Array,
  columns: readonly ValueStrata[],
): AssumptionCheck {
  const shares = positiveShares(reference)
  const decisions = decisionsOf(strata)
  const tests = 2 * columns.length
  let worst = { column: '', effect: 0 }
  let failed = { column: '', effect: 0 }
  for (const column of columns) {
    for (const decision of [0, 1]) {
      const { effect, error } = mixEffect(column, strata.count, shares, (stratum) => decisions[stratum] === decision)
      if (Math.abs(effect) > Math.abs(worst.effect)) worst = { column: column.column, effect }
      const p = error === 0 ? 1 : 2 * normalCdf(-Math.abs(effect / error))
      const isFailed = p < FALSE_WITHDRAWALS / tests && Math.abs(effect) > MATERIAL
      if (isFailed && Math.abs(effect) > Math.abs(failed.effect)) failed = { column: column.column, effect }
    }
  }
  const fails = failed.column !== ''
  const shown = fails ? failed : worst
  return {
    assumption: 'calibration',
    verdict: columns.length === 0 ? 'unchecked' : fails ? 'fails' : 'holds',
    measured: columns.length === 0 ? null : Math.abs(shown.effect),
    bound: MATERIAL,
    cause: fails
      ? `At equal scores the share of positives differs by ${shown.column}, whose mix has changed: that alone moves the share of positives of a decision by ${percent(shown.effect)}.`
      : columns.length === 0
        ? 'The model has no input whose mix could be compared.'
        : `No column whose mix has changed moves the share of positives of a decision significantly (at most by ${percent(Math.abs(shown.effect))}).`,
  }
}

function mixEffect(
  { values, reference, positives, rows }: ValueStrata,
  strata: number,
  shares: Float64Array,
  isAsked: (stratum: number) => boolean,
): { readonly effect: number; readonly error: number } {
  const cells = Array.from({ length: values }, (_, value) => {
    let [there, here, excess, variance] = [0, 0, 0, 0]
    for (let stratum = 0; stratum < strata; stratum++) {
      if (!isAsked(stratum)) continue
      const at = value * strata + stratum
      const share = shares[stratum] as number
      const count = reference[at] as number
      there += count
      here += rows[at] as number
      if (count === 0) continue
      excess += (positives[at] as number) - count * share
      variance += count * share * (1 - share)
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
 * Whether labels that are there already differ from what the reference says, by decision and by the lower and upper half of its scores. `labelled`: as
 * {@link labelledCounts}, of the rows that are estimated or of late ones of the same model.
 */
export function checkConcept(strata: ScoreStrata, reference: Uint32Array, labelled: Uint32Array): AssumptionCheck {
  const shares = positiveShares(reference)
  const total = labelled.reduce((sum, count) => sum + count, 0)
  const base = { assumption: 'concept', bound: MATERIAL } as const
  if (total < LEAST_LABELS)
    return {
      ...base,
      verdict: 'unchecked',
      measured: null,
      cause: `${total} of these rows have a label; ${LEAST_LABELS} are needed to see a change of the concept.`,
    }
  const parts = strata.groups.flatMap((group) => {
    if (group === undefined) return []
    const end = group.first + group.edges.length + 1
    const middle = (group.first + end) >> 1
    return [
      [group.first, end],
      [group.first, middle],
      [middle, end],
    ].filter(([from = 0, to = 0]) => to > from)
  })
  let worst = 0
  let failed = 0
  for (const [from = 0, to = 0] of parts) {
    let [excess, variance, rows] = [0, 0, 0]
    for (let stratum = from; stratum < to; stratum++) {
      const positives = labelled[2 * stratum + 1] as number
      const count = positives + (labelled[2 * stratum] as number)
      const known = (reference[2 * stratum] as number) + (reference[2 * stratum + 1] as number)
      if (count === 0 || known === 0) continue
      excess += positives - count * (shares[stratum] as number)
      // A stratum without a positive is not certain to have none.
      const share = ((reference[2 * stratum + 1] as number) + 1) / (known + 2)
      variance += share * (1 - share) * (count + count ** 2 / known)
      rows += count
    }
    if (rows === 0) continue
    const moved = excess / rows
    if (Math.abs(moved) > Math.abs(worst)) worst = moved
    const p = 2 * normalCdf(-Math.abs(excess / Math.sqrt(variance)))
    if (p < FALSE_WITHDRAWALS / parts.length && Math.abs(moved) > Math.max(MATERIAL, Math.abs(failed))) failed = moved
  }
  return {
    ...base,
    verdict: failed === 0 ? 'holds' : 'fails',
    measured: Math.abs(failed === 0 ? worst : failed),
    cause:
      failed === 0
        ? `The ${total} labels that are there come out as the reference says.`
        : `Of the ${total} rows whose label is there, the share of positives at equal scores is off by ${percent(failed)} in a part of the scores.`,
  }
}
