import type { Direction } from './abstract.ts'
import type { Split, TreeNode } from './tree-ensemble.ts'

/** What reaches a node: the range of a feature's values (as compared by the runtime), and whether NaN does. */
interface Range {
  readonly low: number
  readonly lowOpen: boolean
  readonly high: number
  readonly highOpen: boolean
  /** Single values left out (by EQ and NEQ). */
  readonly except: readonly number[]
  readonly nan: boolean
}

/** Ranges per feature on the way to a node; an absent feature is unrestricted. */
type Region = ReadonlyMap<number, Range>

const EVERYTHING: Range = { low: -Infinity, lowOpen: false, high: Infinity, highOpen: false, except: [], nan: true }

/** The features a tree splits on. */
export function splitFeatures(tree: TreeNode, into: Set<number> = new Set()): Set<number> {
  if (tree.kind === 'split') {
    into.add(tree.feature)
    splitFeatures(tree.yes, into)
    splitFeatures(tree.no, into)
  }
  return into
}

/** Keys of the tracked feature's ranges in a comparison of pairs: the two inputs differ there. No feature is negative. */
const BELOW = -1
const ABOVE = -2

/** A pair count that stops a comparison: 0 left means the check gave up (and the tree is not called monotone). */
export interface WorkBudget {
  left: number
}

/**
 * How the weight of `target` moves when `feature` grows and the other features stay, for every input without NaN in
 * `feature` (NaN elsewhere is followed). Exact over the reals for one tree whose splits on `feature` are by order, up to the work budget:
 * two inputs that differ only in `feature` can part only at a split on it, so every pair of leaves (below, above) such a
 * split whose regions of the other features meet is compared, with subtree bounds to prune.
 * A leaf without a weight for `target` counts as 0, which is what the runtime adds.
 */
export function treeDirection(tree: TreeNode, feature: number, target: number, budget: WorkBudget): Direction {
  if (!splitFeatures(tree).has(feature)) return 'constant'
  const bounds = new Map<TreeNode, readonly [number, number]>()
  boundsOf(tree, target, bounds)
  const start: Region = new Map([[feature, { ...EVERYTHING, nan: false }]])
  const rises = holds(tree, feature, start, 1, bounds, budget)
  const falls = holds(tree, feature, start, -1, bounds, budget)
  // Both: the splits on the feature part leaves of equal weight.
  if (rises && falls) return 'constant'
  return rises ? 'up' : falls ? 'down' : 'unknown'
}

function boundsOf(
  node: TreeNode,
  target: number,
  into: Map<TreeNode, readonly [number, number]>,
): readonly [number, number] {
  let result: readonly [number, number]
  if (node.kind === 'leaf') {
    const weight = node.weights.get(target) ?? 0
    result = [weight, weight]
  } else {
    const yes = boundsOf(node.yes, target, into)
    const no = boundsOf(node.no, target, into)
    result = [Math.min(yes[0], no[0]), Math.max(yes[1], no[1])]
  }
  into.set(node, result)
  return result
}

type Bounds = ReadonlyMap<TreeNode, readonly [number, number]>

function low(bounds: Bounds, node: TreeNode, sign: 1 | -1): number {
  const own = bounds.get(node)
  return own === undefined ? -Infinity : sign === 1 ? own[0] : -own[1]
}

function high(bounds: Bounds, node: TreeNode, sign: 1 | -1): number {
  const own = bounds.get(node)
  return own === undefined ? Infinity : sign === 1 ? own[1] : -own[0]
}

/** `sign` 1: non-decreasing; -1: non-increasing (the weights are seen negated). */
function holds(
  node: TreeNode,
  feature: number,
  region: Region,
  sign: 1 | -1,
  bounds: Bounds,
  budget: WorkBudget,
): boolean {
  if (node.kind === 'leaf') return true
  if (node.feature === feature) {
    const sides = ordered(node)
    // EQ and NEQ cut a point out of the middle: no side lies below the other.
    if (sides === undefined) return high(bounds, node, sign) <= low(bounds, node, sign)
    const below = enter(region, node, sides.below === node.yes)?.get(feature)
    const above = enter(region, node, sides.above === node.yes)?.get(feature)
    if (below !== undefined && above !== undefined) {
      const pair = new Map(region).set(BELOW, below).set(ABOVE, above)
      if (!pairsHold(sides.below, sides.above, feature, pair, sign, bounds, budget)) return false
    }
  }
  return [true, false].every((side) => {
    const inside = enter(region, node, side)
    return inside === undefined || holds(side ? node.yes : node.no, feature, inside, sign, bounds, budget)
  })
}

/** Every leaf of `below` ≤ every leaf of `above` that some values of the other features reach both. */
function pairsHold(
  below: TreeNode,
  above: TreeNode,
  feature: number,
  region: Region,
  sign: 1 | -1,
  bounds: Bounds,
  budget: WorkBudget,
): boolean {
  if (high(bounds, below, sign) <= low(bounds, above, sign)) return true
  if (below.kind === 'leaf' && above.kind === 'leaf') return false
  if (budget.left <= 0) return false
  budget.left--
  // Open the node whose bounds are wider: it can narrow the gap most.
  const belowWidth = high(bounds, below, sign) - low(bounds, below, sign)
  const aboveWidth = high(bounds, above, sign) - low(bounds, above, sign)
  const openBelow = above.kind === 'leaf' || (below.kind === 'split' && belowWidth >= aboveWidth)
  const open = openBelow ? below : above
  if (open.kind === 'leaf') return false
  return [true, false].every((side) => {
    // The two inputs share every feature but the tracked one, of which each has a range of its own.
    const key = open.feature !== feature ? open.feature : openBelow ? BELOW : ABOVE
    const inside = enter(region, open, side, key)
    if (inside === undefined) return true
    const child = side ? open.yes : open.no
    return openBelow
      ? pairsHold(child, above, feature, inside, sign, bounds, budget)
      : pairsHold(below, child, feature, inside, sign, bounds, budget)
  })
}

function ordered(node: Split): { readonly below: TreeNode; readonly above: TreeNode } | undefined {
  if (node.mode === 'LEQ' || node.mode === 'LT') return { below: node.yes, above: node.no }
  if (node.mode === 'GTE' || node.mode === 'GT') return { below: node.no, above: node.yes }
  return undefined
}

/** The region inside one side of a split, or undefined if nothing gets there. */
function enter(region: Region, node: Split, yes: boolean, key: number = node.feature): Region | undefined {
  const range = region.get(key) ?? EVERYTHING
  const nan = range.nan && node.nanToYes === yes
  const t = node.threshold
  let next: Range = { ...range, nan }
  const below = (open: boolean): void => {
    if (t < next.high || (t === next.high && open)) next = { ...next, high: t, highOpen: open }
  }
  const above = (open: boolean): void => {
    if (t > next.low || (t === next.low && open)) next = { ...next, low: t, lowOpen: open }
  }
  if (node.mode === 'EQ' || node.mode === 'NEQ') {
    if ((node.mode === 'EQ') === yes) {
      below(false)
      above(false)
    } else next = { ...next, except: [...range.except, t] }
  } else {
    const open = (node.mode === 'LT' || node.mode === 'GT') === yes
    if ((node.mode === 'LEQ' || node.mode === 'LT') === yes) below(open)
    else above(open)
  }
  const hollow = next.lowOpen || next.highOpen || next.except.includes(next.low)
  const empty = next.low > next.high || (next.low === next.high && hollow)
  if (empty && !nan) return undefined
  if (empty) next = { ...EVERYTHING, low: Infinity, high: -Infinity }
  return new Map(region).set(key, next)
}
