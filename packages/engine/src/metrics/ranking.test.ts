import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Statement, stats } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runModelStage } from '../model-stage/run-model-stage.ts'
import { buildOnnx, tensor } from '../proofs/testing/build-onnx.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

// Items offered for a query: the model answers w · x, a better item has a greater x on average.

const QUERIES = 150
const random = stats.createRandom('ranking', 'test')
const items = Array.from({ length: QUERIES }, (_, query) =>
  Array.from({ length: 3 + random.int(6) }, () => {
    const relevance = random.int(3)
    return { query, relevance, x: Math.round(4 * (relevance + 1.5 * random.normal())) / 4 }
  }),
).flat()

const modelOf = (weight: number) =>
  buildOnnx({
    inputs: [{ name: 'x', type: 'float', shape: [null, 1] }],
    outputs: [{ name: 'score', type: 'float', shape: [null, 1] }],
    nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['score'] }],
    initializers: [tensor('w', 'float', [1, 1], [weight])],
  })

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-ranking-'))
  await writeFile(join(root, 'two.onnx'), modelOf(2))
  await writeFile(join(root, 'minus.onnx'), modelOf(-1))
  const rows = items.map(({ query, relevance, x }) => `q${query},${x},${relevance},${query % 2 === 0 ? 'a' : 'b'}`)
  await writeFile(join(root, 'items.csv'), `query,x,relevance,shop\n${rows.join('\n')}\n,1,2,a\n`)
})
afterAll(() => rm(root, { recursive: true }))

const specOf = (must: string, more: string, of: string) => `plumbline: 1
system: { name: shop, version: 1.0.0 }
data:
  items:
    source: items.csv
    columns:
      query: { type: text, optional: true }
      x: { type: number }
      relevance: { type: integer, role: label }
      shop: { type: category, values: [a, b] }
models:
  champion:
    artifact: two.onnx
    task: regression
    input: { from: items, columns: [x] }
    outputs: { score: { type: number } }
clauses:
  it: { of: ${of}, must: "${must}"${more} }
`

async function decide(must: string, more = '', of = 'champion'): Promise<readonly Statement[]> {
  const value = compiledSpec(specOf(must, more, of))
  const file = (name: string) => [name, { path: join(root, `${name}.onnx`), digest: name }] as const
  const found: Statement[] = []
  for await (const statement of runModelStage({
    program: value,
    root,
    toolVersion: '0',
    versions: { candidate: 'two', production: 'minus', others: {} },
    files: new Map([file('two'), file('minus')]),
    session: { threads: 1 },
  })) {
    if (statement.clause === 'it') found.push(statement)
  }
  return found
}

interface Shown {
  readonly value: number
  readonly missing: number
  readonly interval: { readonly low: number; readonly high: number }
}
const termOf = (statement: Statement | undefined): Shown =>
  (statement as unknown as { terms: readonly Shown[] }).terms[0] as Shown

function meanOf(metric: stats.GroupMetric): number {
  const values = Array.from({ length: QUERIES }, (_, query) => items.filter((item) => item.query === query))
    .map((rows) =>
      metric(
        rows.map(({ relevance }) => relevance),
        rows.map(({ x }) => x),
      ),
    )
    .filter((value) => value !== undefined)
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

describe('metrics of an order within groups', () => {
  it.each([
    ['ndcg(query, 5)', meanOf(stats.ndcg(5))],
    ['map(query)', meanOf(stats.groupPrecision)],
    ['mrr(query)', meanOf(stats.reciprocalRank)],
    ['precision_at(query, 3)', meanOf(stats.precisionAt(3))],
    ['recall_at(query, 3)', meanOf(stats.recallAt(3))],
  ])('%s has its value and an interval from groups drawn whole', async (metric, expected) => {
    const term = termOf((await decide(`${metric} > 0.1`))[0])
    expect(term.value).toBeCloseTo(expected, 9)
    expect(term.interval.low).toBeLessThan(expected)
    expect(term.interval.high).toBeGreaterThan(expected)
    // The row of no query belongs nowhere.
    expect(term.missing).toBe(1)
  })

  it('compares two versions on the same groups, and asks of each slice', async () => {
    expect((await decide('ndcg(query, 5) >= ndcg(query, 5, champion) + 0.05', '', 'challenger'))[0]).toMatchObject({
      verdict: 'satisfied',
    })
    const statements = await decide('mrr(query) >= 0.3', ', slices: [by shop]')
    expect(statements.map(({ slice, verdict }) => [slice, verdict])).toEqual([
      ['shop=a', 'satisfied'],
      ['shop=b', 'satisfied'],
    ])
  })
})
