import { cel } from '../scene.ts'
import type { StepPattern } from '../step-pattern.ts'
import { inArea } from './build.ts'
import { directed, metricOf, must } from './clauses.ts'
import { knownModel, rowsOf, subjectRows } from './subjects.ts'
import { boundOf, compared } from './values.ts'
import { derived } from '../../text/placed-text.ts'

const { state, notBuilt } = inArea('training')
const TRAINS = 'No stage trains a model for a test yet.'

/** How a model was made. */
export const trainingSteps: readonly StepPattern[] = [
  notBuilt(
    20,
    'training is reproducible within {number}',
    'Then training is reproducible within 0.001',
    'Training again gives nearly the same answers.',
    TRAINS,
  ),
  notBuilt(
    21,
    'train\\/validation gap of {metric} is {bound}',
    'Then train/validation gap of roc_auc is at most 0.05',
    'How much worse the metric is on rows the model has not seen.',
    'A clause cannot compare a metric on two relations yet.',
  ),
  notBuilt(
    22,
    'removing feature {col} changes {metric} by {bound}',
    'Then removing feature age changes roc_auc by at most 0.01',
    'What a column is worth to the model.',
    TRAINS,
  ),
  state(
    [
      'the model beats baseline {baseline} on {metric} by {bound}',
      'the model beats baseline {baseline} on {metric} on {split} by {bound}',
    ],
    {
      number: 23,
      topic: 'beats',
      estimates: true,
      example: 'Then the model beats baseline scorecard on roc_auc by at least 0.02',
      doc: 'How much better the metric is than that of another model on the same rows; where less is better, how much less it is.',
    },
    (scene, baseline, measured, ...rest) => {
      const written = rest.at(-1)
      const rows = rest.length > 1 && rest[0] !== undefined ? rowsOf(scene, rest[0]) : subjectRows(scene)
      const other = baseline && knownModel(scene, baseline)
      const metric = measured && metricOf(scene, measured)
      const bound = written && boundOf(scene, written)
      if (rows === undefined || other === undefined || metric === undefined || bound === undefined) return undefined
      const better = directed(scene, metric)
      const [own, theirs] = [metric.call(), metric.call(derived(other.value, other.span))]
      const gain = better === 'higher' ? cel(scene)`${own} - ${theirs}` : cel(scene)`${theirs} - ${own}`
      return better && must(rows, compared(scene, gain, bound))
    },
  ),
]
