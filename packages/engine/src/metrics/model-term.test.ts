import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildOnnx, tensor } from '../proofs/testing/build-onnx.ts'
import { askOf, type Place, placeWith, scaledInput } from './testing/ask-clause.ts'

// Numbers about the model itself: how large its file is, and whether an answer depends on the rows around it.

/** A model that answers the sum of an input over all rows up to this one: what it says of a row depends on the order. */
const running = buildOnnx({
  inputs: [{ name: 'a', type: 'float', shape: [null, 1] }],
  outputs: [{ name: 'risk', type: 'float', shape: [null, 1] }],
  nodes: [{ op: 'CumSum', inputs: ['a', 'axis'], outputs: ['risk'] }],
  initializers: [tensor('axis', 'int64', [], [0])],
})
const steady = scaledInput('a', 'risk', 0.5)

const spec = (must: string, of = 'champion', more = ''): string => `plumbline: 1
system: { name: sizes, version: 1.0.0 }
data:
  rows:
    source: rows.csv
    splits: { first: a < 3.0 }
    columns: { a: { type: number, range: [0, 10] }, hit: { type: boolean, role: label } }
slices: { high: a >= 3.0 }
models:
  champion:
    artifact: model.onnx
    input: { from: rows, columns: [a] }
    outputs: { risk: { type: number } }
    label: hit
    decision: risk >= 1.0
clauses:
  it: { of: ${of}, must: "${must}"${more} }
`

let place: Place
beforeAll(async () => {
  const rows = ['a,hit', ...Array.from({ length: 40 }, (_, i) => `${(i % 5) + 1},${i % 2 === 0}`)].join('\n')
  place = await placeWith({ 'rows.csv': `${rows}\n`, 'model.onnx': steady, 'running.onnx': running })
})
afterAll(() => place.remove())

describe('the size of a model', () => {
  it('is that of its file, to the byte', async () => {
    const bytes = steady.length
    expect(await askOf(place, spec(`model_bytes() == ${bytes}`))).toMatchObject({
      verdict: 'satisfied',
      measured: bytes,
    })
    expect(await askOf(place, spec(`model_bytes() < ${bytes}`, 'champion.first'))).toMatchObject({
      verdict: 'violated',
      measured: bytes,
    })
  })

  it('is asked of a model only', async () => {
    await expect(place.ask(spec('model_bytes() < 10', 'rows'))).rejects.toThrow('expr/metric-needs')
    await expect(place.ask(spec('order_dependent() == 0', 'requests'))).rejects.toThrow('expr/')
  })
})

describe('answers in another order', () => {
  it('are the same where a row is answered by itself', async () => {
    expect(await askOf(place, spec('order_dependent() == 0'))).toMatchObject({
      verdict: 'satisfied',
      measured: 0,
      n: 40,
    })
  })

  it('are counted where they are others, in a split and in a slice, too', async () => {
    const asked = async (of: string, more = '') => {
      const [statement] = await place.ask(spec('order_dependent() == 0', of, more), { model: 'running' })
      return statement as unknown as { readonly verdict: string; readonly measured: number; readonly n: number }
    }
    const all = await asked('champion')
    expect(all).toMatchObject({ verdict: 'violated', n: 40 })
    // The sums of 40 rows agree at few places of two orders.
    expect(all.measured).toBeGreaterThan(30)
    const parts = [await asked('champion', ', slices: [high]'), await asked('champion.first')]
    expect(parts.map(({ verdict, n }) => [verdict, n])).toEqual([
      ['violated', 24],
      ['violated', 16],
    ])
    expect(parts[0]?.measured).toBeLessThanOrEqual(24)
  })
})
