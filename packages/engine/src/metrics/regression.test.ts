import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, type Statement, stats } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runModelStage } from '../model-stage/run-model-stage.ts'
import { buildOnnx, tensor } from '../proofs/testing/build-onnx.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

// A regression of a price on an area: the model answers 2·area, the label is 2·area and an error known to the test.

const N = 400
const random = stats.createRandom('regression', 'test')
const areas = Array.from({ length: N }, () => 20 + random.int(100))
const errors = Array.from({ length: N }, () => random.int(41) - 20)
const prices = areas.map((area, row) => 2 * area + (errors[row] as number))

const modelOf = (weight: number) =>
  buildOnnx({
    inputs: [{ name: 'area', type: 'float', shape: [null, 1] }],
    outputs: [{ name: 'estimate', type: 'float', shape: [null, 1] }],
    nodes: [{ op: 'MatMul', inputs: ['area', 'w'], outputs: ['estimate'] }],
    initializers: [tensor('w', 'float', [1, 1], [weight])],
  })

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-regression-'))
  await writeFile(join(root, 'two.onnx'), modelOf(2))
  await writeFile(join(root, 'three.onnx'), modelOf(3))
  const rows = areas.map((area, row) => `${area},${prices[row]},${row % 2 === 0 ? 'a' : 'b'}`)
  await writeFile(join(root, 'houses.csv'), `area,price,town\n${rows.join('\n')}\n`)
})
afterAll(() => rm(root, { recursive: true }))

const specOf = (must: string, more = '', of = 'champion') => `plumbline: 1
system: { name: prices, version: 1.0.0 }
data:
  houses:
    source: houses.csv
    columns: { area: { type: integer }, price: { type: integer, role: label }, town: { type: category, values: [a, b] } }
models:
  champion:
    artifact: two.onnx
    task: regression
    input: { from: houses, columns: [area] }
    outputs: { estimate: { type: number } }
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
    versions: { candidate: 'two', production: 'three', others: {} },
    files: new Map([file('two'), file('three')]),
    session: { threads: 1 },
  })) {
    if (statement.clause === 'it') found.push(statement)
  }
  return found
}

const termOf = (statement: Statement | undefined) =>
  (statement as { terms?: readonly unknown[] } | undefined)?.terms?.[0]
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

describe('metrics of a regression', () => {
  const absolute = errors.map(Math.abs)
  const squared = errors.map((error) => error ** 2)
  const spread = mean(prices.map((price) => (price - mean(prices)) ** 2))
  it.each([
    ['mae()', mean(absolute)],
    ['mse()', mean(squared)],
    ['rmse()', Math.sqrt(mean(squared))],
    ['mape()', mean(absolute.map((error, row) => error / (prices[row] as number)))],
    ['mean_error()', -mean(errors)],
    ['r2()', 1 - mean(squared) / spread],
    ['pinball(0.9)', mean(errors.map((error) => (error >= 0 ? 0.9 * error : -0.1 * error)))],
    ['wape()', mean(absolute) / mean(prices)],
    [
      'smape()',
      mean(absolute.map((error, row) => (2 * error) / (2 * (areas[row] as number) + (prices[row] as number)))),
    ],
    [
      'rmsle()',
      Math.sqrt(mean(prices.map((price, row) => (Math.log1p(2 * (areas[row] as number)) - Math.log1p(price)) ** 2))),
    ],
    ['explained_variance()', 1 - (mean(squared) - mean(errors) ** 2) / spread],
    [
      'median_absolute_error()',
      stats.quantileType7(
        absolute.toSorted((a, b) => a - b),
        0.5,
      ) as number,
    ],
  ])('%s has its value and an interval around it', async (metric, expected) => {
    const [statement] = await decide(
      `${metric} < ${metric === 'r2()' || metric === 'explained_variance()' ? 1 : metric === 'smape()' ? 2 : 1000}.0`,
    )
    expect(statement).toMatchObject({ verdict: 'satisfied', n: N })
    const term = termOf(statement) as { value: number; interval: { low: number; high: number } }
    expect(term.value).toBeCloseTo(expected, 9)
    expect(term.interval.low).toBeLessThan(expected)
    expect(term.interval.high).toBeGreaterThan(expected)
  })

  it('compares two versions on the same rows', async () => {
    expect((await decide('mae() <= mae(champion) - 10.0', '', 'challenger'))[0]).toMatchObject({ verdict: 'satisfied' })
    expect((await decide('mae(champion) <= mae() + 10.0', '', 'challenger'))[0]).toMatchObject({ verdict: 'violated' })
    expect(
      (await decide('median_absolute_error() <= median_absolute_error(champion) - 10.0', '', 'challenger'))[0],
    ).toMatchObject({
      verdict: 'satisfied',
    })
  })

  it('is asked of each group, corrected as one family', async () => {
    const statements = await decide('rmse() <= 30.0', ', slices: [by town]')
    expect(statements.map(({ slice, verdict }) => [slice, verdict])).toEqual([
      ['town=a', 'satisfied'],
      ['town=b', 'satisfied'],
    ])
  })
})

describe('a metric of the other task', () => {
  it.each([
    ['roc_auc() >= 0.5', 'task'],
    ['accuracy() >= 0.5', 'decision'],
  ])('is refused: %s', (must) => {
    const { value, diagnostics } = compile({ main: { path: 'plumb.yaml', text: specOf(must) }, others: [] })
    expect(value).toBeUndefined()
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ code }) => code)).toEqual(['expr/metric-needs'])
  })
})
