import { type Candidate, candidatesOf, type SegmentColumn, type SegmentCondition } from './conditions.ts'

/** Rows with the loss of each (0 or 1 for a wrong decision, or an error), and the columns they may differ by. */
export interface SegmentRows {
  readonly losses: Float64Array
  readonly columns: readonly SegmentColumn[]
}

/** How far is searched. */
export interface SegmentLimits {
  /** Conditions that are joined, at most; default 2, at most 3. */
  readonly depth?: number
  /** Rows of a segment in each half, at least; default 50. */
  readonly fewest?: number
  /** Segments that are handed on to be confirmed, at most; default 10. */
  readonly most?: number
}

/** Conditions that hold together where the loss is high. */
export interface FoundSegment {
  readonly conditions: readonly SegmentCondition[]
  /** How many standard errors its mean loss is above that of all. */
  readonly score: number
}

/** Joined conditions that are tried further. */
const BEAM = 30
/** Below this nothing would be confirmed by as many rows. */
const LEAST_SCORE = 2
/** A further condition has to raise the score by so much: by less, one that means nothing does. */
const MORE = 1
/** Of two segments that share more than this of their rows only the one with the higher score is told. */
const SHARED = 0.5

interface Node extends FoundSegment {
  readonly holds: Uint8Array
  readonly rows: number
}

/** The segments of some rows with the highest losses, by a beam search; none twice under two names. */
export function searchSegments(
  { losses, columns }: SegmentRows,
  rows: Uint32Array,
  { depth = 2, fewest = 50, most = 10 }: SegmentLimits = {},
): readonly FoundSegment[] {
  const own = Float64Array.from(rows, (row) => losses[row] as number)
  const mean = own.reduce((sum, loss) => sum + loss, 0) / Math.max(1, own.length)
  const deviation = Math.sqrt(own.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / Math.max(1, own.length - 1))
  if (!(deviation > 0)) return []
  const candidates = candidatesOf(columns, rows, fewest)
  const scored = (conditions: readonly SegmentCondition[], holds: Uint8Array): Node | undefined => {
    let [count, sum] = [0, 0]
    for (let row = 0; row < holds.length; row++) {
      if (holds[row] === 0) continue
      count++
      sum += own[row] as number
    }
    if (count < fewest || count > own.length - fewest) return undefined
    const error = deviation * Math.sqrt(1 / count - 1 / own.length)
    return { conditions, holds, rows: count, score: (sum / count - mean) / error }
  }
  let beam = best(candidates.flatMap(({ condition, holds }) => scored([condition], holds) ?? []))
  const found = [...beam]
  for (let level = 2; level <= Math.min(3, depth); level++) {
    beam = best(beam.flatMap((node) => joined(node, candidates, scored)))
    found.push(...beam)
  }
  return distinct(found.filter(({ score }) => score >= LEAST_SCORE).sort(byScore)).slice(0, most)
}

const byScore = (a: Node, b: Node): number => b.score - a.score || a.conditions.length - b.conditions.length

const best = (nodes: readonly Node[]): Node[] => nodes.toSorted(byScore).slice(0, BEAM)

/** A segment narrowed by one more condition, where that shows more than it does. */
function joined(
  node: Node,
  candidates: readonly Candidate[],
  scored: (conditions: readonly SegmentCondition[], holds: Uint8Array) => Node | undefined,
): readonly Node[] {
  return candidates.flatMap(({ condition, holds }) => {
    // The same comparison of one column twice is one of the two.
    if (node.conditions.some(({ column, op }) => column === condition.column && op === condition.op)) return []
    const next = scored(
      [...node.conditions, condition],
      holds.map((each, row) => each & (node.holds[row] as number)),
    )
    return next === undefined || next.score <= node.score + MORE ? [] : [next]
  })
}

function distinct(nodes: readonly Node[]): readonly Node[] {
  const kept: Node[] = []
  for (const node of nodes) {
    const isKnown = kept.some((other) => {
      let both = 0
      for (let row = 0; row < node.holds.length; row++)
        both += (node.holds[row] as number) & (other.holds[row] as number)
      return both / (node.rows + other.rows - both) > SHARED
    })
    if (!isKnown) kept.push(node)
  }
  return kept
}
