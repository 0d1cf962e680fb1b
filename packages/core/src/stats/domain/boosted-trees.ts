import type { Random } from '../prng.ts'
import { type Feature, MOST_BINS } from './bins.ts'

const TREES = 60
const DEPTH = 3
const LEARNING_RATE = 0.15
/** Ridge on the value of a leaf. */
const LAMBDA = 1
/** Least weight (Hessian) of a leaf: some 20 rows of an undecided tree. */
const LEAST_WEIGHT = 5
/** Of more features each tree sees so many, drawn anew. */
const SEEN = 64

interface Split {
  readonly feature: Feature
  /** Rows in this bin or below go left. */
  readonly bin: number
}

/** A tree by levels: inner nodes 0 … 2^DEPTH − 2 (absent: all go left), then the values of the leaves. */
interface Tree {
  readonly splits: readonly (Split | undefined)[]
  readonly leaves: Float64Array
}

/**
 * Learns on some rows which of two samples a row is of, and scores others (log odds): boosted trees of depth 3 over histograms of gradients
 * (T. Chen, C. Guestrin, XGBoost, 2016: eqs. 5–7). Both samples weigh alike however many rows each has.
 */
export function boostedScores(
  features: readonly Feature[],
  isSecond: (row: number) => boolean,
  learned: Uint32Array,
  judged: Uint32Array,
  random: Random,
): Float64Array {
  const targets = Uint8Array.from(learned, (row) => (isSecond(row) ? 1 : 0))
  const seconds = targets.reduce((sum, each) => sum + each, 0)
  const weights = [learned.length / (2 * (learned.length - seconds)), learned.length / (2 * seconds)] as const
  const known = new Float64Array(learned.length)
  const scores = new Float64Array(judged.length)
  const gradients = new Float64Array(learned.length)
  const hessians = new Float64Array(learned.length)
  for (let t = 0; t < TREES; t++) {
    targets.forEach((target, i) => {
      const p = 1 / (1 + Math.exp(-(known[i] as number)))
      const weight = weights[target as 0 | 1]
      gradients[i] = weight * (p - target)
      hessians[i] = weight * p * (1 - p)
    })
    const tree = grow(drawn(features, random), learned, gradients, hessians)
    add(tree, learned, known)
    add(tree, judged, scores)
  }
  return scores
}

function drawn(features: readonly Feature[], random: Random): readonly Feature[] {
  return features.length <= SEEN ? features : random.shuffle([...features]).slice(0, SEEN)
}

function grow(features: readonly Feature[], rows: Uint32Array, gradients: Float64Array, hessians: Float64Array): Tree {
  const inner = 2 ** DEPTH - 1
  const splits = Array.from<Split | undefined>({ length: inner })
  // The node of each row, counted within its level.
  const nodes = new Uint8Array(rows.length)
  for (let level = 0; level < DEPTH; level++) {
    const width = 2 ** level
    const found = bestSplits(features, width, nodes, rows, gradients, hessians)
    found.forEach((split, node) => {
      splits[width - 1 + node] = split
    })
    rows.forEach((row, i) => {
      const node = nodes[i] as number
      const split = found[node]
      const right = split !== undefined && (split.feature[row] as number) > split.bin
      nodes[i] = 2 * node + (right ? 1 : 0)
    })
  }
  const [sums, weights] = [new Float64Array(inner + 1), new Float64Array(inner + 1)]
  nodes.forEach((node, i) => {
    sums[node] = (sums[node] as number) + (gradients[i] as number)
    weights[node] = (weights[node] as number) + (hessians[i] as number)
  })
  return { splits, leaves: sums.map((sum, i) => (-LEARNING_RATE * sum) / ((weights[i] as number) + LAMBDA)) }
}

/** The split of each node of a level that gains most; undefined where none gains anything. */
function bestSplits(
  features: readonly Feature[],
  width: number,
  nodes: Uint8Array,
  rows: Uint32Array,
  gradients: Float64Array,
  hessians: Float64Array,
): readonly (Split | undefined)[] {
  const best: { gain: number; split: Split | undefined }[] = Array.from({ length: width }, () => ({
    gain: 1e-9,
    split: undefined,
  }))
  const sums = new Float64Array(width * MOST_BINS)
  const weights = new Float64Array(width * MOST_BINS)
  for (const feature of features) {
    sums.fill(0)
    weights.fill(0)
    for (let i = 0; i < rows.length; i++) {
      const at = (nodes[i] as number) * MOST_BINS + (feature[rows[i] as number] as number)
      sums[at] = (sums[at] as number) + (gradients[i] as number)
      weights[at] = (weights[at] as number) + (hessians[i] as number)
    }
    for (let node = 0; node < width; node++) {
      const from = node * MOST_BINS
      const cut = bestCut(sums.subarray(from, from + MOST_BINS), weights.subarray(from, from + MOST_BINS))
      const known = best[node]
      if (cut !== undefined && known !== undefined && cut.gain > known.gain) {
        best[node] = { gain: cut.gain, split: { feature, bin: cut.bin } }
      }
    }
  }
  return best.map(({ split }) => split)
}

function bestCut(
  sums: Float64Array,
  weights: Float64Array,
): { readonly gain: number; readonly bin: number } | undefined {
  const all = sums.reduce((a, b) => a + b, 0)
  const weight = weights.reduce((a, b) => a + b, 0)
  const value = (g: number, h: number): number => (g * g) / (h + LAMBDA)
  let found: { gain: number; bin: number } | undefined
  let [left, leftWeight] = [0, 0]
  for (let bin = 0; bin < MOST_BINS - 1; bin++) {
    left += sums[bin] as number
    leftWeight += weights[bin] as number
    if (leftWeight < LEAST_WEIGHT || weight - leftWeight < LEAST_WEIGHT) continue
    const gain = value(left, leftWeight) + value(all - left, weight - leftWeight) - value(all, weight)
    if (found === undefined || gain > found.gain) found = { gain, bin }
  }
  return found
}

function add({ splits, leaves }: Tree, rows: Uint32Array, scores: Float64Array): void {
  rows.forEach((row, i) => {
    let at = 0
    for (let level = 0; level < DEPTH; level++) {
      const split = splits[at]
      const right = split !== undefined && (split.feature[row] as number) > split.bin
      at = 2 * at + (right ? 2 : 1)
    }
    scores[i] = (scores[i] as number) + (leaves[at - splits.length] as number)
  })
}
