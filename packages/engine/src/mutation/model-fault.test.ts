import { compile, type ModelFault, planFaults, type Program } from '@plumbline/core'
import { expect, test } from 'vitest'
import type { BoundModel } from '../bound-models/bound-model.ts'
import type { ModelShelf } from '../model-stage/model-shelf.ts'
import { type Outcome, success } from '../models/outcome.ts'
import type { Predictions } from '../models/predictions.ts'
import { faultyShelf } from './model-fault.ts'

const { value } = compile({
  main: {
    path: 'plumb.yaml',
    text: `plumbline: 1
system: { name: prices }
data:
  homes:
    source: homes.csv
    columns:
      area: { type: number }
      kind: { type: category, values: [flat, house] }
      price: { type: number, role: label }
models:
  champion:
    artifact: m.onnx
    task: regression
    input: { from: homes, columns: [area, kind] }
    outputs: { estimate: { type: number }, word: { type: text } }
    label: price
`,
  },
  others: [],
})
if (value === undefined) throw new Error('The spec has mistakes.')
const program: Program = value
const ROWS = 12
const areas = Float64Array.from({ length: ROWS }, (_, i) => i)
const kinds = Array.from({ length: ROWS }, (_, i) => (i % 3 === 0 ? 'house' : 'flat'))

/** A model whose answer is the area. */
const shelf = {
  close: () => Promise.resolve(),
  open: () =>
    Promise.resolve(
      success({
        runtime: {
          close: () => Promise.resolve(),
          predict: (): Promise<Outcome<Predictions>> =>
            Promise.resolve(
              success({
                rows: ROWS,
                nan: [],
                outputs: new Map<string, Float64Array | string[]>([
                  ['estimate', areas],
                  ['word', [...areas].map(String)],
                ]),
              }),
            ),
        },
      } as unknown as BoundModel),
    ),
} as unknown as ModelShelf

async function answersUnder(fault: ModelFault) {
  const faulty = faultyShelf(program, shelf, fault, 'sha256:c', {}, { mean: 0, deviation: 1, prevalence: 0.5 })
  const opened = await faulty.open('champion', 'sha256:c')
  if (!opened.ok) throw new Error('It was not opened.')
  const data = new Map([['kind', { values: kinds }]]) as never
  const answered = await opened.value.runtime.predict({ columns: ['area', 'kind'], data, rows: ROWS, outputs: [] })
  if (!answered.ok) throw new Error('It did not answer.')
  const { outputs } = answered.value
  return {
    estimate: [...(outputs.get('estimate') ?? [])],
    word: [...(outputs.get('word') ?? [])],
    changed: faulty.changed(),
  }
}

const faults = planFaults(program, { seed: 's', faults: 100, controls: 0 }).filter(({ group }) => group === 'model')
const faultOf = (operator: ModelFault['operator']): ModelFault => {
  const found = faults.find((fault) => fault.operator === operator)
  if (found === undefined) throw new Error(`There is no ${operator}.`)
  return found as ModelFault
}

test('a regression without another file has an untrained one: the answers are those of other rows', async () => {
  const { estimate, word, changed } = await answersUnder(faultOf('wrong-checkpoint'))
  expect(estimate).not.toEqual([...areas])
  expect(estimate.toSorted((a, b) => Number(a) - Number(b))).toEqual([...areas])
  // All outputs of a row are of the same other row.
  expect(word).toEqual(estimate.map(String))
  expect(changed).toBeGreaterThan(ROWS / 2)
})

test('on a slice every answer is the same, and elsewhere what it was', async () => {
  const fault = faultOf('constant-on-slice')
  const { estimate, word, changed } = await answersUnder(fault)
  const inside = [...areas.keys()].filter((row) => kinds[row] === fault.code)
  const first = inside[0] ?? 0
  expect(estimate).toEqual([...areas].map((area, row) => (inside.includes(row) ? first : area)))
  expect(word).toEqual(estimate.map(String))
  expect(changed).toBe(inside.length - 1)
})
