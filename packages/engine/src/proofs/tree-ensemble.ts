import { type EngineFailure, type Outcome, failure, success } from '../models/outcome.ts'
import type { ConstantTensor, GraphNode } from './graph.ts'

/** Branch conditions of `ai.onnx.ml` tree ensembles: `x MODE threshold` true → `yes`. */
export type BranchMode = 'LEQ' | 'LT' | 'GTE' | 'GT' | 'EQ' | 'NEQ'

/** A leaf: its weight per target or class id. */
export interface Leaf {
  readonly kind: 'leaf'
  readonly weights: ReadonlyMap<number, number>
}

/** A split on one feature. NaN goes to `yes` if `nanToYes` (missing_value_tracks_true, or NEQ), else to `no`. */
export interface Split {
  readonly kind: 'split'
  readonly feature: number
  readonly mode: BranchMode
  readonly threshold: number
  readonly nanToYes: boolean
  readonly yes: TreeNode
  readonly no: TreeNode
}

/** A node of a decision tree. */
export type TreeNode = Leaf | Split

/** A tree ensemble as the runtime evaluates it. `double`: thresholds and weights were given as double tensors. */
export interface TreeEnsemble {
  readonly trees: readonly TreeNode[]
  readonly baseValues: readonly number[]
  readonly aggregate: 'SUM' | 'AVERAGE' | 'MIN' | 'MAX'
  readonly postTransform: string
  /** Number of targets, or of classes. */
  readonly outputs: number
  readonly double: boolean
}

const MODES: ReadonlyMap<string, BranchMode> = new Map([
  ['BRANCH_LEQ', 'LEQ'],
  ['BRANCH_LT', 'LT'],
  ['BRANCH_GTE', 'GTE'],
  ['BRANCH_GT', 'GT'],
  ['BRANCH_EQ', 'EQ'],
  ['BRANCH_NEQ', 'NEQ'],
])
const KNOWN_ATTRIBUTES = new Set(
  (
    'nodes_treeids nodes_nodeids nodes_featureids nodes_values nodes_modes nodes_truenodeids nodes_falsenodeids ' +
    'nodes_missing_value_tracks_true nodes_hitrates post_transform base_values aggregate_function n_targets ' +
    'target_treeids target_nodeids target_ids target_weights class_treeids class_nodeids class_ids class_weights ' +
    'classlabels_int64s classlabels_strings nodes_values_as_tensor nodes_hitrates_as_tensor base_values_as_tensor ' +
    'target_weights_as_tensor class_weights_as_tensor'
  ).split(' '),
)
const MAX_DEPTH = 512

/**
 * Reads a TreeEnsembleRegressor or TreeEnsembleClassifier (ai.onnx.ml 1 to 4). The structure is checked, not trusted:
 * every node is reached exactly once from the first node of its tree, every leaf has finite weights, at most one per
 * target. Whatever differs is a failure with the reason.
 */
export function readEnsemble(node: GraphNode): Outcome<TreeEnsemble> {
  const reader = attributeReader(node)
  const classifier = node.op === 'TreeEnsembleClassifier'
  const prefix = classifier ? 'class' : 'target'
  const unknown = [...node.attributes.keys()].find((name) => !KNOWN_ATTRIBUTES.has(name))
  if (unknown !== undefined) return bad(`the attribute "${unknown}" is not known to the prover`)
  const treeIds = reader.ints('nodes_treeids')
  const nodeIds = reader.ints('nodes_nodeids')
  const features = reader.ints('nodes_featureids')
  const yes = reader.ints('nodes_truenodeids')
  const no = reader.ints('nodes_falsenodeids')
  const modes = reader.strings('nodes_modes')
  const missing = reader.ints('nodes_missing_value_tracks_true')
  const values = reader.numbers('nodes_values')
  const weights = reader.numbers(`${prefix}_weights`)
  const weightTrees = reader.ints(`${prefix}_treeids`)
  const weightNodes = reader.ints(`${prefix}_nodeids`)
  const weightIds = reader.ints(`${prefix}_ids`)
  const base = reader.numbers('base_values')
  const labels = Math.max(reader.ints('classlabels_int64s').length, reader.strings('classlabels_strings').length)
  const outputs = classifier ? labels : (reader.int('n_targets') ?? 0)
  const aggregate = reader.string('aggregate_function') ?? 'SUM'
  if (reader.wrong.length > 0) return bad(`the attribute "${reader.wrong[0]}" has a type the prover does not read`)
  const count = treeIds.length
  const lists = [nodeIds, features, yes, no, modes, values.list]
  if (count === 0 || lists.some((list) => list.length !== count)) return bad('its node lists differ in length')
  if (missing.length !== 0 && missing.length !== count) return bad('its node lists differ in length')
  const sized = [weightTrees, weightNodes, weightIds].every((list) => list.length === weights.list.length)
  if (!sized) return bad('its weight lists differ in length')
  if (aggregate !== 'SUM' && aggregate !== 'AVERAGE' && aggregate !== 'MIN' && aggregate !== 'MAX') {
    return bad(`the aggregate "${aggregate}" is not known`)
  }
  if (outputs < 1) return bad('it states no targets or classes')
  if (![...weights.list, ...base.list].every(Number.isFinite)) return bad('a weight or base value is not finite')
  if (values.list.some((value) => Number.isNaN(value))) return bad('a threshold is NaN')

  const at = new Map<string, number>()
  const roots: number[] = []
  const seenTrees = new Set<number>()
  for (let i = 0; i < count; i++) {
    const tree = treeIds[i] ?? -1
    if (tree !== (i === 0 ? undefined : treeIds[i - 1])) {
      if (tree < 0 || seenTrees.has(tree)) return bad('the nodes of a tree are not listed together')
      seenTrees.add(tree)
      roots.push(i)
    }
    const id = nodeIds[i] ?? -1
    if (id < 0 || id >= count || at.has(`${tree}/${id}`)) return bad('a node id is out of range or given twice')
    at.set(`${tree}/${id}`, i)
  }
  const leafWeights = new Map<number, Map<number, number>>()
  for (const [i, weight] of weights.list.entries()) {
    const index = at.get(`${weightTrees[i]}/${weightNodes[i]}`)
    const target = weightIds[i] ?? -1
    if (index === undefined) return bad('a weight belongs to no node')
    if (modes[index] !== 'LEAF') return bad('an inner node has a weight')
    if (target < 0 || target >= outputs) return bad(`a weight names the target ${target} of ${outputs}`)
    const own = leafWeights.get(index) ?? new Map<number, number>()
    if (own.has(target)) return bad('a leaf has two weights for one target')
    leafWeights.set(index, own.set(target, weight))
  }
  const reached = new Set<number>()
  const build = (index: number, depth: number): TreeNode | string => {
    if (reached.has(index)) return 'a node has two parents'
    if (depth > MAX_DEPTH) return `a tree is deeper than ${MAX_DEPTH}`
    reached.add(index)
    const mode = MODES.get(modes[index] ?? '')
    if (modes[index] === 'LEAF') {
      const own = leafWeights.get(index)
      return own === undefined ? 'a leaf has no weight' : { kind: 'leaf', weights: own }
    }
    if (mode === undefined) return `the branch mode "${modes[index]}" is not known`
    const feature = features[index] ?? -1
    if (feature < 0) return 'a split has no feature'
    const yesAt = at.get(`${treeIds[index]}/${yes[index]}`)
    const noAt = at.get(`${treeIds[index]}/${no[index]}`)
    if (yesAt === undefined || noAt === undefined) return 'a branch leads to no node'
    const yesNode = build(yesAt, depth + 1)
    if (typeof yesNode === 'string') return yesNode
    const noNode = build(noAt, depth + 1)
    if (typeof noNode === 'string') return noNode
    const nanToYes = missing[index] === 1 || mode === 'NEQ'
    const threshold = values.list[index] ?? Number.NaN
    return { kind: 'split', feature, mode, threshold, nanToYes, yes: yesNode, no: noNode }
  }
  const trees: TreeNode[] = []
  for (const root of roots) {
    const tree = build(root, 0)
    if (typeof tree === 'string') return bad(tree)
    trees.push(tree)
  }
  if (reached.size !== count) return bad('a node is reached from no root')
  const postTransform = reader.string('post_transform') ?? 'NONE'
  const double = [values, weights, base].some((list) => list.double)
  if (double && [values, weights, base].some((list) => !list.double && list.list.length > 0)) {
    return bad('it mixes float and double attributes')
  }
  return success({ trees, baseValues: base.list, aggregate, postTransform, outputs, double })
}

function bad(why: string): { readonly ok: false; readonly error: EngineFailure } {
  return failure('engine/proof-unreadable-trees', why)
}

interface NumberList {
  readonly list: readonly number[]
  readonly double: boolean
}

interface AttributeReader {
  readonly wrong: string[]
  readonly ints: (name: string) => readonly number[]
  readonly strings: (name: string) => readonly string[]
  readonly int: (name: string) => number | undefined
  readonly string: (name: string) => string | undefined
  readonly numbers: (name: string) => NumberList
}

function attributeReader(node: GraphNode): AttributeReader {
  const wrong: string[] = []
  const get = (name: string) => node.attributes.get(name)
  const empty = (name: string): readonly never[] => {
    // An empty list of another declared kind means the same as an absent attribute.
    const found = get(name)
    if (found !== undefined && !(Array.isArray(found.value) && found.value.length === 0)) wrong.push(name)
    return []
  }
  const tensorNumbers = (name: string, tensor: ConstantTensor): NumberList => {
    if (tensor.type !== 'float' && tensor.type !== 'double') wrong.push(name)
    return { list: tensor.values.map(Number), double: tensor.type === 'double' }
  }
  return {
    wrong,
    ints: (name) => {
      const found = get(name)
      return found?.kind === 'ints' ? found.value.map(Number) : empty(name)
    },
    strings: (name) => {
      const found = get(name)
      return found?.kind === 'strings' ? found.value : empty(name)
    },
    int: (name) => {
      const found = get(name)
      if (found?.kind === 'int') return Number(found.value)
      empty(name)
      return undefined
    },
    string: (name) => {
      const found = get(name)
      if (found?.kind === 'string') return found.value
      empty(name)
      return undefined
    },
    numbers: (name) => {
      const found = get(name)
      const tensor = get(`${name}_as_tensor`)
      if (tensor?.kind === 'tensor' && found === undefined) return tensorNumbers(name, tensor.value)
      if (tensor !== undefined) wrong.push(`${name}_as_tensor`)
      return { list: found?.kind === 'floats' ? found.value : empty(name), double: false }
    },
  }
}
