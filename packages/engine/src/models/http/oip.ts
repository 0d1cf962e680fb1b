import type { ProgramModel } from '@plumbline/core'
import type { TensorStorage } from '../convert.ts'
import { failure, type Outcome, success } from '../outcome.ts'
import type { Runner } from '../runner.ts'
import type { ElementType } from '../signature.ts'
import { type CallTensors, type Feed, predictTensors, type TensorResult } from '../tensor-calls.ts'
import { readTensorBytes, tensorBytes } from './oip-binary.ts'
import { datatypeOf, modelPath, oipModel } from './oip-metadata.ts'
import { jsonOf, recordOf, send, type Sent, type Server } from './send.ts'

/**
 * Opens a model of a server of the Open Inference Protocol V2. What the server states of its inputs and outputs is bound to
 * the columns of the spec as those of a file are; tensors travel as bytes where the server offers it, else as JSON.
 */
export async function openOipModel(server: Server, model: ProgramModel): Promise<Outcome<Runner>> {
  const { runner, host } = server
  const name = runner.model ?? ''
  if (name === '')
    return failure(
      'engine/model-address',
      'Nothing says which model of the server to ask. Add `model: NAME` to the artifact.',
    )
  const stated = await oipModel(server, name)
  if (!stated.ok) return stated
  const { signature, versions, platform, binary } = stated.value
  if (signature.inputs.length === 0 || signature.outputs.length === 0)
    return failure(
      'engine/model-inputs-mismatch',
      `The server states no inputs or outputs for "${name}", so nothing says what it takes. Give the model its signature there.`,
    )
  const call: CallTensors = async (feeds, tensors, signal) => {
    const sent = binary ? binaryRequest(feeds, tensors) : jsonRequest(feeds, tensors)
    const answered = await send(server, { ...sent, path: `${modelPath(name)}/infer` }, signal)
    if (!answered.ok) return answered
    const { body, headers } = answered.value
    const results = readResponse(body, Number(headers['inference-header-content-length'] ?? body.length))
    return results.ok ? success({ results: results.value, bytes: body.length }) : results
  }
  return success({
    kind: 'http',
    says: () => ({
      protocol: 'oip-v2',
      model: stated.value.name,
      ...(versions.length === 0 ? {} : { version: versions.join(', ') }),
      platform,
    }),
    close: () => Promise.resolve(),
    predict: (request) =>
      predictTensors(
        signature,
        { ...request, outputs: model.outputs },
        {
          call,
          batch: runner.batch,
          now: () => host.clock.monotonic(),
        },
      ),
  })
}

function jsonRequest(feeds: readonly Feed[], tensors: readonly string[]): Omit<Sent, 'path'> {
  const inputs = feeds.map(({ tensor, type, storage, dims }) => ({
    name: tensor,
    shape: dims,
    datatype: datatypeOf(type),
    data: Array.from(storage as ArrayLike<number | bigint | string>, (value) => jsonNumber(value, type)),
  }))
  const text = JSON.stringify({ inputs, outputs: tensors.map((name) => ({ name })) }, (_, value: unknown) =>
    typeof value === 'bigint' ? rawInteger(value) : value,
  )
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: text }
}

/** NaN and infinity have no JSON number; servers take `null` for what is not there. */
function jsonNumber(value: number | bigint | string, type: ElementType): unknown {
  if (type === 'bool') return value === 1
  return typeof value === 'number' && !Number.isFinite(value) ? null : value
}

/** A whole number as its digits, which JSON has no limit for. */
function rawInteger(value: bigint): unknown {
  return Number.isSafeInteger(Number(value))
    ? Number(value)
    : (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(String(value))
}

function binaryRequest(feeds: readonly Feed[], tensors: readonly string[]): Omit<Sent, 'path'> {
  const parts = feeds.map(({ storage }) => tensorBytes(storage))
  const header = new TextEncoder().encode(
    JSON.stringify({
      parameters: { binary_data_output: true },
      inputs: feeds.map(({ tensor, type, dims }, i) => ({
        name: tensor,
        shape: dims,
        datatype: datatypeOf(type),
        parameters: { binary_data_size: parts[i]?.length ?? 0 },
      })),
      outputs: tensors.map((name) => ({ name, parameters: { binary_data: true } })),
    }),
  )
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(header.length),
    },
    body: Buffer.concat([header, ...parts]),
  }
}

function readResponse(body: Uint8Array, headerSize: number): Outcome<ReadonlyMap<string, TensorResult>> {
  if (!Number.isInteger(headerSize) || headerSize < 0 || headerSize > body.length)
    return unread('its header has no such length')
  const read = jsonOf(body.subarray(0, headerSize))
  if (!read.ok) return read
  const outputs = recordOf(read.value)?.['outputs']
  if (!Array.isArray(outputs)) return unread('it has no list of outputs')
  const results = new Map<string, TensorResult>()
  let at = headerSize
  for (const each of outputs) {
    const output = recordOf(each)
    const dims = output?.['shape']
    const name = output?.['name']
    if (
      typeof name !== 'string' ||
      !Array.isArray(dims) ||
      !dims.every((size) => Number.isSafeInteger(size) && size >= 0)
    )
      return unread('an output has no name or no shape')
    const count = dims.reduce((product: number, size: number) => product * size, 1)
    const size = recordOf(output?.['parameters'])?.['binary_data_size']
    let data: ArrayLike<unknown>
    if (typeof size === 'number') {
      if (at + size > body.length) return unread(`"${name}" is cut off`)
      const type = typeOf(String(output?.['datatype']))
      const tensor =
        type === undefined
          ? unread(`"${name}" has the datatype ${String(output?.['datatype'])}`)
          : readTensorBytes(body.subarray(at, at + size), type, count)
      if (!tensor.ok) return tensor
      data = elementsOf(tensor.value)
      at += size
    } else {
      const given: unknown = output?.['data']
      if (!Array.isArray(given)) return unread(`"${name}" has no data`)
      data = given.flat(Number.POSITIVE_INFINITY)
    }
    if (data.length !== count)
      return failure(
        'engine/model-outputs-mismatch',
        `The output "${name}" has ${data.length} elements for the shape [${dims.join(', ')}].`,
      )
    results.set(name, { data, dims: dims as readonly number[] })
  }
  return success(results)
}

const ELEMENTS: readonly ElementType[] = ['float', 'double', 'int64', 'int32', 'bool', 'string']

function typeOf(datatype: string): ElementType | undefined {
  return ELEMENTS.find((type) => datatypeOf(type) === datatype)
}

function elementsOf(storage: TensorStorage): ArrayLike<unknown> {
  return storage
}

function unread(why: string): Outcome<never> {
  return failure('engine/model-protocol', `The answer of the server cannot be read: ${why}.`)
}
