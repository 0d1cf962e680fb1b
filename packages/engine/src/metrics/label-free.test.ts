import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, type Statement, stats } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runModelStage } from '../model-stage/run-model-stage.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

// Metrics of rows without labels, through the whole model stage: the model's answers are a column of the data.

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-label-free-'))
  const random = stats.createRandom('label-free', 'rows')
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
  const lines: string[] = []
  /** Rows of a split: `concept` moves the log odds, `label` says for which rows the label is there. */
  const add = (split: string, n: number, mean: number, concept: number, isKnown: (row: number) => boolean): void => {
    for (let row = 0; row < n; row++) {
      const x = mean + random.normal()
      const score = sigmoid(0.7 * x)
      const label = random.float() < sigmoid(1.4 * x + concept)
      const city = random.float() < 0.3 ? 'Ulm' : split === 'elsewhere' ? 'Rom' : 'Bonn'
      lines.push(`${lines.length},${x},${city},${score},${split},${isKnown(row) ? label : ''},${label}`)
    }
  }
  add('test', 2000, 0, 0, () => true)
  add('fresh', 1500, 0.3, 0, () => false)
  add('changed', 1500, 0.3, -1.5, (row) => row % 5 === 0)
  add('elsewhere', 1500, 0, 0, () => false)
  add('beyond', 1500, 5, 0, () => false)
  await writeFile(join(root, 'rows.csv'), `id,x,city,score,split,late,truth\n${lines.join('\n')}\n`)
})
afterAll(() => rm(root, { recursive: true }))

function specOf(must: string, of: string): string {
  return `plumbline: 1
system: { name: odd, version: 1.0.0 }
data:
  rows:
    source: rows.csv
    key: [id]
    splits: { test: split == "test", fresh: split == "fresh", changed: split == "changed", elsewhere: split == "elsewhere", beyond: split == "beyond" }
    columns:
      id: { type: integer }
      x: { type: number }
      city: { type: category, values: [Ulm, Bonn, Rom] }
      score: { type: number }
      split: { type: category, values: [test, fresh, changed, elsewhere, beyond], role: split }
      late: { type: boolean, optional: true }
      truth: { type: boolean }
slices: { nobody: x < -100.0, ulm: city == "Ulm" }
models:
  champion:
    artifact: { column: score }
    task: binary-classification
    input: { from: rows, columns: [x, city] }
    outputs: { risk: { type: number, range: [0, 1] } }
    decision: risk >= 0.5
    label: late
  informed: { like: champion, label: truth }
clauses:
  it: { of: ${of}, must: "${must}" }
`
}

async function decide(must: string, of: string, more = ''): Promise<Statement> {
  const text = specOf(must, of).replace(`must: "${must}"`, `must: "${must}"${more}`)
  const value = compiledSpec(text)
  const versions = { candidate: 'column:score', others: { informed: 'column:score' } }
  for await (const statement of runModelStage({
    program: value,
    root,
    toolVersion: '0',
    versions,
    files: new Map([['column:score', { path: '', digest: 'column:score', identity: '{}' }]]),
    session: { threads: 1 },
  }))
    if (statement.clause === 'it') return statement
  throw new Error('The clause was not asked.')
}

const METRICS = ['accuracy', 'precision', 'recall', 'specificity', 'f1', 'roc_auc']

describe('rows that have no label yet', () => {
  it.each(METRICS)('%s is estimated, and what the labels later say lies close', async (metric) => {
    const estimated = await decide(`estimated_${metric}(champion.test) >= 0.01`, 'champion.fresh')
    const [term] = 'terms' in estimated ? (estimated.terms ?? []) : []
    expect(estimated).toMatchObject({ verdict: 'satisfied' })
    expect(term?.assumptions?.map(({ assumption, verdict }) => [assumption, verdict])).toEqual([
      ['reference', 'holds'],
      ['support', 'holds'],
      ['calibration', 'holds'],
      ['concept', 'unchecked'],
    ])
    const known = await decide(`${metric}() >= 0.01`, 'informed.fresh')
    const { low = 0, high = 0 } = term?.interval ?? {}
    const measured = Number('measured' in known ? known.measured : Number.NaN)
    // Both are estimates of one number.
    const [own] = 'terms' in known ? (known.terms ?? []) : []
    expect(Math.max(low, own?.interval?.low ?? 0), `${low} ${high} ${measured}`).toBeLessThan(
      Math.min(high, own?.interval?.high ?? 0),
    )
    expect(high - low).toBeLessThan(0.12)
  })
  it('a bound that is too high is violated, the same again', async () => {
    const first = await decide('estimated_accuracy(champion.test) >= 0.95', 'champion.fresh')
    expect(first).toMatchObject({ verdict: 'violated' })
    expect(await decide('estimated_accuracy(champion.test) >= 0.95', 'champion.fresh')).toEqual(first)
  })
  it('of a slice the reference is that slice', async () => {
    const found = await decide('estimated_accuracy(champion.test) >= 0.01', 'champion.fresh', ', slices: [ulm]')
    expect(found).toMatchObject({ verdict: 'satisfied', slice: 'ulm' })
    const [term] = 'terms' in found ? (found.terms ?? []) : []
    const rows = term?.assumptions?.[0]?.measured ?? 0
    expect(rows).toBeGreaterThan(400)
    expect(rows).toBeLessThan(800)
  })
})

describe('what the estimate rests on does not hold', () => {
  const ASKED = 'estimated_accuracy(champion.test) >= 0.01'
  it.each([
    ['changed', 'concept', /share of positives at equal scores is off/],
    ['elsewhere', 'support', /outside what the reference has, most of them in city/],
    ['beyond', 'support', /most of them in (score|x)/],
  ])('%s: withdrawn, and said why', async (split, assumption, cause) => {
    const found = await decide(ASKED, `champion.${split}`)
    expect(found).toMatchObject({ verdict: 'inconclusive', reason: 'assumption-failed', measured: null })
    expect('cause' in found ? found.cause : '').toMatch(cause)
    const [term] = 'terms' in found ? (found.terms ?? []) : []
    expect(term).toMatchObject({ value: null })
    expect(term?.interval).toBeUndefined()
    expect(term?.assumptions?.find((each) => each.assumption === assumption)?.verdict).toBe('fails')
  })
  it('a reference without labels', async () => {
    expect(await decide('estimated_accuracy(champion.fresh) >= 0.01', 'champion.test')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'assumption-failed',
      cause: expect.stringContaining('The reference has 0 labelled rows'),
    })
  })
  it('no rows', async () => {
    expect(await decide(ASKED, 'champion.fresh', ', slices: [nobody]')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'empty-relation',
    })
  })
})

describe('what a spec may ask', () => {
  const codes = (must: string, of: string): readonly string[] =>
    compile({ main: { path: 'plumb.yaml', text: specOf(must, of) }, others: [] })
      .diagnostics.filter(({ severity }) => severity === 'error')
      .map(({ code, message }) => `${code}: ${message}`)
  it('refuses a reference that the model did not answer', () => {
    expect(codes('estimated_accuracy(rows.test) >= 0.5', 'champion.fresh').join()).toMatch(/expr\/metric-needs/)
    expect(codes('estimated_accuracy(informed.test) >= 0.5', 'champion.fresh').join()).toMatch(/expr\/metric-needs/)
    expect(codes('estimated_accuracy(champion.test) >= 0.5', 'rows.fresh').join()).toMatch(/expr\/metric-needs/)
    expect(codes('estimated_accuracy(champion.test) >= 0.5', 'champion.fresh')).toEqual([])
    expect(codes('estimated_roc_auc(champion.test) >= 0.5', 'requests')).toEqual([])
  })
})
