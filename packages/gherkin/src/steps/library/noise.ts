import { featureDiagnostics as catalog, quotedText } from '@plumbline/core'
import { derived, type PlacedText } from '../../text/placed-text.ts'
import { cel, columnOf, nameOf, refuse, type Scene } from '../scene.ts'
import type { Stated, StepPattern } from '../step-pattern.ts'
import { inArea } from './build.ts'
import { rarelyChanged } from './decision-changes.ts'
import { badArgument, numberText } from './values.ts'

const { state } = inArea('robustness')

/** The decision on the rows at hand, and on the same rows with normal noise in a cell: a rung of a ladder of corruption. */
function noisy(scene: Scene, deviation: PlacedText, column: PlacedText, written: PlacedText): Stated | undefined {
  const amount = numberText(scene, deviation)
  if (amount === undefined) return undefined
  if (!(Number(amount.text) > 0)) return badArgument(scene, deviation, 'number')
  const number = amount.text.includes('.') ? amount : derived(`${amount.text}.0`, amount.span)
  return rarelyChanged(scene, written, ({ model, dataset }) => {
    const { value: name, span } = nameOf(column)
    const type = columnOf(scene.spec, dataset, name)?.type.value
    if (type !== undefined && type !== 'integer' && type !== 'number')
      return refuse(scene, catalog.disagrees, span, {
        problem: `\`${name}\` is of type ${type}: noise is added to numbers.`,
        fix: `Name a column of numbers, or ask that \`prediction is invariant to changing ${column.text}\`.`,
      })
    const asked = scene.subject.rows?.value ?? dataset
    const rows = asked === model ? dataset : asked.replace(`${model}.`, `${dataset}.`)
    const make = cel(scene)
    const cell = derived(/^[A-Za-z_]\w*$/.test(name) ? `x.${name}` : `x[${quotedText(name)}]`, column.span)
    const noise =
      type === 'integer'
        ? make`int(math.round(corrupt.noise(double(${cell}), ${number}, 1)))`
        : make`corrupt.noise(${cell}, ${number}, 1)`
    return {
      binders: new Map([['x', make`${rows}.rows`]]),
      let: new Map([['y', make`x.with({${derived(quotedText(name), column.span)}: ${noise}})`]]),
      over: rows,
    }
  })
}

/** How answers change when inputs are not exact. */
export const noiseSteps: readonly StepPattern[] = [
  state(
    'adding noise of {number} to {col} changes the decision in {bound} of rows',
    {
      number: 37,
      topic: 'noise',
      example: 'Then adding noise of 2 to age changes the decision in at most 5% of rows',
      doc: 'Normal noise of this standard deviation, in the unit of the column, that follows from each value; decided on rows drawn at random from the actual ones, at 0% on all of them. A share of right decisions falls by no more.',
    },
    (scene, deviation, column, written) => deviation && column && written && noisy(scene, deviation, column, written),
  ),
]
