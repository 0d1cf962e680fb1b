import type { Guard } from '@plumbline/guard'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GuardServer, startServer } from '../http/http-server.ts'
import { guardOf, ROW, tensors, versionOf } from '../testing/guarded.ts'

// Requests and answers with binary tensors after their JSON, over HTTP.

let guard: Guard
let server: GuardServer
beforeAll(async () => {
  guard = await guardOf('')
  const model = versionOf((rows) => rows.map(({ limit_bal }) => ({ risk: Number(limit_bal) / 1_000_000 })))
  server = await startServer({ name: 'credit', guard, model })
})
afterAll(() => server.close())

const ask = async (json: object, tail: readonly Uint8Array[], headerLength?: string) => {
  const head = Buffer.from(JSON.stringify(json))
  const response = await fetch(`${server.url}/v2/models/credit/infer`, {
    method: 'POST',
    headers: { 'inference-header-content-length': headerLength ?? `${head.length}` },
    body: Buffer.concat([head, ...tail]),
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  const length = Number(response.headers.get('inference-header-content-length') ?? bytes.length)
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    json: JSON.parse(bytes.subarray(0, length).toString()) as Record<string, unknown>,
    tail: bytes.subarray(length),
  }
}
const NAMES = ['limit_bal', 'sex', 'age', 'pay_0', 'pay_2', 'bill_amt1'] as const
const double = (...values: readonly number[]): Uint8Array => new Uint8Array(Float64Array.from(values).buffer)
const int = (...values: readonly number[]): Uint8Array => new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
const isDouble = (name: string): boolean => name === 'limit_bal' || name === 'bill_amt1'
/** Each column as a binary tensor; `change` alters what is said of one. */
const columns = (change: (name: string) => object = () => ({})) => ({
  inputs: NAMES.map((name) => ({
    name,
    shape: [2],
    datatype: isDouble(name) ? 'FP64' : 'INT64',
    parameters: { binary_data_size: 16 },
    ...change(name),
  })),
})
const tail = NAMES.map((name) => (isDouble(name) ? double(ROW[name], 250_000) : int(ROW[name], ROW[name])))

describe('binary tensors', () => {
  it('are read, and answered as binary data where that is asked for', async () => {
    const plain = await ask(columns(), tail)
    expect([plain.status, plain.type]).toEqual([200, 'application/json'])
    const outputs = [
      { name: 'risk', shape: [2], datatype: 'FP64', data: [0.0500005, 0.25] },
      { name: 'decision', shape: [2], datatype: 'BOOL', data: [false, false] },
    ]
    expect(plain.json['outputs']).toEqual(outputs)
    const binary = await ask({ ...columns(), parameters: { binary_data_output: true } }, tail)
    expect(binary.type).toBe('application/octet-stream')
    expect(binary.json['outputs']).toEqual([
      { name: 'risk', shape: [2], datatype: 'FP64', parameters: { binary_data_size: 16 } },
      { name: 'decision', shape: [2], datatype: 'BOOL', parameters: { binary_data_size: 2 } },
    ])
    expect(new Uint8Array(binary.tail)).toEqual(Uint8Array.of(...double(0.0500005, 0.25), 0, 0))
    const asked = [{ name: 'decision', parameters: { binary_data: false } }, { name: 'risk' }]
    const mixed = await ask({ ...columns(), outputs: asked, parameters: { binary_data_output: true } }, tail)
    expect(mixed.json['outputs']).toEqual([
      { name: 'risk', shape: [2], datatype: 'FP64', parameters: { binary_data_size: 16 } },
      outputs[1],
    ])
    expect(mixed.tail.length).toBe(16)
  })

  it('may stand beside tensors in JSON, and in one matrix', async () => {
    const some = columns((name) => (name === 'sex' ? { parameters: {}, data: [1, 1] } : {}))
    expect(
      (
        await ask(
          some,
          tail.filter((_, i) => NAMES[i] !== 'sex'),
        )
      ).status,
    ).toBe(200)
    const row = NAMES.map((name) => ROW[name])
    const bytes = new Uint8Array(Float32Array.from([...row, ...row]).buffer)
    const matrix = { name: 'X', shape: [2, 6], datatype: 'FP32', parameters: { binary_data_size: bytes.length } }
    expect((await ask({ inputs: [matrix] }, [bytes])).status).toBe(200)
    const plain = await ask({ inputs: tensors([ROW]) }, [])
    expect(plain.status).toBe(200)
  })

  it('say of a missing cell NaN, and the guard says which clause', async () => {
    const missing = tail.map((each, i) => (NAMES[i] === 'limit_bal' ? double(Number.NaN, 1) : each))
    expect((await ask(columns(), missing)).json).toMatchObject({ row: 0, clauses: ['accounts.limit_bal.required'] })
  })

  it('that are not what is said of them are refused', async () => {
    const of = (name: string, change: object) => columns((each) => (each === name ? change : {}))
    const refused: readonly (readonly [object, readonly Uint8Array[], string?])[] = [
      [columns(), tail.slice(1)],
      [columns(), [...tail, Uint8Array.of(0)]],
      [columns(), []],
      [of('sex', { parameters: { binary_data_size: 8 } }), tail],
      [of('sex', { parameters: { binary_data_size: -16 } }), tail],
      [of('sex', { parameters: { binary_data_size: 1e18 } }), tail],
      [of('sex', { parameters: { binary_data_size: '16' } }), tail],
      [of('sex', { shape: [1e15], parameters: { binary_data_size: 16 } }), tail],
      [of('sex', { datatype: 'FP8' }), tail],
      [of('sex', { data: [1, 1] }), tail],
      [of('sex', { parameters: {} }), tail],
      [of('sex', { parameters: { shared_memory_region: 'x', binary_data_size: 16 } }), tail],
      [{ ...columns(), outputs: [{ name: 'risk', parameters: { classification: 3 } }] }, tail],
      [{ ...columns(), outputs: [{ name: 'risk', parameters: { shared_memory_region: 'x' } }] }, tail],
      [columns(), tail, '0'],
      [columns(), tail, '-1'],
      [columns(), tail, '99999999'],
      [columns(), tail, '1e3'],
      [columns(), tail, '5'],
    ]
    for (const [json, bytes, length] of refused) {
      const { status, json: said } = await ask(json, bytes, length)
      expect([JSON.stringify(json), length, status]).toEqual([JSON.stringify(json), length, 400])
      expect(typeof said['error']).toBe('string')
    }
    expect((await ask(columns(), tail)).status).toBe(200)
  })
})
