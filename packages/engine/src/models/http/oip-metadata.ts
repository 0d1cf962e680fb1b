import { failure, type Outcome, success } from '../outcome.ts'
import type { Dimension, ElementType, ModelSignature, TensorInfo } from '../signature.ts'
import { jsonOf, recordOf, send, type Server } from './send.ts'

/** What a server of the Open Inference Protocol V2 states of a model. */
export interface OipModel {
  readonly name: string
  readonly versions: readonly string[]
  readonly platform: string
  readonly signature: ModelSignature
  /** The server takes and gives tensors as bytes. */
  readonly binary: boolean
}

const TYPES: ReadonlyMap<string, ElementType> = new Map([
  ['FP32', 'float'],
  ['FP64', 'double'],
  ['INT64', 'int64'],
  ['INT32', 'int32'],
  ['BOOL', 'bool'],
  ['BYTES', 'string'],
])

/** The protocol's name of an element type. */
export function datatypeOf(type: ElementType): string {
  for (const [datatype, each] of TYPES) if (each === type) return datatype
  return 'BYTES'
}

/** The path of a model, its version if the name has one (`name/versions/2`). */
export function modelPath(name: string): string {
  return `/v2/models/${name.split('/').map(encodeURIComponent).join('/')}`
}

/** Asks a server what it and its model are. Errors: `engine/model-…`. */
export async function oipModel(server: Server, name: string, signal?: AbortSignal): Promise<Outcome<OipModel>> {
  const answered = await send(server, { method: 'GET', path: modelPath(name) }, signal)
  if (!answered.ok) return answered
  const read = jsonOf(answered.value.body)
  if (!read.ok) return read
  const metadata = recordOf(read.value)
  if (metadata === undefined)
    return failure('engine/model-protocol', 'The server of the model states its metadata as no JSON object.')
  const about = await send(server, { method: 'GET', path: '/v2' }, signal)
  const extensions = about.ok ? recordOf(valueOf(jsonOf(about.value.body)))?.['extensions'] : undefined
  return success({
    name: String(metadata['name'] ?? name),
    versions: texts(metadata['versions']),
    platform: String(metadata['platform'] ?? ''),
    signature: { inputs: tensors(metadata['inputs']), outputs: tensors(metadata['outputs']) },
    binary: texts(extensions).includes('binary_tensor_data'),
  })
}

const valueOf = (read: Outcome<unknown>): unknown => (read.ok ? read.value : undefined)

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}

function tensors(value: unknown): readonly TensorInfo[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((each): readonly TensorInfo[] => {
    const tensor = recordOf(each)
    if (tensor === undefined || typeof tensor['name'] !== 'string') return []
    const typeName = String(tensor['datatype'])
    const shape = Array.isArray(tensor['shape'])
      ? tensor['shape'].map((size): Dimension => (typeof size === 'number' && size > 0 ? size : 'unknown'))
      : undefined
    return [
      { name: tensor['name'], type: TYPES.get(typeName), typeName, shape: shape?.length === 0 ? undefined : shape },
    ]
  })
}
