/** Rows that a model scored. One array element a row. */
export interface ScoredRows {
  readonly scores: Float64Array
  /** 1 for a positive decision, 0 for a negative one; the number of the class answered; 0 for a regression. */
  readonly decisions: Float64Array
  /** 1 for positive, 0 for negative; the number of the class; the amount of a regression. NaN where the label is missing. */
  readonly labels: Float64Array
}

/** ScoreStrata of rows: within each decision, ranges of the score that hold about equally many rows of the reference. */
export interface ScoreStrata {
  readonly count: number
  /** By decision: the first stratum, and the greatest score of each but the last; undefined where the reference has no such decision. */
  readonly groups: readonly (
    | { readonly first: number; readonly edges: Float64Array; readonly low: number; readonly high: number }
    | undefined
  )[]
}

/** Ranges of the score for one decision, at most: finer ones move no estimate by a thousandth. */
const MOST = 40
/** Rows of the reference that a range holds, at least. */
const LEAST_ROWS = 25

/** The strata of a reference whose decisions are numbered below `answers`. Equal scores share a stratum. */
export function strataOf({ scores, decisions }: ScoredRows, answers = 2): ScoreStrata {
  let count = 0
  const groups = Array.from({ length: answers }, (_, decision) => {
    const own = scores.filter((_, row) => decisions[row] === decision).sort()
    if (own.length === 0) return undefined
    const wanted = Math.max(LEAST_ROWS, own.length / MOST)
    const edges: number[] = []
    let taken = 0
    for (let row = 0; row + 1 < own.length; row++) {
      const isEdge = own[row] !== own[row + 1]
      if (!isEdge || row + 1 - taken < wanted || own.length - row - 1 < LEAST_ROWS) continue
      edges.push(own[row] as number)
      taken = row + 1
    }
    const first = count
    count += edges.length + 1
    return { first, edges: Float64Array.from(edges), low: own[0] as number, high: own.at(-1) as number }
  })
  return { count, groups }
}

/** The stratum of a row; undefined for a decision that the reference does not have. */
export function stratumOf({ groups }: ScoreStrata, score: number, decision: number): number | undefined {
  const group = groups[decision]
  if (group === undefined) return undefined
  let from = 0
  let to = group.edges.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if (score <= (group.edges[middle] as number)) to = middle
    else from = middle + 1
  }
  return group.first + from
}

/** The decision of each stratum. */
export function decisionsOf({ groups, count }: ScoreStrata): Uint16Array {
  const decisions = new Uint16Array(count)
  for (const [decision, group] of groups.entries()) if (group !== undefined) decisions.fill(decision, group.first)
  return decisions
}

/** Labelled rows by stratum: at 2 · stratum the negative ones, behind them the positive. Rows without a label count for nothing. */
export function labelledCounts(strata: ScoreStrata, rows: ScoredRows): Uint32Array {
  const counts = new Uint32Array(2 * strata.count)
  rows.scores.forEach((score, row) => {
    const label = rows.labels[row] as number
    const stratum = stratumOf(strata, score, rows.decisions[row] as number)
    if (stratum !== undefined && !Number.isNaN(label)) (counts[2 * stratum + (label === 1 ? 1 : 0)] as number)++
  })
  return counts
}

/** Rows by stratum, with or without a label. */
export function rowCounts(strata: ScoreStrata, rows: ScoredRows): Uint32Array {
  const counts = new Uint32Array(strata.count)
  rows.scores.forEach((score, row) => {
    const stratum = stratumOf(strata, score, rows.decisions[row] as number)
    if (stratum !== undefined) (counts[stratum] as number)++
  })
  return counts
}
