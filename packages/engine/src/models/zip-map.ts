import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf'
import type { ClassLabels, TensorInfo } from './signature.ts'

/** A file whose outputs are tensors, and the classes of the columns of those that were maps. */
export interface WithoutMaps {
  readonly bytes: Uint8Array
  readonly classes: ReadonlyMap<string, ClassLabels>
}

/** Numbers of fields in onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). */
const MODEL = { graph: 7, opset: 8 }
const GRAPH = { node: 1, output: 12, valueInfo: 13 }
const NODE = { input: 1, output: 2, opType: 4, domain: 7 }
const NAME = 1
const FLOAT = 1
/** The version of ai.onnx that a file is given which names none: `Identity` is in all of them. */
const PLAIN_OPSET = 9n

/**
 * A file with its `ZipMap`s taken out: what skl2onnx puts behind the probabilities of a classifier unless it is told not to, and whose sequence
 * of maps onnxruntime does not hand to JavaScript. Where an output of the graph is written by one, the tensor that went in comes out under the
 * same name, its columns in the order of the map's classes. All other bytes stay as they are; a file that cannot be read is handed back as
 * it came, for the runtime to say what is wrong with it.
 */
export function withoutMaps(bytes: Uint8Array): WithoutMaps {
  const none: WithoutMaps = { bytes, classes: new Map() }
  // Of most files nothing but this search is asked.
  if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf('ZipMap') < 0) return none
  try {
    const model = fieldsOf(bytes)
    const graph = model.filter(({ number }) => number === MODEL.graph)
    const [only] = graph
    const changed = only === undefined || graph.length > 1 ? undefined : graphWithoutMaps(only.payload)
    if (changed === undefined) return none
    const parts = model.map((field) => (field === only ? written(MODEL.graph, changed.bytes) : field.raw))
    const isPlain = (opset: Field): boolean =>
      ['', 'ai.onnx'].includes(fromBinary(OperatorSetIdProtoSchema, opset.payload).domain)
    if (!model.some((field) => field.number === MODEL.opset && isPlain(field))) {
      const opset = create(OperatorSetIdProtoSchema, { domain: '', version: PLAIN_OPSET })
      parts.push(written(MODEL.opset, toBinary(OperatorSetIdProtoSchema, opset)))
    }
    return { bytes: joined(parts), classes: changed.classes }
  } catch {
    return none
  }
}

/** The outputs of such a file, each with its classes. */
export function withClasses(outputs: readonly TensorInfo[], { classes }: WithoutMaps): readonly TensorInfo[] {
  return outputs.map((output) => {
    const own = classes.get(output.name)
    return own === undefined ? output : { ...output, classes: own }
  })
}

function graphWithoutMaps(graph: Uint8Array): WithoutMaps | undefined {
  const fields = fieldsOf(graph)
  const outputs = new Set(fields.flatMap(({ number, payload }) => (number === GRAPH.output ? [nameOf(payload)] : [])))
  const nodes = fields.filter(({ number }) => number === GRAPH.node)
  const read = new Set(nodes.flatMap(({ payload }) => textsOf(payload, NODE.input)))
  const classes = new Map<string, ClassLabels>()
  const replaced = new Map<Field, Uint8Array>()
  for (const node of nodes) {
    const [op] = textsOf(node.payload, NODE.opType)
    const [domain] = textsOf(node.payload, NODE.domain)
    const [output] = textsOf(node.payload, NODE.output)
    // A map that goes on within the graph has to stay one.
    if (op !== 'ZipMap' || domain !== 'ai.onnx.ml' || output === undefined) continue
    if (!outputs.has(output) || read.has(output)) continue
    const labels = labelsOf(node.payload)
    if (labels === undefined) continue
    classes.set(output, labels)
    const name = textsOf(node.payload, 3)[0] ?? ''
    const same = { opType: 'Identity', name, input: textsOf(node.payload, NODE.input), output: [output] }
    replaced.set(node, written(GRAPH.node, toBinary(NodeProtoSchema, create(NodeProtoSchema, same))))
  }
  if (classes.size === 0) return undefined
  const parts = fields.flatMap((field) => {
    const node = replaced.get(field)
    if (node !== undefined) return [node]
    const width = [GRAPH.output, GRAPH.valueInfo].includes(field.number)
      ? classes.get(nameOf(field.payload))?.length
      : undefined
    if (width === undefined) return [field.raw]
    return field.number === GRAPH.output ? [written(GRAPH.output, floats(nameOf(field.payload), width))] : []
  })
  return { bytes: joined(parts), classes }
}

/** The classes of a `ZipMap`, in the order of the columns; undefined where it does not say. */
function labelsOf(node: Uint8Array): ClassLabels | undefined {
  const { attribute } = fromBinary(NodeProtoSchema, node)
  const texts = attribute.find(({ name }) => name === 'classlabels_strings')?.strings ?? []
  const codes = attribute.find(({ name }) => name === 'classlabels_int64s')?.ints ?? []
  if (texts.length > 0 === codes.length > 0) return undefined
  return texts.length > 0 ? texts.map((text) => new TextDecoder().decode(text)) : codes.map(String)
}

/** An output [N, width] of float32. */
function floats(name: string, width: number): Uint8Array {
  const rows = create(TensorShapeProto_DimensionSchema, { value: { case: 'dimParam', value: 'N' } })
  const columns = create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: BigInt(width) } })
  const shape = create(TensorShapeProtoSchema, { dim: [rows, columns] })
  const type = create(TypeProtoSchema, {
    value: { case: 'tensorType', value: create(TypeProto_TensorSchema, { elemType: FLOAT, shape }) },
  })
  return toBinary(ValueInfoProtoSchema, create(ValueInfoProtoSchema, { name, type }))
}

/** One field of a message: all of its bytes, and those of a text or message in it (empty where it is a number). */
interface Field {
  readonly number: number
  readonly raw: Uint8Array
  readonly payload: Uint8Array
}

/** The fields of a message in their order. Throws where the bytes are none. Source: protobuf.dev/programming-guides/encoding. */
function fieldsOf(bytes: Uint8Array): readonly Field[] {
  const fields: Field[] = []
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]
      if (byte === undefined || scale > 2 ** 63) throw new RangeError('A number is cut off.')
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const start = at
    const tag = varint()
    let payload = at
    const wire = tag % 8
    if (wire === 0) varint()
    else if (wire === 1) at += 8
    else if (wire === 5) at += 4
    else if (wire === 2) {
      const length = varint()
      payload = at
      at += length
    } else throw new RangeError(`There is no wire type ${wire}.`)
    if (at > bytes.length) throw new RangeError('A field is cut off.')
    const inner = wire === 2 ? bytes.subarray(payload, at) : new Uint8Array(0)
    fields.push({ number: Math.floor(tag / 8), raw: bytes.subarray(start, at), payload: inner })
  }
  return fields
}

const textsOf = (message: Uint8Array, of: number): string[] =>
  fieldsOf(message).flatMap(({ number, payload }) => (number === of ? [new TextDecoder().decode(payload)] : []))

/** The name of an output, which is its first field as it is of a `value_info`. */
const nameOf = (message: Uint8Array): string => textsOf(message, NAME)[0] ?? ''

/** A text or message as a field. */
function written(number: number, payload: Uint8Array): Uint8Array {
  return joined([Uint8Array.from([...varintOf(number * 8 + 2), ...varintOf(payload.length)]), payload])
}

function varintOf(value: number): number[] {
  const bytes: number[] = []
  let left = value
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128)
  return [...bytes, left]
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
