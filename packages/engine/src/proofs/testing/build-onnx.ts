import { create, toBinary } from '@bufbuild/protobuf'
import {
  type AttributeProto,
  AttributeProto_AttributeType as A,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  type TypeProto,
  TypeProto_MapSchema,
  TypeProto_SequenceSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf'
import type { ElementType } from '../../models/signature.ts'

/** `TensorProto.DataType` codes of the element types. */
export const TYPE_CODES: Readonly<Record<ElementType, number>> = {
  float: 1,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  double: 11,
}

/** A plain attribute: integers as bigint, floats as number, tensors as TensorProto. */
export type PlainAttribute =
  | number
  | bigint
  | string
  | readonly number[]
  | readonly bigint[]
  | readonly string[]
  | TensorProto
  | GraphProto

/** One operator call in short form. `domain` is '' unless given. */
export interface NodeSpec {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly domain?: string
  readonly name?: string
  readonly attributes?: Readonly<Record<string, PlainAttribute>>
}

/** An input or output; a `null` dimension is left open (the batch). */
export interface ValueSpec {
  readonly name: string
  readonly type: ElementType
  readonly shape: readonly (number | null)[]
}

/** A whole model in short form. */
export interface ModelSpec {
  readonly inputs: readonly ValueSpec[]
  readonly outputs: readonly (ValueSpec | ValueInfoProto)[]
  readonly nodes: readonly NodeSpec[]
  readonly initializers?: readonly TensorProto[]
  readonly opset?: number
  readonly mlOpset?: number
}

/** A graph, which is also the body of a `Loop` or an `If`. */
export function graphOf(spec: ModelSpec): GraphProto {
  return create(GraphProtoSchema, {
    name: 'test',
    node: spec.nodes.map(node),
    input: spec.inputs.map(valueInfo),
    output: spec.outputs.map((output) => ('$typeName' in output ? output : valueInfo(output))),
    initializer: [...(spec.initializers ?? [])],
  })
}

/** The bytes of an ONNX file (tests only: the engine never writes models). */
export function buildOnnx(spec: ModelSpec): Uint8Array {
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [
      create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(spec.opset ?? 17) }),
      create(OperatorSetIdProtoSchema, { domain: 'ai.onnx.ml', version: BigInt(spec.mlOpset ?? 3) }),
    ],
    graph: graphOf(spec),
  })
  return toBinary(ModelProtoSchema, model)
}

/** A constant tensor of float, double, int64 or int32. */
export function tensor(
  name: string,
  type: 'float' | 'double' | 'int64' | 'int32',
  dims: readonly number[],
  values: readonly number[],
): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType: TYPE_CODES[type],
    dims: dims.map(BigInt),
    ...(type === 'float' && { floatData: [...values] }),
    ...(type === 'double' && { doubleData: [...values] }),
    ...(type === 'int64' && { int64Data: values.map(BigInt) }),
    ...(type === 'int32' && { int32Data: [...values] }),
  })
}

const floats = (): TypeProto =>
  create(TypeProtoSchema, {
    value: { case: 'tensorType', value: create(TypeProto_TensorSchema, { elemType: TYPE_CODES.float }) },
  })

/** An output that is a sequence of maps from int64 to float, as ZipMap makes. */
export function sequenceOfMaps(name: string): ValueInfoProto {
  const map = create(TypeProtoSchema, {
    value: { case: 'mapType', value: create(TypeProto_MapSchema, { keyType: TYPE_CODES.int64, valueType: floats() }) },
  })
  return sequenceOf(name, map)
}

/** An output that is a sequence of tensors of float. */
export const sequenceOfFloats = (name: string): ValueInfoProto => sequenceOf(name, floats())

function sequenceOf(name: string, elemType: TypeProto): ValueInfoProto {
  const type = create(TypeProtoSchema, {
    value: { case: 'sequenceType', value: create(TypeProto_SequenceSchema, { elemType }) },
  })
  return create(ValueInfoProtoSchema, { name, type })
}

function valueInfo(value: ValueSpec): ValueInfoProto {
  const dim = value.shape.map((d) =>
    create(TensorShapeProto_DimensionSchema, {
      value: d === null ? { case: 'dimParam', value: 'N' } : { case: 'dimValue', value: BigInt(d) },
    }),
  )
  const shape = create(TensorShapeProtoSchema, { dim })
  const type = create(TypeProtoSchema, {
    value: { case: 'tensorType', value: create(TypeProto_TensorSchema, { elemType: TYPE_CODES[value.type], shape }) },
  })
  return create(ValueInfoProtoSchema, { name: value.name, type })
}

function node(spec: NodeSpec): NodeProto {
  return create(NodeProtoSchema, {
    opType: spec.op,
    name: spec.name ?? '',
    domain: spec.domain ?? '',
    input: [...spec.inputs],
    output: [...spec.outputs],
    attribute: Object.entries(spec.attributes ?? {}).map(([name, value]) => attribute(name, value)),
  })
}

function attribute(name: string, value: PlainAttribute): AttributeProto {
  const utf8 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text))
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: A.FLOAT, f: value })
  if (typeof value === 'bigint') return create(AttributeProtoSchema, { name, type: A.INT, i: value })
  if (typeof value === 'string') return create(AttributeProtoSchema, { name, type: A.STRING, s: utf8(value) })
  if ('$typeName' in value && value.$typeName === 'onnx.GraphProto')
    return create(AttributeProtoSchema, { name, type: A.GRAPH, g: value })
  if ('$typeName' in value) return create(AttributeProtoSchema, { name, type: A.TENSOR, t: value })
  const list: readonly (number | bigint | string)[] = value
  const numbers = list.filter((item) => typeof item === 'number')
  const bigints = list.filter((item) => typeof item === 'bigint')
  const strings = list.filter((item) => typeof item === 'string')
  if (bigints.length > 0) return create(AttributeProtoSchema, { name, type: A.INTS, ints: bigints })
  if (strings.length > 0) return create(AttributeProtoSchema, { name, type: A.STRINGS, strings: strings.map(utf8) })
  return create(AttributeProtoSchema, { name, type: A.FLOATS, floats: numbers })
}
