import type { GuardPlan } from '@plumbline/core'
import type { Row } from '../falsify/domain.ts'
import { DATATYPE, type WireRequest, wireRequest, type WireTensor } from './wire.ts'

/** A body that is no request, and why. It must be refused with a 4xx and an `error`, and answered with nothing else. */
export interface Malformed {
  readonly what: string
  readonly body: string | Uint8Array
}

/** Bodies that a server must refuse, made from a valid row. */
export function malformedBodies(plan: GuardPlan, row: Row): readonly Malformed[] {
  const request = wireRequest(plan, 'malformed', [row])
  const [first] = request.inputs
  if (first === undefined) return []
  const text = JSON.stringify(request)
  const with1 = (change: Partial<Record<keyof WireTensor, unknown>>): string =>
    JSON.stringify({ ...request, inputs: [{ ...first, ...change }, ...request.inputs.slice(1)] })
  const whole = plan.inputs.find(({ kind }) => kind === 'int')?.name
  return [
    { what: 'an empty body', body: '' },
    { what: 'half of a request', body: text.slice(0, text.length >> 1) },
    { what: 'a list instead of an object', body: `[${text}]` },
    { what: 'bytes that are not UTF-8', body: Uint8Array.of(0x22, 0xff, 0xfe, 0x22) },
    { what: 'no inputs', body: '{}' },
    { what: 'an empty list of inputs', body: '{"inputs":[]}' },
    { what: 'equal keys', body: text.replace('"inputs":', '"inputs":[],"inputs":') },
    { what: 'lists a thousand deep', body: `{"inputs":${'['.repeat(1000)}${']'.repeat(1000)}}` },
    { what: 'a tensor given twice', body: JSON.stringify({ ...request, inputs: [...request.inputs, first] }) },
    {
      what: 'a field the spec does not know',
      body: JSON.stringify(wireRequest(plan, 'malformed', [withUnknown(plan, row)])),
    },
    { what: 'a shape that its data does not have', body: with1({ shape: [2] }) },
    { what: 'a negative shape', body: with1({ shape: [-1] }) },
    { what: 'a shape of three dimensions', body: with1({ shape: [1, 1, 1] }) },
    { what: 'tensors of different lengths', body: with1({ shape: [2], data: [...first.data, ...first.data] }) },
    { what: 'a datatype that the protocol does not have', body: with1({ datatype: 'INT7' }) },
    { what: 'data of another datatype than stated', body: with1({ datatype: 'BOOL', data: ['x'] }) },
    { what: 'data that is no list', body: with1({ data: 'x' }) },
    { what: 'a tensor without a name', body: with1({ name: 7 }) },
    {
      what: 'an output that there is not',
      body: JSON.stringify({ ...request, outputs: [{ name: 'no such output' }] }),
    },
    { what: 'an id that is no text', body: JSON.stringify({ ...request, id: 7 }) },
    ...(whole === undefined ? [] : [{ what: 'an integer beyond 2^53', body: withUnsafeInteger(request, whole) }]),
  ]
}

function withUnknown(plan: GuardPlan, row: Row): Row {
  let name = 'unknown field'
  while ([...plan.keys, ...plan.inputs].some((column) => column.name === name)) name += '_'
  return new Map(row).set(name, 1)
}

/** 2^53 + 1, which a reader of JSON rounds to 2^53; written as text, since a number here would be rounded as well. */
function withUnsafeInteger(request: WireRequest, column: string): string {
  const inputs = request.inputs.map((tensor) =>
    tensor.name === column ? { ...tensor, datatype: DATATYPE.int, data: ['UNSAFE'] } : tensor,
  )
  return JSON.stringify({ ...request, inputs }).replace('["UNSAFE"]', '[9007199254740993]')
}
