import { quotedText } from '@plumbline/core'
import { derived, type PlacedText } from '../../text/placed-text.ts'
import { cel, nameOf, type Scene } from '../scene.ts'
import type { Stated, StepPattern } from '../step-pattern.ts'
import { inArea } from './build.ts'
import { columnCel, metricOf, must } from './clauses.ts'
import { rarelyChanged, upper } from './decision-changes.ts'
import { subjectRows } from './subjects.ts'
import { boundOf, compared } from './values.ts'

const { state } = inArea('fairness')

/** For no row, or for few, does the decision depend on the column: over actual rows, and all its declared values. */
function flipping(scene: Scene, attribute: PlacedText, written: PlacedText): Stated | undefined {
  const { value: column } = nameOf(attribute)
  const make = cel(scene)
  return rarelyChanged(scene, written, ({ dataset, never }) => ({
    binders: new Map([
      ['x', make`${never ? `${dataset}.rows` : dataset}`],
      [
        's',
        derived(
          `${dataset}.columns${/^\w+$/.test(column) ? `.${column}` : `[${JSON.stringify(column)}]`}`,
          attribute.span,
        ),
      ],
    ]),
    let: new Map([['y', make`x.with({${derived(quotedText(column), attribute.span)}: s})`]]),
    over: dataset,
  }))
}

/** Groups beside each other. */
export const fairnessSteps: readonly StepPattern[] = [
  state(
    '{metric} difference across {attr} is {bound}',
    {
      number: 31,
      topic: 'difference',
      estimates: true,
      example: 'Then recall difference across sex is at most 0.1',
      doc: 'The greatest minus the least of the metric over the declared groups.',
    },
    (scene, measured, attribute, written) => {
      const rows = subjectRows(scene)
      const metric = measured && metricOf(scene, measured)
      const bound = written && boundOf(scene, written)
      if (rows === undefined || metric === undefined || bound === undefined || attribute === undefined) return undefined
      return must(rows, compared(scene, cel(scene)`gap_across(${columnCel(attribute)}, ${metric.call()})`, bound))
    },
  ),
  state(
    'selection-rate ratio across {attr} is {bound}',
    {
      number: 32,
      topic: 'selection-ratio',
      estimates: true,
      example: 'Then selection-rate ratio across sex is at least 80%',
      doc: 'The least divided by the greatest share of positive decisions over the declared groups.',
    },
    (scene, attribute, written) => {
      const rows = subjectRows(scene)
      const bound = written && boundOf(scene, written)
      if (rows === undefined || bound === undefined || attribute === undefined) return undefined
      return must(rows, compared(scene, cel(scene)`ratio_across(${columnCel(attribute)}, positive_rate())`, bound))
    },
  ),
  state(
    'equalized odds gap across {attr} is {bound}',
    {
      number: 33,
      topic: 'equalized-odds',
      estimates: true,
      example: 'Then equalized odds gap across sex is at most 0.1',
      doc: 'The differences of recall and of specificity over the declared groups: both keep the bound.',
    },
    (scene, attribute, written) => {
      const rows = subjectRows(scene)
      const bound = written && boundOf(scene, written)
      const most = bound && upper(scene, bound)
      if (rows === undefined || most === undefined || attribute === undefined) return undefined
      const { operator, value } = most
      const column = columnCel(attribute)
      return must(
        rows,
        cel(
          scene,
        )`gap_across(${column}, recall()) ${operator} ${value} && gap_across(${column}, specificity()) ${operator} ${value}`,
      )
    },
  ),
  state(
    'flipping {attr} changes the decision in {bound} of rows',
    {
      number: 34,
      topic: 'flipping',
      example: 'Then flipping sex changes the decision in at most 0% of rows',
      doc: 'Every declared value of the column, in actual rows, leaves the decision as it is; with a share, decided on all of them up to 10 000 pairs, else on rows drawn at random.',
    },
    (scene, attribute, written) => attribute && written && flipping(scene, attribute, written),
  ),
]
