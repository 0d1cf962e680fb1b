import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Statement, stats } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runModelStage } from '../model-stage/run-model-stage.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

// Metrics of rows without labels, of models of several classes and of regressions, through the whole model stage.

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-label-free-kinds-'))
  const random = stats.createRandom('label-free-kinds', 'rows')
  const lines: string[] = []
  const add = (split: string, n: number, mean: number, concept: number, isKnown: (row: number) => boolean): void => {
    for (let row = 0; row < n; row++) {
      const [x, y] = [mean + random.normal(), random.normal()]
      const powers = [1, Math.exp(0.6 * x), Math.exp(0.6 * y)]
      const shares = powers.map((each) => each / (powers[0]! + powers[1]! + powers[2]!))
      const answer = shares.indexOf(Math.max(...shares))
      const truths = [1, Math.exp(1.5 * x - (answer === 1 ? concept : 0)), Math.exp(1.5 * y)]
      let left = random.float() * (truths[0]! + truths[1]! + truths[2]!)
      const label = truths.findIndex((each) => (left -= each) < 0)
      const code = (i: number): string => ['ash', 'oak', 'elm'][i] ?? ''
      const height = 20 + 2 * x
      const truth = height + Math.exp(0.4 * x) * (1 + concept) * random.normal()
      const known = isKnown(row)
      lines.push(
        [
          lines.length,
          x,
          y,
          split,
          ...shares,
          code(answer),
          known ? code(label) : '',
          code(label),
          height,
          known ? truth : '',
          truth,
        ].join(','),
      )
    }
  }
  add('test', 3000, 0, 0, () => true)
  add('fresh', 1500, 0.3, 0, () => false)
  add('changed', 1500, 0.3, 1.5, (row) => row % 4 === 0)
  add('beyond', 1500, 6, 0, () => false)
  const head = 'id,x,y,split,p_ash,p_oak,p_elm,answer,kind,true_kind,height,measured,true_height'
  await writeFile(join(root, 'trees.csv'), `${head}\n${lines.join('\n')}\n`)
})
afterAll(() => rm(root, { recursive: true }))

const CLASSES = '[ash, oak, elm]'
const specOf = (must: string, of: string): string => `plumbline: 1
system: { name: trees, version: 1.0.0 }
data:
  trees:
    source: trees.csv
    key: [id]
    splits: { test: split == "test", fresh: split == "fresh", changed: split == "changed", beyond: split == "beyond" }
    columns:
      id: { type: integer }
      x: { type: number }
      y: { type: number }
      split: { type: category, values: [test, fresh, changed, beyond], role: split }
      p_ash: { type: number }
      p_oak: { type: number }
      p_elm: { type: number }
      answer: { type: category, values: ${CLASSES} }
      kind: { type: category, values: ${CLASSES}, optional: true }
      true_kind: { type: category, values: ${CLASSES} }
      height: { type: number }
      measured: { type: number, optional: true }
      true_height: { type: number }
models:
  champion:
    artifact: { column: answer }
    task: multiclass-classification
    input: { from: trees, columns: [x, y] }
    outputs:
      answered: { type: category, values: ${CLASSES} }
      ash: { type: number, range: [0, 1], class: ash, tensor: p_ash }
      oak: { type: number, range: [0, 1], class: oak, tensor: p_oak }
      elm: { type: number, range: [0, 1], class: elm, tensor: p_elm }
    label: kind
  informed: { like: champion, label: true_kind }
  meter:
    artifact: { column: height }
    task: regression
    input: { from: trees, columns: [x, y] }
    outputs: { tall: { type: number } }
    label: measured
  told: { like: meter, label: true_height }
clauses:
  it: { of: ${of}, must: "${must}" }
`

async function decide(must: string, of: string): Promise<Statement> {
  const value = compiledSpec(specOf(must, of))
  const digest = 'column:answer'
  for await (const statement of runModelStage({
    program: value,
    root,
    toolVersion: '0',
    versions: { candidate: digest, others: { informed: digest, meter: digest, told: digest } },
    files: new Map([[digest, { path: '', digest, identity: '{}' }]]),
    session: { threads: 1 },
  }))
    if (statement.clause === 'it') return statement
  throw new Error('The clause was not asked.')
}
const termOf = (statement: Statement) => ('terms' in statement ? statement.terms?.[0] : undefined)

describe.each([
  ['accuracy', 'champion', 'informed'],
  ['precision_macro', 'champion', 'informed'],
  ['recall_macro', 'champion', 'informed'],
  ['f1_macro', 'champion', 'informed'],
  ['mae', 'meter', 'told'],
  ['rmse', 'meter', 'told'],
])('%s of %s', (metric, model, informed) => {
  const must = `estimated_${metric}(${model}.test) >= 0.01`
  it('is estimated, and what the labels later say lies close', async () => {
    const estimated = await decide(must, `${model}.fresh`)
    expect(estimated).toMatchObject({ verdict: 'satisfied' })
    const term = termOf(estimated)
    expect(term?.assumptions?.map(({ assumption, verdict }) => [assumption, verdict])).toEqual([
      ['reference', 'holds'],
      ['support', 'holds'],
      ['calibration', 'holds'],
      ['concept', 'unchecked'],
    ])
    const own = termOf(await decide(`${metric}() >= 0.01`, `${informed}.fresh`))
    // Both are estimates of one number.
    expect(Math.max(term?.interval?.low ?? 0, own?.interval?.low ?? 0)).toBeLessThan(
      Math.min(term?.interval?.high ?? 0, own?.interval?.high ?? 0),
    )
  })
  it.each([
    ['changed', 'concept', /at equal scores is off by/],
    ['beyond', 'support', /outside what the reference has/],
  ])('of %s rows is withdrawn: %s', async (split, assumption, cause) => {
    const found = await decide(must, `${model}.${split}`)
    expect(found).toMatchObject({ verdict: 'inconclusive', reason: 'assumption-failed', measured: null })
    expect('cause' in found ? found.cause : '').toMatch(cause)
    expect(termOf(found)?.assumptions?.find((each) => each.assumption === assumption)?.verdict).toBe('fails')
  })
})

it.each([
  ['estimated_f1(champion.test) >= 0.1', 'champion.fresh', 'a model of two classes'],
  ['estimated_mae(champion.test) >= 0.1', 'champion.fresh', 'the answer of a regression'],
  ['estimated_accuracy(meter.test) >= 0.1', 'meter.fresh', 'a score'],
  ['estimated_f1_macro(meter.test) >= 0.1', 'meter.fresh', 'a model of several classes'],
  ['estimated_mae(champion.test) >= 0.1', 'meter.fresh', 'labelled rows that meter answered'],
])('%s of %s is told what it lacks', async (must, of, needs) => {
  await expect(decide(must, of)).rejects.toThrow(`needs ${needs}`)
})
