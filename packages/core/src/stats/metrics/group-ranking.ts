/** Rows of one group in runs of equal score, the highest first: how relevant they are, and how many came before. */
interface Run {
  readonly before: number
  readonly size: number
  readonly gain: number
  readonly relevant: number
}

/** A metric of the order of one group; `undefined` where nothing in it is relevant. */
export type GroupMetric = (relevance: ArrayLike<number>, scores: ArrayLike<number>) => number | undefined

function runsOf(relevance: ArrayLike<number>, scores: ArrayLike<number>): readonly Run[] {
  const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => {
    const [left, right] = [scores[a] as number, scores[b] as number]
    return left > right ? -1 : left < right ? 1 : a - b
  })
  const runs: Run[] = []
  for (let start = 0; start < order.length; ) {
    let end = start
    let gain = 0
    let relevant = 0
    const score = scores[order[start] as number]
    while (end < order.length && scores[order[end] as number] === score) {
      const own = relevance[order[end++] as number] as number
      gain += own
      if (own > 0) relevant++
    }
    runs.push({ before: start, size: end - start, gain, relevant })
    start = end
  }
  return runs
}

const discount = (rank: number): number => 1 / Math.log2(rank + 2)

/**
 * Normalised discounted cumulative gain of the first k, rows of equal score in a random order (as scikit-learn's ndcg_score). Source:
 * K. Järvelin, J. Kekäläinen, ACM TOIS 20 (2002); ties after F. McSherry, M. Najork, ECIR 2008.
 */
export const ndcg =
  (k: number): GroupMetric =>
  (relevance, scores) => {
    const sums = (runs: readonly Run[]): number =>
      runs.reduce((sum, { before, size, gain }) => {
        let discounts = 0
        for (let rank = before; rank < Math.min(before + size, k); rank++) discounts += discount(rank)
        return sum + (gain / size) * discounts
      }, 0)
    const ideal = sums(runsOf(relevance, relevance))
    return ideal > 0 ? sums(runsOf(relevance, scores)) / ideal : undefined
  }

const relevantIn = (runs: readonly Run[]): number => runs.reduce((sum, { relevant }) => sum + relevant, 0)

/**
 * Average precision of one group, expected over the orders of equal scores. Source: McSherry & Najork, "Computing Information
 * Retrieval Performance Measures Efficiently in the Presence of Tied Scores", ECIR 2008.
 */
export const groupPrecision: GroupMetric = (relevance, scores) => {
  const runs = runsOf(relevance, scores)
  const all = relevantIn(runs)
  if (all === 0) return undefined
  let sum = 0
  let found = 0
  for (const { before, size, relevant } of runs) {
    const places = relevant > 0 ? size : 0
    for (let i = 0; i < places; i++) {
      // Of a relevant row at this place: itself, those of runs before, and of the others of its run their share.
      const others = size === 1 ? 0 : (i * (relevant - 1)) / (size - 1)
      sum += (relevant / size) * ((found + 1 + others) / (before + i + 1))
    }
    found += relevant
  }
  return sum / all
}

/** 1 / rank of the first relevant row, expected over the orders of equal scores. */
export const reciprocalRank: GroupMetric = (relevance, scores) => {
  const first = runsOf(relevance, scores).find(({ relevant }) => relevant > 0)
  if (first === undefined) return undefined
  const { before, size, relevant } = first
  let expected = 0
  let without = 1
  for (let i = 0; i <= size - relevant; i++) {
    const here = relevant / (size - i)
    expected += (without * here) / (before + i + 1)
    without *= 1 - here
  }
  return expected
}

function hits(k: number, runs: readonly Run[]): number {
  return runs.reduce((sum, { before, size, relevant }) => {
    const taken = Math.min(size, Math.max(0, k - before))
    return sum + (taken / size) * relevant
  }, 0)
}

/** Relevant rows among the first k, as a share of k. */
export const precisionAt =
  (k: number): GroupMetric =>
  (relevance, scores) => {
    const runs = runsOf(relevance, scores)
    return relevantIn(runs) === 0 ? undefined : hits(k, runs) / k
  }

/** Relevant rows among the first k, as a share of all relevant ones. */
export const recallAt =
  (k: number): GroupMetric =>
  (relevance, scores) => {
    const runs = runsOf(relevance, scores)
    const all = relevantIn(runs)
    return all === 0 ? undefined : hits(k, runs) / all
  }

/** The probability that a relevant row is among the first k, rows of equal score in a random order. */
export const hitAt =
  (k: number): GroupMetric =>
  (relevance, scores) => {
    const first = runsOf(relevance, scores).find(({ relevant }) => relevant > 0)
    if (first === undefined) return undefined
    const taken = Math.min(first.size, Math.max(0, k - first.before))
    let without = 1
    // One place after the other holds none of the relevant rows that are left.
    for (let i = 0; i < taken; i++) without *= Math.max(0, 1 - first.relevant / (first.size - i))
    return 1 - without
  }
