import { featureDiagnostics as catalog, nearestName } from '@plumbline/core'
import { derived, type PlacedText } from '../../text/placed-text.ts'
import { cel, modelOf, nameOf, refuse, type Scene } from '../scene.ts'
import type { Stated, StepPattern } from '../step-pattern.ts'
import { inArea } from './build.ts'
import { columnCel, every, must } from './clauses.ts'
import { besides, dataRelation, subjectModel, timeOf } from './subjects.ts'

const { state, notBuilt } = inArea('splits')

/** No cell of the later relation is at or before the last of the earlier one. */
function precedes(scene: Scene, first: PlacedText, column: PlacedText, second: PlacedText): Stated | undefined {
  const relation = dataRelation(scene)
  if (relation === undefined) return undefined
  const [earlier, later] = [besides(scene, first, relation.value), besides(scene, second, relation.value)]
  return must(later, cel(scene)`not_after(${columnCel(column)}, ${derived(earlier.value, earlier.span)}) == 0`)
}

/** What is learned from and what is tested on. */
export const splitSteps: readonly StepPattern[] = [
  state(
    'no {key} appears in both {split} and {split}',
    {
      number: 15,
      topic: 'leak',
      example: 'Then no id appears in both train and test',
      doc: 'No value of the column is in both splits.',
    },
    (scene, key, first, second) => {
      const relation = dataRelation(scene)
      if (relation === undefined || key === undefined || first === undefined || second === undefined) return undefined
      const [dataset = ''] = relation.value.split('.')
      if (!scene.spec.data.has(dataset))
        return refuse(scene, catalog.noSubject, scene.span, { what: 'dataset', fix: 'Write `Given dataset …`.' })
      const [a, b] = [besides(scene, first, dataset), besides(scene, second, dataset)]
      const condition = cel(
        scene,
      )`overlap(${derived(a.value, a.span)}, ${derived(b.value, b.span)}, ${columnCel(key)}) == 0`
      return must({ value: dataset, span: relation.span }, condition)
    },
  ),
  state(
    'all {split} timestamps precede {split}',
    {
      number: 16,
      topic: 'precede',
      example: 'Then all train timestamps precede test',
      doc: 'What is learned from happened before what is tested on, by the `time` of the dataset (or its only timestamp).',
    },
    (scene, first, second) => {
      const relation = dataRelation(scene)
      const time = relation && timeOf(scene, relation.value)
      return first && time && second && precedes(scene, first, time, second)
    },
  ),
  state(
    ['all {split} {col} precede {split}', 'all {split} values of {col} precede {split}'],
    {
      number: 16,
      topic: 'precede',
      example: 'Then all train values of day precede test',
      doc: 'Every value of a column of numbers or timestamps in the one split is below every value in the other.',
    },
    (scene, first, column, second) => first && column && second && precedes(scene, first, column, second),
  ),
  state(
    'feature {col} is known at prediction time',
    {
      number: 17,
      topic: 'known',
      example: 'Then feature pay_0 is known at prediction time',
      doc: 'Every request in production has a value of the column, which must be one that the model reads.',
    },
    (scene, column) => {
      const model = subjectModel(scene)
      const declared = model && modelOf(scene.spec, model.value)
      if (column === undefined || model === undefined) return undefined
      const { value: name, span } = nameOf(column)
      if (declared?.label?.value === name)
        return refuse(scene, catalog.disagrees, span, {
          problem: `\`${name}\` is the label: it is known only after the prediction.`,
          fix: 'Name a column that the model reads.',
        })
      const read = declared?.input?.columns.map(({ value }) => value) ?? []
      if (!read.includes(name)) {
        const near = nearestName(name, read)
        return refuse(scene, catalog.disagrees, span, {
          problem: `${model.value} does not read \`${name}\`, so no request brings it.`,
          fix: near === undefined ? `It reads ${read.join(', ') || 'nothing'}.` : `Did you mean \`${near}\`?`,
        })
      }
      return every(scene, { value: 'requests', span: scene.span }, cel(scene)`${columnCel(column)} != null`)
    },
  ),
  notBuilt(
    18,
    'near-duplicates across splits are {bound}',
    'Then near-duplicates across splits are at most 1%',
    'Rows of one split that are nearly the same as one of another.',
    'How alike two rows are is no function of the language. Rows of the same key are found by `no id appears in both train and test`, rows that are wholly the same by `age, income and iban uniquely identify a row`.',
  ),
]
