import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { plumb, ROOT, scratch } from '../support/plumb.ts'
import { hasPytest, pytest, vitest } from './suites.ts'

const HERE = join(ROOT, 'tests', 'models', 'zip-map')
const isLargest = (grade: string, others: readonly string[]): string =>
  `is != "${grade}" || ${others.map((other) => `p_${grade} >= p_${other} - 0.000001`).join(' && ')}`

/** Suites for a classifier whose probabilities lie behind a ZipMap; `low` is the class that one output stands for. */
function suitesFor(name: string, low: string): string {
  const folder = scratch(name)
  cpSync(join(HERE, 'grades.onnx'), join(folder, 'grades.onnx'))
  writeFileSync(join(folder, 'rows.csv'), 'id,a,b,grade\n1,0.5,0.5,low\n2,-1,2,high\n3,1,-2,middle\n')
  writeFileSync(
    join(folder, 'plumb.yaml'),
    `plumbline: 1
system: { name: zip, version: 1.0.0 }
data:
  rows:
    source: rows.csv
    key: [id]
    columns:
      id: { type: integer, role: key }
      a: { type: number, range: [-9, 9] }
      b: { type: number, range: [-9, 9] }
      grade: { type: category, values: [low, middle, high], role: label }
models:
  champion:
    artifact: grades.onnx
    task: multiclass-classification
    input: { from: rows, columns: [a, b] }
    outputs:
      is: { type: category, values: [low, middle, high], tensor: output_label }
      p_low: { type: number, range: [0, 1], class: ${low}, tensor: output_probability }
      p_middle: { type: number, range: [0, 1], class: middle, tensor: output_probability }
      p_high: { type: number, range: [0, 1], class: ${low === 'low' ? 'high' : 'low'}, tensor: output_probability }
    label: grade
clauses:
  low: { of: champion, every: '${isLargest('low', ['middle', 'high'])}' }
  high: { of: champion, every: '${isLargest('high', ['low', 'middle'])}' }
`,
  )
  const made = plumb(folder, 'generate', '--emit', 'pytest', 'vitest')
  expect(made.code, made.out + made.err).toBe(0)
  return join(folder, 'plumb-tests')
}

describe('suites that ask a file with a ZipMap', () => {
  it.skipIf(!hasPytest)('pytest: each probability is that of its class', () => {
    const right = pytest(suitesFor('zip-map-suite', 'low'))
    expect(right.failed, right.out).toEqual([])
    expect(right.passed, right.out).toBeGreaterThan(5)
    expect(right.code).toBe(0)
    const turned = pytest(suitesFor('zip-map-turned', 'high'))
    expect(
      turned.failed.some((each) => /^(low|high)-/.test(each)),
      turned.out,
    ).toBe(true)
  })

  it('vitest: what onnxruntime does not hand to JavaScript is said, with what to run instead', () => {
    const { code, failed, out } = vitest(suitesFor('zip-map-vitest', 'low'))
    expect(code).not.toBe(0)
    expect(failed.length, out).toBeGreaterThan(5)
    expect(out).not.toContain('Non tensor type')
  })
})
