import type { Random } from '../../falsify/random.ts'
import type { BranchMode, TreeSpec } from './build-trees.ts'

/** How random trees are drawn. */
export interface TreeShape {
  readonly features: number
  readonly depth: number
  readonly modes: readonly BranchMode[]
  /** Leaf weights must not fall along these features (by construction). */
  readonly increasing: readonly number[]
  /** Features that no split reads. */
  readonly avoid?: readonly number[]
}

const THRESHOLDS = [-2, -1, -0.5, 0, 0.25, 1, 1.5, 3]

/** A random tree; with `increasing`, one that is monotone in those features by construction. */
export function randomTree(random: Random, shape: TreeShape): TreeSpec {
  const usable = Array.from({ length: shape.features }, (_, i) => i).filter((i) => shape.avoid?.includes(i) !== true)
  const grow = (depth: number, low: number, high: number): TreeSpec => {
    const draw = (from: number, to: number): number => Math.fround(from + (to - from) * random.float())
    if (depth === 0 || random.int(6) === 0) return { leaf: draw(low, high) }
    const feature = usable[random.int(usable.length)] ?? 0
    const mode = shape.modes[random.int(shape.modes.length)] ?? 'LEQ'
    const threshold = THRESHOLDS[random.int(THRESHOLDS.length)] ?? 0
    const missingTrue = random.int(4) === 0
    if (!shape.increasing.includes(feature)) {
      return { feature, threshold, mode, missingTrue, yes: grow(depth - 1, low, high), no: grow(depth - 1, low, high) }
    }
    // Weights below the threshold stay under a cut, weights above stay over it.
    const cut = draw(low, high)
    const below = grow(depth - 1, low, cut)
    const above = grow(depth - 1, cut, high)
    const yesIsBelow = mode === 'LEQ' || mode === 'LT'
    const ordered = mode === 'EQ' || mode === 'NEQ' ? 'LEQ' : mode
    const sides = yesIsBelow || ordered === 'LEQ' ? { yes: below, no: above } : { yes: above, no: below }
    return { feature, threshold, mode: ordered, missingTrue, ...sides }
  }
  return grow(shape.depth, -1, 1)
}

/** A value on, just below or just above a threshold, or anywhere. */
export function probe(random: Random): number {
  const at = THRESHOLDS[random.int(THRESHOLDS.length)] ?? 0
  const kind = random.int(4)
  if (kind === 0) return at
  if (kind === 1) return Math.fround(at + 1e-3)
  if (kind === 2) return Math.fround(at - 1e-3)
  return Math.fround(random.normal() * 2)
}

/** Changes one leaf of a tree: the `index`-th (depth first), by `change`. */
export function changeLeaf(tree: TreeSpec, index: number, change: (weight: number) => number): TreeSpec {
  let at = 0
  const visit = (node: TreeSpec): TreeSpec => {
    if (!('leaf' in node)) return { ...node, yes: visit(node.yes), no: visit(node.no) }
    const hit = at++ === index
    return hit && typeof node.leaf === 'number' ? { leaf: change(node.leaf) } : node
  }
  return visit(tree)
}

/** The number of leaves. */
export function leafCount(tree: TreeSpec): number {
  return 'leaf' in tree ? 1 : leafCount(tree.yes) + leafCount(tree.no)
}
