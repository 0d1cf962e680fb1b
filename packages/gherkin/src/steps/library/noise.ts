import { type ClauseBody, featureDiagnostics as catalog, parseDecimal, quotedText } from '@plumbline/core'
import { derived, type PlacedText } from '../../text/placed-text.ts'
import { cel, columnOf, modelOf, nameOf, refuse, type Scene } from '../scene.ts'
import type { Stated, StepPattern } from '../step-pattern.ts'
import { inArea } from './build.ts'
import { clause } from './clauses.ts'
import {
  type AskedModel,
  cellOf,
  changedCell,
  type ChangedInput,
  rarelyChanged,
  rowsAsked,
} from './decision-changes.ts'
import { subjectModel } from './subjects.ts'
import { badArgument, boundOf, numberText } from './values.ts'

const { state } = inArea('robustness')

/** The rows at hand, `x`, and the same rows with normal noise in a cell, `y`: a rung of a ladder of corruption. */
function noisyInput(scene: Scene, deviation: PlacedText, column: PlacedText) {
  const amount = numberText(scene, deviation)
  if (amount === undefined) return undefined
  if (!(Number(amount.text) > 0)) return badArgument(scene, deviation, 'number')
  const number = amount.text.includes('.') ? amount : derived(`${amount.text}.0`, amount.span)
  return ({ model, dataset }: AskedModel): ChangedInput | undefined => {
    const { value: name, span } = nameOf(column)
    const type = columnOf(scene.spec, dataset, name)?.type.value
    if (type !== undefined && type !== 'integer' && type !== 'number' && type !== 'image')
      return refuse(scene, catalog.disagrees, span, {
        problem: `\`${name}\` is of type ${type}: noise is added to numbers.`,
        fix: `Name a column of numbers, or ask that \`prediction is invariant to changing ${column.text}\`.`,
      })
    const make = cel(scene)
    const cell = derived(cellOf(name), column.span)
    const noise =
      type === 'integer'
        ? make`int(math.round(corrupt.noise(double(${cell}), ${number}, 1)))`
        : make`corrupt.noise(${cell}, ${number}, 1)`
    return changedCell(scene, column, noise, rowsAsked(scene, model, dataset))
  }
}

/** How often the answer is the label when a cell has noise: a share of rows, since each counts for itself. */
function rightWithNoise(scene: Scene, deviation: PlacedText, column: PlacedText, written: PlacedText) {
  const [name, change, bound] = [subjectModel(scene), noisyInput(scene, deviation, column), boundOf(scene, written)]
  const model = name && modelOf(scene.spec, name.value)
  if (name === undefined || change === undefined || bound === undefined) return undefined
  const [least, ...more] = bound.comparisons
  if (least?.operator !== '>=' || more.length > 0 || !(Number(least.value.text) > 0 && Number(least.value.text) <= 1)) {
    const expects = 'a least share of right answers, such as at least 90%'
    return refuse(scene, catalog.badArgument, written.span, { text: written.text, expects })
  }
  const dataset = model?.input?.from.value
  const label = model?.label?.value
  const named = [...(model?.outputs.values() ?? [])].find(({ type }) => type.value === 'category')?.name
  const answer = model?.decision === undefined ? named : 'decision'
  if (dataset === undefined || label === undefined || answer === undefined)
    return refuse(scene, catalog.noSubject, scene.span, {
      what: 'label and decision',
      fix: 'Give the model `input`, `label`, and a `decision` or an output of type category.',
    })
  const input = change({ model: name.value, dataset })
  if (input === undefined) return undefined
  const body: ClauseBody = {
    form: 'forall',
    binders: input.binders,
    let: input.let,
    holds: cel(scene)`${name.value}(y).${answer} == ${cellOf(label)}`,
    over: { value: input.over, span: scene.span },
  }
  return clause(name, body, { mostly: { value: least.value.text, span: written.span } })
}

/** The answer to the rows at hand, and to the same rows with a text written otherwise. */
function rewritten(
  scene: Scene,
  column: PlacedText,
  written: PlacedText,
  otherwise: (cell: PlacedText) => PlacedText,
): Stated | undefined {
  return rarelyChanged(scene, written, ({ model, dataset }) => {
    const { value: name, span } = nameOf(column)
    const type = columnOf(scene.spec, dataset, name)?.type.value
    if (type !== undefined && type !== 'text')
      return refuse(scene, catalog.disagrees, span, {
        problem: `\`${name}\` is of type ${type}: letters are changed in texts.`,
        fix: `Name a column of type text, or ask that \`prediction is invariant to changing ${column.text}\`.`,
      })
    return changedCell(scene, column, otherwise(derived(cellOf(name), span)), rowsAsked(scene, model, dataset))
  })
}

/** All numbers of a row moved at once, each by a draw from a part of its range to both sides; what would leave the range stays at its end. */
function moved(scene: Scene, part: PlacedText, written: PlacedText): Stated | undefined {
  const share = numberText(scene, part)
  if (share === undefined) return undefined
  if (!(Number(share.text) > 0 && Number(share.text) <= 1)) return badArgument(scene, part, 'percent')
  return rarelyChanged(scene, written, ({ model, dataset }) => {
    const inputs = modelOf(scene.spec, model)?.input?.columns.map(({ value }) => value) ?? []
    const cells: string[] = []
    for (const [i, name] of inputs.entries()) {
      const column = columnOf(scene.spec, dataset, name)
      const type = column?.type.value
      if (type !== 'integer' && type !== 'number') continue
      const [low, high] = column?.range?.value ?? [null, null]
      if (low === null || high === null)
        return refuse(scene, catalog.disagrees, part.span, {
          problem: `\`${name}\` has no range, of which a part could be moved.`,
          fix: `Give \`${name}\` a range in the spec, or add noise to one column.`,
        })
      const width = parseDecimal(String((Number(high) - Number(low)) * Number(share.text)))?.text ?? '0'
      const cell = cellOf(name)
      const [own, from, to] = [type === 'integer' ? `double(${cell})` : cell, point(String(low)), point(String(high))]
      const value = `math.greatest(${from}, math.least(${to}, ${own} + ${point(width)} * (2.0 * corrupt.chance(${cell}, ${i + 1}) - 1.0)))`
      cells.push(`${quotedText(name)}: ${type === 'integer' ? `int(math.round(${value}))` : value}`)
    }
    if (cells.length === 0)
      return refuse(scene, catalog.noSubject, scene.span, {
        what: 'numbers as inputs',
        fix: 'Ask it of a model that reads some.',
      })
    const rows = rowsAsked(scene, model, dataset)
    const make = cel(scene)
    return {
      binders: new Map([['x', make`${rows}.rows`]]),
      let: new Map([['y', make`x.with({${cells.join(', ')}})`]]),
      over: rows,
    }
  })
}

/** A number as CEL writes one that is no integer. */
const point = (text: string): string => (/[.e]/i.test(text) ? text : `${text}.0`)

/** How answers change when inputs are not exact. */
export const noiseSteps: readonly StepPattern[] = [
  state(
    'adding noise of {number} to {col} changes the decision in {bound} of rows',
    {
      number: 37,
      topic: 'noise',
      example: 'Then adding noise of 2 to age changes the decision in at most 5% of rows',
      doc: 'Normal noise of this standard deviation, in the unit of the column, that follows from each value; decided on all actual rows up to 10 000 (at 0% on all there are), else on rows drawn at random. A share of right decisions falls by no more.',
    },
    (scene, deviation, column, written) => {
      const change = deviation && column && noisyInput(scene, deviation, column)
      return change && written && rarelyChanged(scene, written, change)
    },
  ),
  state(
    'accuracy with noise of {number} added to {col} is {bound}',
    {
      number: 37,
      topic: 'noisy-accuracy',
      example: 'Then accuracy with noise of 2 added to age is at least 80%',
      doc: 'The least share of the actual rows (of all up to 10 000, else of rows drawn at random) whose decision (or class answered) is the label although the column has normal noise of this standard deviation.',
    },
    (scene, deviation, column, written) =>
      deviation && column && written && rightWithNoise(scene, deviation, column, written),
  ),
  state(
    '{count} typing error(s) in {col} change(s) the answer in {bound} of rows',
    {
      number: 36,
      topic: 'typing-errors',
      example: 'Then 2 typing errors in iban change the answer in at most 5% of rows',
      doc: 'Letters exchanged, left out, doubled, or their neighbours on the keyboard, placed by each text; decided on all actual rows up to 10 000 (at 0% on all there are), else on rows drawn at random.',
    },
    (scene, count, column, written) =>
      count &&
      column &&
      written &&
      rewritten(scene, column, written, (cell) => cel(scene)`corrupt.typos(${cell}, ${plainCount(count)}, 1)`),
  ),
  ...(['capital', 'small'] as const).map((letters) =>
    state(
      `writing {col} in ${letters} letters changes the answer in {bound} of rows`,
      {
        number: 36,
        topic: `${letters}-letters`,
        example: `Then writing iban in ${letters} letters changes the answer in at most 0% of rows`,
        doc: 'The letters from A to Z; decided on all actual rows up to 10 000, else on rows drawn at random.',
      },
      (scene, column, written) =>
        column &&
        written &&
        rewritten(
          scene,
          column,
          written,
          (cell) => cel(scene)`${cell}.${letters === 'capital' ? 'upperAscii' : 'lowerAscii'}()`,
        ),
    ),
  ),
  state(
    'moving all numbers by up to {percent} of their range changes the answer in {bound} of rows',
    {
      number: 39,
      topic: 'moved-numbers',
      example: 'Then moving all numbers by up to 1% of their range changes the answer in at most 5% of rows',
      doc: 'Every input that is a number is moved at once, each by a draw of its own, to both sides: one point of the box around each row. It shows rows whose answer is not constant there, and proves none to be.',
    },
    (scene, part, written) => part && written && moved(scene, part, written),
  ),
]

/** `2_000` → `2000`. */
const plainCount = ({ text, span }: PlacedText): PlacedText => derived(text.replaceAll('_', ''), span)
