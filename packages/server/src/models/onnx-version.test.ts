import { readFileSync } from 'node:fs'
import { compile, guardModule, guardPlan } from '@plumbline/core'
import { createGuard, type GuardRules } from '@plumbline/guard'
import { describe, expect, it } from 'vitest'
import { buildOnnx } from '../../../engine/src/proofs/testing/build-onnx.ts'
import { openOnnxVersion } from './onnx-version.ts'

const FILES = new URL('../../../../tests/models/zip-map/', import.meta.url)

/** What a file that a guard serves answers to rows of `a` and `b`. */
async function answers(bytes: Uint8Array, model: string, rows: readonly Readonly<Record<string, number>>[]) {
  const text = `plumbline: 1
system: { name: served, version: 1.0.0 }
data:
  rows:
    source: rows.csv
    columns:
      a: { type: number, range: [-9, 9] }
      b: { type: number, range: [-9, 9] }
      grade: { type: category, values: [low, middle, high], role: label }
models:
  champion:
    artifact: model.onnx
    input: { from: rows, columns: [a, b] }
${model}
clauses:
  some: { of: requests, every: a <= 9.0 }
`
  const { value: program, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  const planned = program === undefined ? undefined : guardPlan(program)
  if (program === undefined || planned === undefined)
    throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const rules: unknown = await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(guardModule(planned))}`
  )
  const { plan } = createGuard(rules as GuardRules)
  const opened = await openOnnxVersion(bytes, { program, plan, model: 'champion' })
  if (!opened.ok) throw new Error(opened.refusal.message)
  const answered = await opened.value.answer(rows as never, undefined, { id: 'test' })
  await opened.value.close()
  return answered.rows as readonly Readonly<Record<string, unknown>>[]
}

describe('a file that a guard serves', () => {
  it('may have its probabilities behind a ZipMap, each found by its class', async () => {
    const told = JSON.parse(readFileSync(new URL('answers.json', FILES), 'utf8')) as {
      readonly rows: readonly { readonly a: number; readonly b: number }[]
      readonly answers: {
        readonly grades: { readonly labels: string[]; readonly probabilities: Record<string, number>[] }
      }
    }
    const found = await answers(
      readFileSync(new URL('grades.onnx', FILES)),
      `    task: multiclass-classification
    outputs:
      is: { type: category, values: [low, middle, high], tensor: output_label }
      p_low: { type: number, range: [0, 1], class: low, tensor: output_probability }
      p_high: { type: number, range: [0, 1], class: high, tensor: output_probability, index: 0 }
    label: grade`,
      told.rows.map(({ a, b }) => ({ a, b })),
    )
    const { labels, probabilities } = told.answers.grades
    expect(found.map((row) => row['is'])).toEqual(labels)
    for (const [i, { low = 0, high = 0 }] of probabilities.entries()) {
      expect(found[i]?.['p_low']).toBeCloseTo(low, 6)
      expect(found[i]?.['p_high']).toBeCloseTo(high, 6)
    }
  })

  it('that answers no number has not answered, unless a range judges what is infinite', async () => {
    const bytes = buildOnnx({
      inputs: ['a', 'b'].map((name) => ({ name, type: 'double', shape: [null, 1] })),
      outputs: [{ name: 'y', type: 'double', shape: [null, 1] }],
      nodes: [{ op: 'Div', inputs: ['a', 'b'], outputs: ['y'] }],
    })
    const rows = [
      [1, 2],
      [1, 0],
      [-1, 0],
      [0, 0],
    ].map(([a = 0, b = 0]) => ({ a, b }))
    const given = async (range: string) =>
      (await answers(bytes, `    outputs: { y: { type: number${range} } }`, rows)).map((row) => row['y'])
    expect(await given('')).toEqual([0.5, null, null, null])
    expect(await given(', range: [0, null]')).toEqual([0.5, null, -Infinity, null])
    expect(await given(', range: [0, 1]')).toEqual([0.5, Infinity, -Infinity, null])
  })
})
