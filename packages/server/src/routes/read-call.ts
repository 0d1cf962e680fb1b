import { isUtf8 } from 'node:buffer'
import { parseJson } from '@plumbline/guard'
import { type InferRequest, readInfer } from '../protocol/infer-request.ts'
import { knownForms } from '../protocol/known-forms.ts'
import { requestForm } from '../protocol/request-form.ts'
import type { Call } from './call.ts'
import type { Service } from './service.ts'

const JSON_DEPTH = 8

/** Reads the body of a call to infer, or says what is wrong with it. */
export type ReadCall = (call: Call) => InferRequest | string

/** Binds the reader of calls; it remembers what requests look like. */
export function callReader({ guard, mostRows }: Pick<Service, 'guard' | 'mostRows'>): ReadCall {
  const forms = knownForms<InferRequest>()
  return ({ headers, body }) => {
    const parts = splitBody(body, headers['inference-header-content-length'])
    if (typeof parts === 'string') return parts
    const { json: bytes, tail } = parts
    if (!isUtf8(bytes)) return 'The body is not UTF-8.'
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
    const known = tail === undefined ? forms.read(text) : undefined
    if (known !== undefined) return known
    const json = parseJson(text, { depth: JSON_DEPTH, length: text.length })
    if (!json.ok) return `The body was not read as JSON: ${json.problem}.`
    const request = readInfer(json.value, guard.plan, mostRows, tail)
    if (!request.ok) return request.problem
    const { value } = request
    if (tail === undefined) forms.learn(() => requestForm(text, json.value, value, guard.plan))
    return value
  }
}

/** The JSON of a body and the binary tensors after it, where a header says that there are such. */
function splitBody(
  body: Uint8Array,
  length: string | readonly string[] | undefined,
): { readonly json: Uint8Array; readonly tail?: Uint8Array } | string {
  if (length === undefined) return { json: body }
  if (typeof length !== 'string' || !/^\d{1,10}$/.test(length) || Number(length) > body.byteLength)
    return '`Inference-Header-Content-Length` is not the length of the JSON in this body.'
  return { json: body.subarray(0, Number(length)), tail: body.subarray(Number(length)) }
}
