import { featureDiagnostics as catalog } from '@plumbline/core'
import { derived } from '../../text/placed-text.ts'
import { cel, refuse } from '../scene.ts'
import type { StepPattern } from '../step-pattern.ts'
import { inArea } from './build.ts'
import { columnCel, must } from './clauses.ts'
import { besides, dataRelation } from './subjects.ts'

const { state, notBuilt } = inArea('splits')

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
  notBuilt(
    16,
    'all {split} timestamps precede {split}',
    'Then all train timestamps precede test',
    'What is learned from happened before what is tested on.',
    'A clause cannot compare the times of two relations yet.',
  ),
  notBuilt(
    17,
    'feature {col} is known at prediction time',
    'Then feature pay_0 is known at prediction time',
    'The column is there when a prediction is asked for.',
    'A spec does not say yet when a column becomes known.',
  ),
  notBuilt(
    18,
    'near-duplicates across splits are {bound}',
    'Then near-duplicates across splits are at most 1%',
    'Rows of one split that are nearly the same as one of another.',
    'Likeness of rows is not measured yet.',
  ),
]
