import { holm } from '../holm.ts'
import { studentCdf } from '../special/student-t.ts'
import { fisherTest } from '../tests/contingency.ts'
import { satisfies, type SegmentCondition } from './conditions.ts'
import { type FoundSegment, searchSegments, type SegmentLimits, type SegmentRows } from './search.ts'

/** Rows of one side, and their mean loss. */
export interface MeanLoss {
  readonly rows: number
  readonly loss: number
}

/** A weak segment, measured on rows that the search did not see. */
export interface WeakSegment {
  readonly conditions: readonly SegmentCondition[]
  readonly inside: MeanLoss
  readonly outside: MeanLoss
  /** Of no difference, two-sided. */
  readonly p: number
}

/** What a search found and what of it the other rows bear out. */
export interface SegmentSearch {
  /** The surest first. */
  readonly segments: readonly WeakSegment[]
  /** How many were asked of the other half: the family that is corrected for. */
  readonly tested: number
  /** The probability that any of the segments is one by chance, at most. */
  readonly alpha: number
}

/** Of all searches of data without a weak segment, at most this share confirms one. */
export const SEGMENT_ALPHA = 0.05

/**
 * Searches one half of the rows for weak segments, and confirms on the other half what was found: Fisher's exact test where losses are 0 or 1, else
 * Welch's, corrected by Holm over all that were found. `half`: 0 for rows that are searched, 1 for those that confirm.
 */
export function weakSegments(rows: SegmentRows, half: Uint8Array, limits: SegmentLimits = {}): SegmentSearch {
  const of = (which: number): Uint32Array =>
    Uint32Array.from(half.keys()).filter((row) => half[row] === which && !Number.isNaN(rows.losses[row] as number))
  const found = searchSegments(rows, of(0), limits)
  const confirming = of(1)
  const measured = found.map((segment) => measure(rows, confirming, segment, limits.fewest ?? 50))
  const decided = holm(
    measured.map((each) => each?.p),
    SEGMENT_ALPHA,
  )
  const segments = measured.flatMap((each, i) =>
    each !== undefined && decided[i]?.rejected === true && each.inside.loss > each.outside.loss ? [each] : [],
  )
  return { segments: segments.toSorted((a, b) => a.p - b.p), tested: found.length, alpha: SEGMENT_ALPHA }
}

interface Sums {
  n: number
  sum: number
  squares: number
}

function measure(
  { losses, columns }: SegmentRows,
  rows: Uint32Array,
  { conditions }: FoundSegment,
  fewest: number,
): WeakSegment | undefined {
  const asked = conditions.map((condition) => ({
    condition,
    cells: columns.find(({ name }) => name === condition.column)?.cells ?? new Float64Array(0),
  }))
  const sides: readonly [Sums, Sums] = [
    { n: 0, sum: 0, squares: 0 },
    { n: 0, sum: 0, squares: 0 },
  ]
  let isBinary = true
  for (const row of rows) {
    const loss = losses[row] as number
    const inside = asked.every(({ condition, cells }) => satisfies(condition, cells[row] as number))
    const side = sides[inside ? 0 : 1]
    side.n++
    side.sum += loss
    side.squares += loss ** 2
    isBinary &&= loss === 0 || loss === 1
  }
  const [inside, outside] = sides
  if (inside.n < fewest || outside.n < fewest) return undefined
  const p = isBinary ? exact(inside, outside) : welch(inside, outside)
  const meanOf = ({ n, sum }: Sums): MeanLoss => ({ rows: n, loss: sum / n })
  return p === undefined ? undefined : { conditions, inside: meanOf(inside), outside: meanOf(outside), p }
}

function exact(inside: Sums, outside: Sums): number | undefined {
  return fisherTest([inside.sum, inside.n - inside.sum], [outside.sum, outside.n - outside.sum])?.p
}

/** Source: B. L. Welch, Biometrika 34 (1947). */
function welch(inside: Sums, outside: Sums): number | undefined {
  const errorOf = ({ n, sum, squares }: Sums): number => Math.max(0, squares - sum ** 2 / n) / (n - 1) / n
  const [a, b] = [errorOf(inside), errorOf(outside)]
  if (!(a + b > 0)) return undefined
  const t = (inside.sum / inside.n - outside.sum / outside.n) / Math.sqrt(a + b)
  const degrees = (a + b) ** 2 / (a ** 2 / (inside.n - 1) + b ** 2 / (outside.n - 1))
  return Math.min(1, 2 * studentCdf(-Math.abs(t), degrees))
}
