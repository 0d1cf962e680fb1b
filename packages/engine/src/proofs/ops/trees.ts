import {
  type AbstractValue,
  type Cell,
  type Direction,
  type Loss,
  type RowsValue,
  flip,
  join,
  opaque,
  rows,
} from '../abstract.ts'
import { type RuleContext, type RuleTable, asRows, lossAt, stop } from '../rule.ts'
import { type TreeEnsemble, type TreeNode, readEnsemble } from '../tree-ensemble.ts'
import { type WorkBudget, splitFeatures, treeDirection } from '../tree-monotone.ts'
import { settle } from './arithmetic.ts'
import { SUM_ORDER_NOTE } from './linear.ts'

/** Pairs of subtrees one ensemble may compare before the prover gives up. */
const WORK = 2_000_000

/** What the proof of a classifier's LOGISTIC rests on. */
const FLOAT32_LOGISTIC_NOTE =
  'the LOGISTIC of tree classifiers is 1/(1+exp(-|x|)), or 1 minus that, with the float32 exp of the C library, assumed not ' +
  'to fall (true of every argument with glibc 2.36 on x86-64)'

/** Tree ensembles: each tree on its own, then the sum; see {@link treeDirection}. */
export const TREE_RULES: RuleTable = {
  TreeEnsembleRegressor: ([x], context) => {
    const read = prepare(x, context)
    if (read.kind === 'opaque') return read
    const { value, ensemble } = read
    if (ensemble.postTransform !== 'NONE')
      return stop(context, `its post_transform ${ensemble.postTransform} is not followed`)
    if (ensemble.baseValues.length !== 0 && ensemble.baseValues.length !== ensemble.outputs) {
      return stop(context, 'its base values do not fit its targets')
    }
    if (!everyLeafComplete(ensemble)) return stop(context, 'a leaf has no weight for one of its targets')
    const budget = { left: WORK }
    const base = (target: number) => Math.abs(ensemble.baseValues[target] ?? 0)
    const targets = Array.from({ length: ensemble.outputs }, (_, target) => target)
    return rows(
      'float',
      [ensemble.outputs],
      targets.map((t) => scoreOf(value, ensemble, t, base(t), budget, context)),
    )
  },
  TreeEnsembleClassifier: ([x], context) => {
    const label = opaque(context.node.label, 'its labels are not followed: name the scores')
    const read = prepare(x, context)
    return [label, read.kind === 'opaque' ? read : classifierScores(read.value, read.ensemble, context)]
  },
}

type Prepared =
  | { readonly kind: 'read'; readonly value: RowsValue; readonly ensemble: TreeEnsemble }
  | { readonly kind: 'opaque'; readonly loss: Loss }

function prepare(x: AbstractValue | undefined, context: RuleContext): Prepared {
  const refuse = (reason: string): Prepared => ({ kind: 'opaque', loss: lossAt(context, reason) })
  const value = asRows(x)
  if (value?.shape.length !== 1) return refuse('its input is not a matrix of columns')
  if (value.type === 'string' || value.type === 'bool') return refuse('its input is not numeric')
  const ensemble = readEnsemble(context.node)
  if (!ensemble.ok) return refuse(ensemble.error.message)
  if (ensemble.value.double && value.type !== 'double')
    return refuse('it holds double attributes for an input that is not')
  const features = new Set<number>()
  for (const tree of ensemble.value.trees) splitFeatures(tree, features)
  const outside = [...features].find((feature) => feature >= value.cells.length)
  if (outside !== undefined) return refuse(`it splits on the column ${outside} of ${value.cells.length}`)
  return { kind: 'read', value, ensemble: ensemble.value }
}

/** The score of one target: the aggregate of the trees and the base value, in a fixed order. */
function scoreOf(
  value: RowsValue,
  ensemble: TreeEnsemble,
  target: number,
  base: number,
  budget: WorkBudget,
  context: RuleContext,
): Cell {
  let direction: Direction = 'constant'
  let loss: Loss | undefined
  let magnitude = base
  for (const [index, tree] of ensemble.trees.entries()) {
    magnitude += greatestWeight(tree, target)
    for (const feature of splitFeatures(tree)) {
      const cell = value.cells[feature]
      if (cell === undefined || cell.direction === 'constant') continue
      const moves = treeDirection(tree, feature, target, budget)
      const moved = moves === 'up' ? cell.direction : moves === 'down' ? flip(cell.direction) : moves
      if (moved !== 'constant') context.uses('trees')
      if (cell.nan !== undefined) loss ??= { ...cell.nan, reason: `${cell.nan.reason}: NaN has no place in the order` }
      else if (moves === 'unknown') loss ??= lossAt(context, treeReason(index, feature, cell, budget))
      else if (moved === 'unknown') loss ??= cell.loss
      const before = direction
      direction = join(direction, moved)
      if (direction === 'unknown') loss ??= lossAt(context, `its tree ${index} goes ${moved}, an earlier one ${before}`)
    }
  }
  if (loss !== undefined) direction = 'unknown'
  const untouched = direction === 'constant' && value.cells.some((cell) => cell.direction !== 'constant')
  if (untouched) context.uses('no-split')
  if (direction !== 'constant' && ensemble.aggregate !== 'MIN' && ensemble.aggregate !== 'MAX')
    context.note(SUM_ORDER_NOTE)
  const cell = { direction, magnitude, nan: undefined, single: true, source: undefined, loss }
  return settle('float', cell, context)
}

function treeReason(index: number, feature: number, cell: Cell, budget: WorkBudget): string {
  const column = cell.source === undefined ? `feature ${feature}` : `the column "${cell.source}"`
  if (budget.left <= 0) return `its tree ${index} is too large to compare every pair of leaves`
  return `its tree ${index} is not monotone in ${column}`
}

/**
 * What onnxruntime writes as scores (its write_scores): one score for two classes becomes (1 - s, s) if all weights are
 * positive; with LOGISTIC, (logistic(-s), logistic(s)) or (1 - s, s): the second grows with s either way.
 */
function classifierScores(value: RowsValue, ensemble: TreeEnsemble, context: RuleContext): AbstractValue {
  const { outputs, postTransform, baseValues } = ensemble
  if (ensemble.aggregate !== 'SUM') return stop(context, 'a classifier sums')
  if (postTransform !== 'NONE' && postTransform !== 'LOGISTIC')
    return stop(context, `its post_transform ${postTransform} is not followed`)
  const budget = { left: WORK }
  const used = new Set(ensemble.trees.flatMap((tree) => leavesOf(tree).flatMap((weights) => [...weights.keys()])))
  const logistic = (cell: Cell): Cell => {
    if (postTransform === 'NONE' || cell.direction === 'constant') return cell
    context.note(FLOAT32_LOGISTIC_NOTE)
    return { ...cell, magnitude: Math.max(1, cell.magnitude + 1) }
  }
  if (outputs === 2 && used.size === 1 && used.has(0)) {
    if (baseValues.length > 1) return stop(context, 'its base values do not fit its one score')
    const negative = ensemble.trees.some((tree) => leavesOf(tree).some((weights) => (weights.get(0) ?? 0) < 0))
    if (negative && postTransform === 'NONE')
      return stop(context, 'releases of onnxruntime write raw scores of mixed signs differently')
    const score = scoreOf(value, ensemble, 0, Math.abs(baseValues[0] ?? 0), budget, context)
    const complement = { ...score, direction: flip(score.direction), magnitude: score.magnitude + 1 }
    return rows('float', [2], [logistic(settle('float', complement, context)), logistic(score)])
  }
  // Otherwise each class has its own sum, provided the runtime sees a score for every class on every row.
  const scored = (id: number) => ensemble.trees.some((tree) => leavesOf(tree).every((weights) => weights.has(id)))
  const classes = Array.from({ length: outputs }, (_, id) => id)
  const complete = outputs > 2 ? classes.every(scored) : outputs === 2 && scored(1)
  const based = baseValues.length === 0 || (outputs > 2 && baseValues.length === outputs)
  if (!complete || !based)
    return stop(context, 'which scores it writes depends on the rows or on the release of onnxruntime')
  const cells = classes.map((id) =>
    logistic(scoreOf(value, ensemble, id, Math.abs(baseValues[id] ?? 0), budget, context)),
  )
  return rows('float', [outputs], cells)
}

function leavesOf(tree: TreeNode): readonly ReadonlyMap<number, number>[] {
  return tree.kind === 'leaf' ? [tree.weights] : [...leavesOf(tree.yes), ...leavesOf(tree.no)]
}

function greatestWeight(tree: TreeNode, target: number): number {
  return leavesOf(tree).reduce((most, weights) => Math.max(most, Math.abs(weights.get(target) ?? 0)), 0)
}

function everyLeafComplete(ensemble: TreeEnsemble): boolean {
  if (ensemble.outputs > 1 && ensemble.aggregate === 'SUM') return true
  return ensemble.trees.every((tree) => leavesOf(tree).every((weights) => weights.size === ensemble.outputs))
}
