import type { NodeSpec, PlainAttribute } from './build-onnx.ts'

/** A branch condition of `ai.onnx.ml` tree ensembles. */
export type BranchMode = 'LEQ' | 'LT' | 'GTE' | 'GT' | 'EQ' | 'NEQ'

/** A tree in short form: a leaf is its weight (or one weight per class), a branch tests one feature. */
export type TreeSpec =
  | { readonly leaf: number | Readonly<Record<number, number>> }
  | {
      readonly feature: number
      readonly threshold: number
      readonly mode?: BranchMode
      /** Where NaN goes: to the true side if set. */
      readonly missingTrue?: boolean
      readonly yes: TreeSpec
      readonly no: TreeSpec
    }

/** The attributes of a tree ensemble, without what tells regressor from classifier. */
export interface EnsembleSpec {
  readonly trees: readonly TreeSpec[]
  readonly baseValues?: readonly number[]
  readonly aggregate?: 'SUM' | 'AVERAGE' | 'MIN' | 'MAX'
  readonly postTransform?: string
  readonly targets?: number
}

interface Columns {
  readonly trees: bigint[]
  readonly ids: bigint[]
  readonly features: bigint[]
  readonly values: number[]
  readonly modes: string[]
  readonly yes: bigint[]
  readonly no: bigint[]
  readonly missing: bigint[]
  readonly weightTrees: bigint[]
  readonly weightNodes: bigint[]
  readonly weightIds: bigint[]
  readonly weights: number[]
}

/** A TreeEnsembleRegressor node reading `input` and writing `output`. */
export function treeRegressor(spec: EnsembleSpec, input: string, output: string): NodeSpec {
  const columns = flatten(spec.trees)
  return {
    op: 'TreeEnsembleRegressor',
    domain: 'ai.onnx.ml',
    inputs: [input],
    outputs: [output],
    attributes: {
      ...common(spec, columns),
      ...(spec.aggregate !== undefined && { aggregate_function: spec.aggregate }),
      n_targets: BigInt(spec.targets ?? 1),
      target_treeids: columns.weightTrees,
      target_nodeids: columns.weightNodes,
      target_ids: columns.weightIds,
      target_weights: columns.weights,
    },
  }
}

/** A TreeEnsembleClassifier node over `classes` integer labels, writing labels and scores. */
export function treeClassifier(
  spec: EnsembleSpec,
  classes: number,
  input: string,
  outputs: readonly [label: string, scores: string],
): NodeSpec {
  const columns = flatten(spec.trees)
  return {
    op: 'TreeEnsembleClassifier',
    domain: 'ai.onnx.ml',
    inputs: [input],
    outputs,
    attributes: {
      ...common(spec, columns),
      classlabels_int64s: Array.from({ length: classes }, (_, i) => BigInt(i)),
      class_treeids: columns.weightTrees,
      class_nodeids: columns.weightNodes,
      class_ids: columns.weightIds,
      class_weights: columns.weights,
    },
  }
}

function common(spec: EnsembleSpec, columns: Columns): Record<string, PlainAttribute> {
  return {
    nodes_treeids: columns.trees,
    nodes_nodeids: columns.ids,
    nodes_featureids: columns.features,
    nodes_values: columns.values,
    nodes_modes: columns.modes,
    nodes_truenodeids: columns.yes,
    nodes_falsenodeids: columns.no,
    nodes_missing_value_tracks_true: columns.missing,
    post_transform: spec.postTransform ?? 'NONE',
    ...(spec.baseValues !== undefined && { base_values: spec.baseValues }),
  }
}

function flatten(trees: readonly TreeSpec[]): Columns {
  const c: Columns = {
    trees: [],
    ids: [],
    features: [],
    values: [],
    modes: [],
    yes: [],
    no: [],
    missing: [],
    weightTrees: [],
    weightNodes: [],
    weightIds: [],
    weights: [],
  }
  for (const [treeIndex, tree] of trees.entries()) {
    const treeId = BigInt(treeIndex)
    let next = 0
    const visit = (node: TreeSpec): bigint => {
      const id = BigInt(next++)
      const at = c.ids.length
      c.trees.push(treeId)
      c.ids.push(id)
      c.yes.push(0n)
      c.no.push(0n)
      if ('leaf' in node) {
        c.features.push(0n)
        c.values.push(0)
        c.modes.push('LEAF')
        c.missing.push(0n)
        const weights = typeof node.leaf === 'number' ? { 0: node.leaf } : node.leaf
        for (const [target, weight] of Object.entries(weights)) {
          c.weightTrees.push(treeId)
          c.weightNodes.push(id)
          c.weightIds.push(BigInt(target))
          c.weights.push(weight)
        }
        return id
      }
      c.features.push(BigInt(node.feature))
      c.values.push(node.threshold)
      c.modes.push(`BRANCH_${node.mode ?? 'LEQ'}`)
      c.missing.push(node.missingTrue === true ? 1n : 0n)
      c.yes[at] = visit(node.yes)
      c.no[at] = visit(node.no)
      return id
    }
    visit(tree)
  }
  return c
}
