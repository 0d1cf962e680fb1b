import { featureDiagnostics as catalog, type Model } from '@plumbline/core'
import { derived, type PlacedText } from '../../text/placed-text.ts'
import { cel, modelOf, nameOf, refuse, type Scene, predictionOf } from '../scene.ts'
import type { Stated, StepPattern } from '../step-pattern.ts'
import { inArea } from './build.ts'
import { clause, columnCel, directed, metricOf, must } from './clauses.ts'
import { knownModel, rowsOf, subjectModel, subjectRows } from './subjects.ts'
import { boundOf, compared, numberText } from './values.ts'

const { state, notBuilt } = inArea('training')

/** The column of the model's data whose two values tell rows that were learned from and rows that were not. */
function splitColumn(scene: Scene, model: Model): PlacedText | undefined {
  const dataset = scene.spec.data.get(model.input?.from.value ?? '')
  const column = [...(dataset?.columns.values() ?? [])].find(({ role }) => role?.value === 'split')
  const values = column?.values?.value ?? []
  if (column !== undefined && values.length === 2) return derived(JSON.stringify(column.name), scene.span)
  return refuse(scene, catalog.disagrees, scene.span, {
    problem:
      column === undefined
        ? `No column of ${dataset?.name ?? 'the data'} has \`role: split\`, so its two parts cannot be compared.`
        : `\`${column.name}\` has ${values.length} declared values; the metric is compared between two.`,
    fix: 'Give a column of two declared values `role: split`, or bound the metric on each split.',
  })
}

/** The two trainings agree on each actual row. */
function reproducible(scene: Scene, number: PlacedText, again: PlacedText): Stated | undefined {
  const [name, other] = [subjectModel(scene), knownModel(scene, again)]
  const model = name && modelOf(scene.spec, name.value)
  const output = predictionOf(model)
  const [dataset, within] = [model?.input?.from.value, numberText(scene, number)]
  if (name === undefined || other === undefined || within === undefined) return undefined
  if (dataset === undefined || output === undefined)
    return refuse(scene, catalog.noSubject, scene.span, {
      what: 'input and output',
      fix: 'Give the model `input` and `outputs` in the spec.',
    })
  const make = cel(scene)
  const theirs = derived(other.value, other.span)
  const bound = within.text.includes('.') ? within : derived(`${within.text}.0`, within.span)
  return clause(name, {
    form: 'forall',
    binders: new Map([['x', make`${dataset}.rows`]]),
    let: new Map(),
    holds: make`math.abs(${name.value}(x).${output} - ${theirs}(x).${output}) <= ${bound}`,
  })
}

/** What the metric loses without the column, beside a model that was trained without it. */
function worthOf(scene: Scene, column: PlacedText, measured: PlacedText, written: PlacedText, other: PlacedText) {
  const [rows, without] = [subjectRows(scene), knownModel(scene, other)]
  const [metric, bound] = [metricOf(scene, measured), boundOf(scene, written)]
  if (rows === undefined || without === undefined || metric === undefined || bound === undefined) return undefined
  const { value: name, span } = nameOf(column)
  if (modelOf(scene.spec, without.value)?.input?.columns.some(({ value }) => value === name))
    return refuse(scene, catalog.disagrees, span, {
      problem: `${without.value} reads \`${name}\`, too.`,
      fix: `Name a model of the spec that was trained without \`${name}\`.`,
    })
  const better = directed(scene, metric)
  const [own, theirs] = [metric.call(), metric.call(derived(without.value, without.span))]
  const lost = better === 'higher' ? cel(scene)`${own} - ${theirs}` : cel(scene)`${theirs} - ${own}`
  return better && must(rows, compared(scene, lost, bound))
}

/** How a model was made. */
export const trainingSteps: readonly StepPattern[] = [
  notBuilt(
    20,
    'training is reproducible within {number}',
    'Then training is reproducible within 0.001',
    'Training again gives nearly the same answers.',
    'A test asks models and trains none. Let a stage of the pipeline train a second time and make a file of its own, declare that as a model, and name it: `training is reproducible within 0.001 beside retrained`.',
  ),
  state(
    'training is reproducible within {number} beside {model}',
    {
      number: 20,
      topic: 'reproducible',
      example: 'Then training is reproducible within 0.001 beside scorecard',
      doc: 'On every actual row the first output of both models is the same, up to this difference; the other model is one of a second training.',
    },
    (scene, number, model) => number && model && reproducible(scene, number, model),
  ),
  state(
    'train\\/validation gap of {metric} is {bound}',
    {
      number: 21,
      topic: 'gap',
      estimates: true,
      example: 'Then train/validation gap of roc_auc is at most 0.05',
      doc: 'The difference of the metric between the two values of the column with `role: split`: rows learned from and rows that were not.',
    },
    (scene, measured, written) => {
      const name = subjectModel(scene)
      const model = name && modelOf(scene.spec, name.value)
      const metric = measured && metricOf(scene, measured)
      const bound = written && boundOf(scene, written)
      if (name === undefined || model === undefined || metric === undefined || bound === undefined) return undefined
      const column = splitColumn(scene, model)
      return (
        column && must(name, compared(scene, cel(scene)`gap_across(${columnCel(column)}, ${metric.call()})`, bound))
      )
    },
  ),
  notBuilt(
    22,
    'removing feature {col} changes {metric} by {bound}',
    'Then removing feature age changes roc_auc by at most 0.01',
    'What a column is worth to the model.',
    'A test asks models and trains none. Let a stage of the pipeline train without the column, declare that as a model, and name it: `removing feature age changes roc_auc by at most 0.01 beside ageless`.',
  ),
  state(
    'removing feature {col} changes {metric} by {bound} beside {model}',
    {
      number: 22,
      topic: 'worth',
      estimates: true,
      example: 'Then removing feature age changes roc_auc by at most 0.01 beside ageless',
      doc: 'How much worse the metric is for a model that does not read the column, on the same rows.',
    },
    (scene, column, measured, written, model) =>
      column && measured && written && model && worthOf(scene, column, measured, written, model),
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
