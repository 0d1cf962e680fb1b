import { featureDiagnostics as catalog } from '@plumbline/core'
import { derived, type PlacedText } from '../../text/placed-text.ts'
import { cel, columnOf, nameOf, refuse, type Scene } from '../scene.ts'
import type { ParameterName } from '../parameters.ts'
import type { Stated, StepPattern } from '../step-pattern.ts'
import { inArea } from './build.ts'
import { cellOf, changedCell, rarelyChanged, rowsAsked } from './decision-changes.ts'
import { badArgument, numberText } from './values.ts'

const { state } = inArea('robustness')

/** A level of a rung: what it may be, and whether it is a whole number. */
interface Rung {
  readonly fn: string
  readonly level: ParameterName
  readonly from: number
  readonly to: number
}

/** The answer to an image, and to the same image spoilt by one rung of a ladder. */
function spoilt(scene: Scene, { fn, level, from, to }: Rung, column: PlacedText, at: PlacedText, written: PlacedText) {
  const number = numberText(scene, at)
  if (number === undefined) return undefined
  if (!(Number(number.text) >= from && Number(number.text) <= to)) return badArgument(scene, at, level)
  const whole = level === 'count'
  const amount = whole || number.text.includes('.') ? number : derived(`${number.text}.0`, number.span)
  return rarelyChanged(scene, written, ({ model, dataset }) => {
    const { value: name, span } = nameOf(column)
    const type = columnOf(scene.spec, dataset, name)?.type.value
    if (type !== undefined && type !== 'image')
      return refuse(scene, catalog.disagrees, span, {
        problem: `\`${name}\` is of type ${type}: only an image can be spoilt so.`,
        fix: `Name a column of type image, or ask that \`prediction is invariant to changing ${column.text}\`.`,
      })
    const value = cel(scene)`${fn}(${derived(cellOf(name), span)}, ${amount})`
    return changedCell(scene, column, value, rowsAsked(scene, model, dataset))
  })
}

/** One rung; `words` has its gaps in the order column, level, or level, column. */
function rung(words: string, topic: string, example: string, doc: string, of: Rung): StepPattern {
  const columnFirst = words.indexOf('{col}') < words.indexOf(`{${of.level}}`)
  return state(
    `${words} changes the answer in {bound} of rows`,
    { number: 36, topic, example: `Then ${example} changes the answer in at most 5% of rows`, doc },
    (scene, first, second, written): Stated | undefined => {
      const [column, level] = columnFirst ? [first, second] : [second, first]
      return column && level && written && spoilt(scene, of, column, level, written)
    },
  )
}

/** How answers change when images are not as good. */
export const imageSteps: readonly StepPattern[] = [
  rung(
    'blurring {col} by {count} pixel(s)',
    'blurred',
    'blurring photo by 2 pixels',
    'Images out of focus by so many pixels; decided on all actual rows up to 10 000 (at 0% on all there are), else on rows drawn at random.',
    { fn: 'corrupt.blur', level: 'count', from: 1, to: 100 },
  ),
  rung(
    'cropping {col} by {percent}',
    'cropped',
    'cropping photo by 10%',
    'Images without so much of width and height, half of it at each side, stretched to the size that they had.',
    { fn: 'corrupt.crop', level: 'percent', from: 0, to: 0.9 },
  ),
  rung(
    'compressing {col} as JPEG of quality {count}',
    'compressed',
    'compressing photo as JPEG of quality 40',
    'Images written as JPEG of a quality of 1 to 100.',
    { fn: 'corrupt.jpeg', level: 'count', from: 1, to: 100 },
  ),
  ...(['contrast', 'brightness'] as const).map((what) =>
    rung(
      `{percent} of the ${what} of {col}`,
      what,
      `60% of the ${what} of photo`,
      `Images with so much of their ${what}: 100% is as it was, at most 400%.`,
      { fn: `corrupt.${what}`, level: 'percent', from: 0, to: 4 },
    ),
  ),
]
