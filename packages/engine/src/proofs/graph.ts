import { fromBinary } from '@bufbuild/protobuf'
import {
  type AttributeProto,
  AttributeProto_AttributeType as A,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  TensorProto_DataLocation,
  type ValueInfoProto,
} from 'onnx-buf'
import { type EngineFailure, type Outcome, failure, success, textOf } from '../models/outcome.ts'
import type { Dimension, ElementType, ModelSignature, TensorInfo } from '../models/signature.ts'
import { withClasses, withoutMaps } from '../models/zip-map.ts'

/** A constant of the graph. `values` of `int64` tensors are bigint; `string` and unsupported types carry no numbers. */
export interface ConstantTensor {
  readonly type: ElementType | undefined
  readonly dims: readonly number[]
  readonly values: readonly number[] | readonly bigint[] | readonly string[]
}

/** One attribute value; `unsupported` holds graphs, sparse tensors and whatever else no proof reads. */
export type AttributeValue =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'ints'; readonly value: readonly bigint[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'tensor'; readonly value: ConstantTensor }
  | { readonly kind: 'unsupported'; readonly value: string }

/** One operator call. `domain` is '' for ai.onnx. Absent optional inputs are empty names. */
export interface GraphNode {
  readonly index: number
  readonly label: string
  readonly op: string
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: ReadonlyMap<string, AttributeValue>
}

/** A model file as the proofs see it. `opsets` maps domain ('' = ai.onnx) to version. */
export interface OnnxGraph {
  readonly nodes: readonly GraphNode[]
  readonly constants: ReadonlyMap<string, ConstantTensor>
  readonly signature: ModelSignature
  readonly opsets: ReadonlyMap<string, number>
  /** Tensor name → index of the node that writes it. */
  readonly writers: ReadonlyMap<string, number>
}

const ELEMENT_TYPES: ReadonlyMap<number, ElementType> = new Map([
  [1, 'float'],
  [6, 'int32'],
  [7, 'int64'],
  [8, 'string'],
  [9, 'bool'],
  [11, 'double'],
])

/** The element type of an ONNX `TensorProto.DataType` code, if the engine knows it. */
export function elementTypeOf(code: number): ElementType | undefined {
  return ELEMENT_TYPES.get(code)
}

/**
 * Reads an ONNX file. Refuses (as values) what no proof could be sound about: not ONNX, larger than `maxBytes`
 * (default 256 MB), external data, model-local functions, sparse initializers, a tensor written twice, a node that reads
 * what no earlier node wrote. Unknown operators are no error here: they matter only where an output depends on them.
 */
export function readGraph(bytes: Uint8Array, maxBytes: number = 256 * 2 ** 20): Outcome<OnnxGraph> {
  if (bytes.byteLength > maxBytes) {
    return failure(
      'engine/proof-model-too-large',
      `The model has ${bytes.byteLength} bytes, the prover reads ${maxBytes}.`,
    )
  }
  // What is proved is what runs.
  const read = withoutMaps(bytes)
  let model: ModelProto
  try {
    model = fromBinary(ModelProtoSchema, read.bytes)
  } catch (thrown) {
    return failure('engine/not-an-onnx-file', `This is not an ONNX file: ${textOf(thrown)}`)
  }
  const graph = model.graph
  if (graph === undefined || graph.output.length === 0 || model.opsetImport.length === 0) {
    return failure(
      'engine/not-an-onnx-file',
      'This is not an ONNX file: it holds no graph with outputs and operator sets.',
    )
  }
  if (model.functions.length > 0) return refuse('it defines functions of its own')
  if (graph.sparseInitializer.length > 0) return refuse('it has sparse initializers')
  const constants = new Map<string, ConstantTensor>()
  for (const tensor of graph.initializer) {
    if (constants.has(tensor.name)) return refuse(`the constant "${tensor.name}" is given twice`)
    const constant = readTensor(tensor)
    if (!constant.ok) return constant
    constants.set(tensor.name, constant.value)
  }
  const inputs = graph.input.filter((input) => !constants.has(input.name)).map(tensorInfo)
  const known = new Set(['', ...constants.keys(), ...inputs.map((input) => input.name)])
  if (known.size !== 1 + constants.size + inputs.length) return refuse('an input is declared twice')
  const writers = new Map<string, number>()
  const nodes: GraphNode[] = []
  for (const [index, proto] of graph.node.entries()) {
    const node = readNode(proto, index)
    if (!node.ok) return node
    const unwritten = node.value.inputs.find((name) => !known.has(name))
    if (unwritten !== undefined)
      return refuse(`${node.value.label} reads "${unwritten}", which nothing before it writes`)
    for (const name of node.value.outputs) {
      if (name === '') continue
      if (known.has(name)) return refuse(`"${name}" has several writers`)
      known.add(name)
      writers.set(name, index)
    }
    nodes.push(node.value)
  }
  const missing = graph.output.find((output) => !known.has(output.name))
  if (missing !== undefined) return refuse(`nothing writes its output "${missing.name}"`)
  return success({
    nodes,
    constants,
    signature: { inputs, outputs: withClasses(graph.output.map(tensorInfo), read) },
    opsets: new Map(model.opsetImport.map((opset) => [normalDomain(opset.domain), Number(opset.version)])),
    writers,
  })
}

function refuse(why: string): { readonly ok: false; readonly error: EngineFailure } {
  return failure('engine/proof-model-unsupported', `The prover does not read this model: ${why}.`)
}

function normalDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain
}

function readNode(proto: NodeProto, index: number): Outcome<GraphNode> {
  const label = `${proto.opType} "${proto.name !== '' ? proto.name : (proto.output[0] ?? `#${index}`)}"`
  const attributes = new Map<string, AttributeValue>()
  for (const attribute of proto.attribute) {
    if (attributes.has(attribute.name)) return refuse(`${label} has the attribute "${attribute.name}" twice`)
    const value = readAttribute(attribute)
    if (!value.ok) return value
    attributes.set(attribute.name, value.value)
  }
  return success({
    index,
    label,
    op: proto.opType,
    domain: normalDomain(proto.domain),
    inputs: [...proto.input],
    outputs: [...proto.output],
    attributes,
  })
}

function readAttribute(a: AttributeProto): Outcome<AttributeValue> {
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
  if (a.refAttrName !== '') return success({ kind: 'unsupported', value: 'a reference to a function attribute' })
  if (a.type === A.FLOAT) return success({ kind: 'float', value: a.f })
  if (a.type === A.INT) return success({ kind: 'int', value: a.i })
  if (a.type === A.STRING) return success({ kind: 'string', value: text(a.s) })
  if (a.type === A.FLOATS) return success({ kind: 'floats', value: a.floats })
  if (a.type === A.INTS) return success({ kind: 'ints', value: a.ints })
  if (a.type === A.STRINGS) return success({ kind: 'strings', value: a.strings.map(text) })
  if (a.type === A.TENSOR && a.t !== undefined) {
    const tensor = readTensor(a.t)
    return tensor.ok ? success({ kind: 'tensor', value: tensor.value }) : tensor
  }
  return success({ kind: 'unsupported', value: a.type === A.GRAPH || a.type === A.GRAPHS ? 'a subgraph' : 'unread' })
}

function readTensor(t: TensorProto): Outcome<ConstantTensor> {
  if (t.dataLocation === TensorProto_DataLocation.EXTERNAL || t.externalData.length > 0) {
    return refuse(`"${t.name}" keeps its data in another file`)
  }
  if (t.segment !== undefined) return refuse(`"${t.name}" is stored in segments`)
  const dims = t.dims.map(Number)
  const type = elementTypeOf(t.dataType)
  if (type === undefined) return success({ type, dims, values: [] })
  const size = dims.reduce((product, dim) => product * dim, 1)
  const values = tensorValues(t, type)
  if (values === undefined || values.length !== size || !dims.every((dim) => Number.isSafeInteger(dim) && dim >= 0)) {
    return refuse(`"${t.name}" does not hold as many values as its shape says`)
  }
  return success({ type, dims, values })
}

function tensorValues(t: TensorProto, type: ElementType): ConstantTensor['values'] | undefined {
  const raw = t.rawData
  if (raw.byteLength > 0) {
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
    const width = { float: 4, double: 8, int64: 8, int32: 4, bool: 1, string: 0 }[type]
    if (width === 0 || raw.byteLength % width !== 0) return undefined
    const at = Array.from({ length: raw.byteLength / width }, (_, i) => i * width)
    if (type === 'float') return at.map((i) => view.getFloat32(i, true))
    if (type === 'double') return at.map((i) => view.getFloat64(i, true))
    if (type === 'int64') return at.map((i) => view.getBigInt64(i, true))
    if (type === 'int32') return at.map((i) => view.getInt32(i, true))
    return at.map((i) => view.getUint8(i))
  }
  if (type === 'float') return t.floatData
  if (type === 'double') return t.doubleData
  if (type === 'int64') return t.int64Data
  if (type === 'string') return t.stringData.map((bytes) => new TextDecoder().decode(bytes))
  return t.int32Data
}

function tensorInfo(info: ValueInfoProto): TensorInfo {
  const value = info.type?.value
  if (value?.case !== 'tensorType') {
    return {
      name: info.name,
      type: undefined,
      typeName: value?.case?.replace('Type', '') ?? 'untyped',
      shape: undefined,
    }
  }
  const type = elementTypeOf(value.value.elemType)
  const shape = value.value.shape?.dim.map((dim): Dimension => {
    return dim.value.case === 'dimValue' && dim.value.value > 0n ? Number(dim.value.value) : 'unknown'
  })
  return { name: info.name, type, typeName: type ?? `tensor type ${value.value.elemType}`, shape }
}
