import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openOnnxModel, type OutputRequest } from '@plumbline/engine'
import { describe, expect, it } from 'vitest'
import { plumb, ROOT, scratch } from '../../support/plumb.ts'
import told from './answers.json' with { type: 'json' }

const HERE = join(ROOT, 'tests', 'models', 'zip-map')
const { rows, answers } = told
const numbers = (of: 'a' | 'b') => ({ values: Float64Array.from(rows, (row) => row[of]) })
const DATA = new Map<string, { readonly values: Float64Array | string[] }>([
  ['a', numbers('a')],
  ['b', numbers('b')],
  ['town', { values: rows.map(({ town }) => town) }],
])

async function ask(name: string, columns: readonly string[], outputs: readonly OutputRequest[]) {
  const opened = await openOnnxModel(readFileSync(join(HERE, `${name}.onnx`)))
  if (!opened.ok) throw new Error(opened.error.message)
  const { signature, predict, close } = opened.value
  const found = await predict({ columns, data: DATA, rows: rows.length, outputs })
  await close()
  return { signature, found }
}

describe('classifiers whose probabilities lie behind a ZipMap', () => {
  it.each([
    ['forest', ['a', 'b'], ['0', '1']],
    ['grades', ['a', 'b'], ['high', 'low', 'middle']],
    ['columns', ['a', 'b', 'town'], ['high', 'low', 'middle']],
  ] as const)('%s: labels and probabilities are those of onnxruntime for Python', async (name, columns, classes) => {
    const tensor = 'output_probability'
    const { signature, found } = await ask(name, columns, [
      { name: 'label', tensor: 'output_label' },
      ...classes.map((of) => ({ name: `class ${of}`, tensor, class: of })),
      ...classes.map((of, index) => ({ name: `place ${of}`, tensor, index })),
    ])
    if (!found.ok) throw new Error(found.error.message)
    expect(signature.outputs[1]).toMatchObject({ name: tensor, type: 'float', classes })
    const said = answers[name]
    expect([...(found.value.outputs.get('label') ?? [])].map(String)).toEqual(said.labels.map(String))
    for (const of of classes) {
      const expected = said.probabilities.map((each) => (each as Record<string, number>)[of] as number)
      for (const way of ['class', 'place'])
        for (const [row, value] of [...(found.value.outputs.get(`${way} ${of}`) ?? [])].entries())
          expect(Math.abs(Number(value) - (expected[row] as number)), `${way} ${of}, row ${row}`).toBeLessThan(1e-6)
      expect(found.value.outputs.get(`class ${of}`)).toHaveLength(rows.length)
    }
  })

  it('says which classes there are where none, another or a wrong place is asked for', async () => {
    const refusal = async (output: Omit<OutputRequest, 'name'>): Promise<string> => {
      const { found } = await ask('grades', ['a', 'b'], [{ name: 'p', tensor: 'output_probability', ...output }])
      return found.ok ? 'answered' : `${found.error.code}: ${found.error.message}`
    }
    expect(await refusal({})).toBe(
      'engine/model-outputs-mismatch: The output "p" is not one column: output_probability: float[?, 3] has 3 columns (of the classes high, low, middle, in this order): say which by "index".',
    )
    expect(await refusal({ class: 'top' })).toMatch(/the class top is none of its own: .* high, low, middle/)
    expect(await refusal({ class: 'low', index: 0 })).toMatch(/its column 0 is not of the class low/)
  })

  it('plumb test: each probability by its class, the label as the answer', () => {
    const folder = scratch('zip-map')
    for (const file of ['grades.onnx', 'forest.onnx']) cpSync(join(HERE, file), join(folder, file))
    const lines = rows.map(({ a, b }, i) => {
      const of = (name: string): number =>
        (answers.grades.probabilities[i] as Record<string, number>)[name] ?? Number.NaN
      const grade = answers.grades.labels[i] as string
      const late = (answers.forest.probabilities[i] as Record<string, number>)['1']
      return [i, a, b, grade, of('high'), of('low'), of('middle'), late].join()
    })
    writeFileSync(join(folder, 'rows.csv'), `id,a,b,grade,high,low,middle,late\n${lines.join('\n')}\n`)
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
      high: { type: number }
      low: { type: number }
      middle: { type: number }
      late: { type: number }
models:
  champion:
    artifact: grades.onnx
    task: multiclass-classification
    input: { from: rows, columns: [a, b] }
    outputs:
      is: { type: category, values: [low, middle, high], tensor: output_label }
      p_low: { type: number, range: [0, 1], class: low, tensor: output_probability }
      p_middle: { type: number, range: [0, 1], class: middle, tensor: output_probability }
      p_high: { type: number, range: [0, 1], class: high, tensor: output_probability }
    label: grade
  forest:
    artifact: forest.onnx
    input: { from: rows, columns: [a, b] }
    outputs: { risk: { type: number, range: [0, 1], tensor: output_probability, index: 1 } }
clauses:
  same: { of: champion, every: "math.abs(p_low - low) < 1e-6 && math.abs(p_middle - middle) < 1e-6 && math.abs(p_high - high) < 1e-6" }
  right: { of: champion, must: accuracy() >= 0.5 }
  forest-same: { of: forest, every: "math.abs(risk - late) < 1e-6" }
`,
    )
    const { code, out, err } = plumb(folder, 'test', '--stage', 'model', '--json')
    expect(code, `${out}${err}`).toBe(0)
    expect(out).toContain('"satisfied": 13,')
  })
})
