import { type DraftedClause, stats, type ClauseSupport } from '@plumbline/core'
import type { Candidate, NumberCandidate, RowCandidate } from './candidate.ts'
import { mostlyText } from './stable-range.ts'
import { type GroupSums, type ReadSum, ROWS } from './sums.ts'

/** A candidate that the rows support, without the names that its place in a spec decides. */
export type Judged = Pick<DraftedClause, 'says' | 'every' | 'must' | 'mostly' | 'missing' | 'support'>

/** The share of resamples in which a clause must hold. */
const RESAMPLED = 0.95
/** Half the width of bounds in standard errors: a new table of the same size differs by √2 of them, so that one in some
 * ten thousand lies outside. */
const ERRORS = 6

/** What judges: the sums, and those of the resamples. */
export interface Bench {
  readonly sums: GroupSums
  readonly resamples: readonly ReadSum[]
}

/** The clause of a candidate with its support; undefined where the held-out part or the resamples deny it. */
export function judge(candidate: Candidate, bench: Bench): Judged | undefined {
  return candidate.kind === 'rows' ? judgeRows(candidate, bench) : judgeNumber(candidate, bench)
}

function judgeRows(candidate: RowCandidate, { sums, resamples }: Bench): Judged | undefined {
  const { says, every, failing, tolerance = 0, missing } = candidate
  const within = (sum: ReadSum): boolean => sum(failing) <= tolerance * sum(ROWS)
  if (sums.learned(failing) > 0 || !within(sums.heldOut) || !within(sums.all)) return undefined
  const held = resamples.filter(within).length
  if (held < RESAMPLED * resamples.length) return undefined
  const rows = sums.all(ROWS)
  const good = rows - sums.all(failing)
  const { low, high } = stats.clopperPearson(good, rows, 0.95)
  const support: ClauseSupport = {
    rows,
    held: good,
    of: 'rows',
    interval: [low, high],
    resamples: { held, of: resamples.length, kind: 'bootstrap' },
    heldOut: { rows: sums.heldOut(ROWS), held: sums.heldOut(ROWS) - sums.heldOut(failing) },
  }
  return {
    says,
    every,
    ...(tolerance === 0 ? {} : { mostly: mostlyText(tolerance) }),
    ...(missing === undefined ? {} : { missing }),
    support,
  }
}

function judgeNumber(candidate: NumberCandidate, { sums, resamples }: Bench): Judged | undefined {
  const values = resamples.map((sum) => candidate.value(sum)).filter((value) => value !== undefined)
  const all = candidate.value(sums.all)
  const learned = candidate.value(sums.learned)
  const heldOut = candidate.value(sums.heldOut)
  if (all === undefined || learned === undefined || heldOut === undefined) return undefined
  if (values.length < resamples.length * RESAMPLED) return undefined
  const error = spread(values)
  // Fewer rows vary more: bounds learned without the held-out part are those of a smaller table.
  const fewer = Math.sqrt(sums.all(ROWS) / sums.learned(ROWS))
  if (!inside(heldOut, boundsOf(candidate, learned, error * fewer))) return undefined
  const bounds = boundsOf(candidate, all, error)
  const held = values.filter((value) => inside(value, bounds)).length
  if (!inside(heldOut, bounds) || !inside(learned, bounds) || held < RESAMPLED * resamples.length) return undefined
  const [low, high] = bounds
  if (low === undefined && high === undefined) return undefined
  const { term, says } = candidate
  const sorted = values.toSorted((a, b) => a - b)
  const at = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? all
  return {
    says,
    must: [
      ...(low === undefined ? [] : [`${term} >= ${number(low)}`]),
      ...(high === undefined ? [] : [`${term} <= ${number(high)}`]),
    ].join(' && '),
    support: {
      rows: sums.all(ROWS),
      held: all,
      of: 'value',
      interval: [at(0.025), at(0.975)],
      resamples: { held, of: resamples.length, kind: 'bootstrap' },
      heldOut: { rows: sums.heldOut(ROWS), held: heldOut },
    },
  }
}

type Bounds = readonly [low: number | undefined, high: number | undefined]

/** Bounds around a value, rounded outwards to two digits of their half width; those beyond the domain say nothing. */
function boundsOf({ sides, least, domain }: NumberCandidate, value: number, error: number): Bounds {
  const half = Math.max(ERRORS * error, least(value))
  const step = 10 ** (Math.floor(Math.log10(half)) - 1)
  const low = outwards(value - half, step, Math.floor)
  const high = outwards(value + half, step, Math.ceil)
  const [least0, most0] = domain ?? [-Infinity, Infinity]
  return [sides !== 'below' && low > least0 ? low : undefined, sides !== 'above' && high < most0 ? high : undefined]
}

/** By decimal text, so that 0.15 does not become 0.15000000000000002. */
function outwards(value: number, step: number, round: (x: number) => number): number {
  if (!(step > 0) || !Number.isFinite(value / step)) return value
  const multiple = round(value / step)
  const exponent = Math.round(Math.log10(step))
  return Number.isSafeInteger(multiple) ? Number(`${multiple}e${exponent}`) : value
}

const inside = (value: number, [low, high]: Bounds): boolean =>
  (low === undefined || value >= low) && (high === undefined || value <= high)

function spread(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1))
}

function number(value: number): string {
  const text = String(value === 0 ? 0 : value)
  return /[.e]/.test(text) ? text : `${text}.0`
}
