import { parseJson } from '@plumbline/guard'

/** A tensor as the other server declares it; −1 is a dimension of any size. */
export interface UpstreamTensor {
  readonly name: string
  readonly datatype: string
  readonly shape: readonly number[]
}

/** What another server says of a model; lists are empty where it declares nothing. */
export interface UpstreamMetadata {
  readonly versions: readonly string[]
  readonly inputs: readonly UpstreamTensor[]
  readonly outputs: readonly UpstreamTensor[]
}

/** Reads the metadata of a model, or says what is wrong with it. */
export function readMetadata(body: Uint8Array): UpstreamMetadata | string {
  const json = parseJson(Buffer.from(body).toString('utf8'))
  if (!json.ok) return `its metadata is no JSON (${json.problem})`
  if (!isObject(json.value)) return 'its metadata is no object'
  const { versions, inputs, outputs } = json.value
  const tensors = [readTensors(inputs), readTensors(outputs)] as const
  const wrong = tensors.find((each) => each === undefined)
  if (tensors[0] === undefined || tensors[1] === undefined || wrong !== undefined)
    return 'its metadata has inputs or outputs that are no tensors'
  const named = Array.isArray(versions) ? versions.filter((each) => typeof each === 'string') : []
  return { versions: named, inputs: tensors[0], outputs: tensors[1] }
}

function readTensors(value: unknown): readonly UpstreamTensor[] | undefined {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) return undefined
  const tensors = value.map((each: unknown) => (isObject(each) ? each : {}))
  const whole = tensors.every(
    ({ name, datatype, shape }) =>
      typeof name === 'string' && typeof datatype === 'string' && Array.isArray(shape) && shape.every(Number.isInteger),
  )
  return whole ? (tensors as unknown as readonly UpstreamTensor[]) : undefined
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
