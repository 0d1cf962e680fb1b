import { create, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as Kind,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  TensorProto_DataType as Type,
  ValueInfoProtoSchema,
} from 'onnx-buf'

const IR_VERSION = 8n
const OPSETS = [
  { domain: '', version: 17n },
  { domain: 'ai.onnx.ml', version: 3n },
]
const text = new TextEncoder()

/**
 * Writes a model as an ONNX file.
 *
 *     column [N,1] ─ Cast float ─┐
 *     column [N,1] ─ Cast float ─┼ Concat ─ trees or weights ─ Cast double ─ Sigmoid ─ Cast float ─ risk [N,1]
 *     column it makes no use of
 *
 * The sigmoid is taken in double: onnxruntime's float32 Sigmoid approximates, and its output falls here and there where
 * its input rises, which would break in the last node what every tree keeps. It is a node of its own because
 * TreeEnsembleRegressor with one target ignores `post_transform`. Its result is rounded to float32 because the last bit
 * of a double depends on the row's place in the batch (vector or scalar code); the same account gets the same risk.
 *
 * @param {import('./boost.js').TreeModel | import('./logistic.js').Scorecard} model
 * @param {readonly import('./table.js').Input[]} inputs every column of the signature; the model may use fewer
 * @param {Readonly<Record<string, string>>} notes kept as metadata_props; nothing reads them to decide anything
 * @returns {Uint8Array}
 */
export function toOnnx(model, inputs, notes) {
  const { nodes, initializers } = model.kind === 'trees' ? treeNodes(model) : scorecardNodes(model)
  const graph = create(GraphProtoSchema, {
    name: model.kind,
    input: inputs.map(({ name, integer }) => tensorInfo(name, integer ? Type.INT64 : Type.FLOAT)),
    output: [tensorInfo('risk', Type.FLOAT)],
    initializer: initializers,
    node: [
      ...model.features.map((name) => node('Cast', [name], [`${name}:float`], [int('to', Type.FLOAT)])),
      node(
        'Concat',
        model.features.map((name) => `${name}:float`),
        ['features'],
        [int('axis', 1)],
      ),
      ...nodes,
      node('Cast', ['log_odds'], ['log_odds:double'], [int('to', Type.DOUBLE)]),
      node('Sigmoid', ['log_odds:double'], ['risk:double']),
      node('Cast', ['risk:double'], ['risk'], [int('to', Type.FLOAT)]),
    ],
  })
  const file = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'credit-default-example',
    opsetImport: OPSETS,
    graph,
    metadataProps: Object.entries(notes).map(([key, value]) => ({ key, value })),
  })
  return toBinary(ModelProtoSchema, file)
}

function treeNodes(model) {
  const rows = model.trees.flatMap((tree, id) => numbered(tree).map((row) => ({ ...row, tree: id })))
  const ends = rows.filter(({ node }) => node.kind === 'leaf')
  const each = (read) => rows.map(read)
  const split = (read) => each(({ node, ...row }) => (node.kind === 'split' ? read(node, row) : 0))
  const attributes = [
    ints(
      'nodes_treeids',
      each(({ tree }) => tree),
    ),
    ints(
      'nodes_nodeids',
      each(({ id }) => id),
    ),
    strings(
      'nodes_modes',
      each(({ node }) => (node.kind === 'split' ? 'BRANCH_LEQ' : 'LEAF')),
    ),
    ints(
      'nodes_featureids',
      split((node) => node.feature),
    ),
    floats(
      'nodes_values',
      split((node) => node.threshold),
    ),
    ints(
      'nodes_truenodeids',
      split((_, row) => row.left),
    ),
    ints(
      'nodes_falsenodeids',
      split((_, row) => row.right),
    ),
    ints(
      'target_treeids',
      ends.map(({ tree }) => tree),
    ),
    ints(
      'target_nodeids',
      ends.map(({ id }) => id),
    ),
    ints(
      'target_ids',
      ends.map(() => 0),
    ),
    floats(
      'target_weights',
      ends.map(({ node }) => node.value),
    ),
    int('n_targets', 1),
    floats('base_values', [model.base]),
    string('aggregate_function', 'SUM'),
    string('post_transform', 'NONE'),
  ]
  return {
    initializers: [],
    nodes: [node('TreeEnsembleRegressor', ['features'], ['log_odds'], attributes, 'ai.onnx.ml')],
  }
}

/** The nodes of a tree in preorder, with the numbers of their children; the root is 0. */
function numbered(tree) {
  const rows = []
  const visit = (node) => {
    const row = { id: rows.length, node, left: 0, right: 0 }
    rows.push(row)
    if (node.kind === 'split') {
      row.left = visit(node.left)
      row.right = visit(node.right)
    }
    return row.id
  }
  visit(tree)
  return rows
}

/**
 * The weighted sum is taken in double, because its order differs between batch sizes, and then rounded to float32: what
 * enters the sigmoid is either equal or so far apart that the sigmoid cannot confuse the order.
 */
function scorecardNodes(model) {
  return {
    initializers: [
      doubles('weights', [model.weights.length, 1], model.weights),
      doubles('intercept', [1], [model.intercept]),
    ],
    nodes: [
      node('Cast', ['features'], ['features:double'], [int('to', Type.DOUBLE)]),
      node('MatMul', ['features:double', 'weights'], ['weighted']),
      node('Add', ['weighted', 'intercept'], ['log_odds:exact']),
      node('Cast', ['log_odds:exact'], ['log_odds'], [int('to', Type.FLOAT)]),
    ],
  }
}

const node = (opType, input, output, attribute = [], domain = '') =>
  create(NodeProtoSchema, { name: output[0], opType, domain, input, output, attribute })

function tensorInfo(name, elemType) {
  const dim = [{ value: { case: 'dimParam', value: 'N' } }, { value: { case: 'dimValue', value: 1n } }]
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType, shape: { dim } } } },
  })
}

const doubles = (name, dims, values) =>
  create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType: Type.DOUBLE, doubleData: [...values] })

const attribute = (name, type, value) => create(AttributeProtoSchema, { name, type, ...value })
const int = (name, value) => attribute(name, Kind.INT, { i: BigInt(value) })
const ints = (name, values) => attribute(name, Kind.INTS, { ints: values.map(BigInt) })
const floats = (name, values) => attribute(name, Kind.FLOATS, { floats: values })
const string = (name, value) => attribute(name, Kind.STRING, { s: text.encode(value) })
const strings = (name, values) => attribute(name, Kind.STRINGS, { strings: values.map((value) => text.encode(value)) })
