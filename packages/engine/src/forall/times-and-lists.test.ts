import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Place, placeWith, scaledInput } from '../metrics/testing/ask-clause.ts'

// Rows that hold times and lists, which no model reads, are rows like any other.

const spec = (body: string): string => `plumbline: 1
system: { name: times, version: 1.0.0 }
data:
  rows:
    source: rows.jsonl
    columns:
      a: { type: number, range: [0, 100] }
      at: { type: timestamp }
      tags: { type: list(text) }
models:
  champion:
    artifact: model.onnx
    input: { from: rows, columns: [a] }
    outputs: { risk: { type: number } }
    decision: risk >= 10.0
clauses:
  it: { of: champion, ${body} }
`

let place: Place
beforeAll(async () => {
  const rows = Array.from({ length: 50 }, (_, i) =>
    JSON.stringify({ a: i, at: `2026-01-${String((i % 28) + 1).padStart(2, '0')}T00:00:00Z`, tags: ['x'] }),
  )
  place = await placeWith({ 'rows.jsonl': `${rows.join('\n')}\n`, 'model.onnx': scaledInput('a', 'risk', 0.5) })
})
afterAll(() => place.remove())

const decided = async (body: string) => (await place.ask(spec(body)))[0]
const RISES = `let: { y: "x.with({'a': x.a + 1.0})" }, holds: champion(y).risk > champion(x).risk`

it('moves actual rows, and decides them all', async () => {
  expect(await decided(`forall: { x: rows.rows }, ${RISES}`)).toMatchObject({ verdict: 'satisfied', discarded: 0 })
  expect(await decided(`forall: { x: rows.rows }, ${RISES}, mostly: 90%, over: rows`)).toMatchObject({
    verdict: 'satisfied',
    discarded: 0,
  })
  const falls = RISES.replace('> champion(x)', '< champion(x)')
  expect(await decided(`forall: { x: rows.rows }, ${falls}`)).toMatchObject({ verdict: 'violated' })
})

it('compares the times of rows as times', async () => {
  const after = (day: string, bound: string): string =>
    `forall: { x: rows.rows }, assume: 'x.at >= timestamp("${day}T00:00:00Z")', holds: champion(x).risk >= ${bound}`
  // Of the 28th is row 27 alone, whose risk is 13.5.
  expect(await decided(after('2026-01-28', '13.5'))).toMatchObject({ verdict: 'satisfied' })
  expect(await decided(after('2026-01-28', '14.0'))).toMatchObject({ verdict: 'violated' })
})
