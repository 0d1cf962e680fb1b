import {
  type ClauseBody,
  featureDiagnostics as catalog,
  type GuardAction,
  nearestName,
  quotedText,
} from '@plumbline/core'
import { derived, joined, type PlacedText } from '../../text/placed-text.ts'
import { cel, columnOf, modelOf, nameOf, predictionOf, refuse, type Scene } from '../scene.ts'
import type { Stated, StepPattern } from '../step-pattern.ts'
import { inArea } from './build.ts'
import { clause, must } from './clauses.ts'
import { subjectModel } from './subjects.ts'
import { badArgument, numberText } from './values.ts'

const { state, notBuilt } = inArea('robustness')

/** A model with the dataset it reads and the output that is its prediction. */
function predicting(scene: Scene) {
  const name = subjectModel(scene)
  const model = name && modelOf(scene.spec, name.value)
  const dataset = model?.input?.from.value
  const output = predictionOf(model)
  if (name === undefined) return undefined
  if (dataset !== undefined && output !== undefined) return { name, dataset, output }
  const fix = 'Give the model `input` and `outputs` in the spec.'
  return refuse(scene, catalog.noSubject, scene.span, { what: 'input and output', fix })
}

/** One step of a column: 1 for whole numbers, a hundredth of its range for others. */
function stepOf(scene: Scene, dataset: string, column: string): string {
  const declared = columnOf(scene.spec, dataset, column)
  if (declared?.type.value !== 'number') return '1'
  const [low, high] = declared.range?.value ?? [null, null]
  const width = Number(high) - Number(low)
  const step = low === null || high === null || !(width > 0) ? 1 : width / 100
  return Number.isInteger(step) ? `${step}.0` : String(step)
}

/** A column whose cells can be moved; others are refused where they stand, with what can be asked of them. */
function isNumber(scene: Scene, dataset: string, column: PlacedText): boolean {
  const { value: name, span } = nameOf(column)
  const type = columnOf(scene.spec, dataset, name)?.type.value
  if (type === undefined || type === 'integer' || type === 'number') return true
  refuse(scene, catalog.disagrees, span, {
    problem: `\`${name}\` is of type ${type}: only a number can be moved.`,
    fix: `Name a column of numbers, or ask that \`prediction is invariant to changing ${column.text}\`.`,
  })
  return false
}

function monotone(scene: Scene, column: PlacedText, moved: '+' | '-', never: '>=' | '<='): Stated | undefined {
  const model = predicting(scene)
  if (model === undefined || !isNumber(scene, model.dataset, column)) return undefined
  const { value: name } = nameOf(column)
  const key = derived(quotedText(name), column.span)
  const cell = derived(/^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${quotedText(name)}]`, column.span)
  const make = cel(scene)
  const [own, output] = [model.name.value, model.output]
  const body: ClauseBody = {
    form: 'forall',
    binders: new Map([['x', make`${model.dataset}`]]),
    let: new Map([['y', make`x.with({${key}: x${cell} ${moved} ${stepOf(scene, model.dataset, name)}})`]]),
    holds: make`${own}(y).${output} ${never} ${own}(x).${output}`,
  }
  return clause(model.name, body)
}

function invariant(scene: Scene, column: PlacedText): Stated | undefined {
  const model = predicting(scene)
  if (model === undefined) return undefined
  const { value: name } = nameOf(column)
  const make = cel(scene)
  const [own, output] = [model.name.value, model.output]
  const domain = `${model.dataset}.columns${/^\w+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`}`
  const body: ClauseBody = {
    form: 'forall',
    binders: new Map([
      ['x', make`${model.dataset}`],
      ['s', derived(domain, column.span)],
    ]),
    let: new Map([['y', make`x.with({${derived(quotedText(name), column.span)}: s})`]]),
    holds: make`${own}(x).${output} == ${own}(y).${output}`,
  }
  return clause(model.name, body)
}

/** What the guard does, in the words of a step. */
const GUARDED: Readonly<Record<string, GuardAction>> = {
  'refuses to answer': 'reject',
  'rejects the request': 'reject',
  'answers with the fallback': 'fallback',
  'flags the request': 'flag',
}

/** The guard and a request without a value: the column's own contract says that there has to be one. */
function withoutCell(scene: Scene, column: PlacedText, words: PlacedText): Stated | undefined {
  const action = GUARDED[words.text]
  if (action === undefined) return badArgument(scene, words, 'words', nearestName(words.text, Object.keys(GUARDED)))
  const name = subjectModel(scene)
  const model = name && modelOf(scene.spec, name.value)
  const { value, span } = nameOf(column)
  if (name === undefined || model === undefined) return undefined
  const declared = columnOf(scene.spec, model.input?.from.value ?? '', value)
  if (declared === undefined || !model.input?.columns.some((each) => each.value === value))
    return refuse(scene, catalog.disagrees, span, {
      problem: `${name.value} does not read \`${value}\`.`,
      fix: `It reads ${model.input?.columns.map((each) => each.value).join(', ') ?? 'nothing'}.`,
    })
  if (declared.optional || declared.mostly !== undefined || (declared.severity?.value ?? 'block') !== 'block')
    return refuse(scene, catalog.disagrees, span, {
      problem: `A request without \`${value}\` violates nothing that the guard enforces: the column is optional, has \`mostly\` or does not block.`,
      fix: `Take \`optional\`, \`mostly\` and \`severity\` off \`${value}\` in the spec, or bound its missing rate instead.`,
    })
  return shownByRelease(scene, action)
}

/** The built-in clause of a release that shows each clause of the guard to bite. */
function rejected(scene: Scene, reason: PlacedText): Stated | undefined {
  if (!/^(?:400|the violated clauses?)$/.test(reason.text)) return badArgument(scene, reason, 'reason')
  return shownByRelease(scene, 'reject')
}

/** `release.guard`, where the guard does this and some environment requires the stage. */
function shownByRelease(scene: Scene, action: GuardAction): Stated | undefined {
  const { guard, release } = scene.spec
  if (guard === undefined || (guard.input?.value ?? 'reject') !== action)
    return refuse(scene, catalog.disagrees, guard?.input?.span ?? scene.span, {
      problem: `The guard of the spec does something else than ${action} with a request that violates a clause.`,
      fix: `Write \`guard: { input: { on_violation: ${action} } }\` in the spec.`,
    })
  const required = [release?.staging, release?.production].some((each) =>
    each?.requires?.some(({ value }) => value === 'release'),
  )
  if (!required)
    return refuse(scene, catalog.disagrees, scene.span, {
      problem: 'No environment of the spec requires the stage `release`, in which requests are sent.',
      fix: 'Write `release: { production: { requires: [data, model, release] } }` in the spec.',
    })
  return { kind: 'existing', id: 'release.guard' }
}

const both = (direction: 'increases' | 'decreases', verb: 'increases' | 'decreases') =>
  [verb === 'decreases' ? '>=' : '<=', direction === 'increases' ? '+' : '-'] as const

const monotonic = (
  verb: 'increases' | 'decreases',
  direction: 'increases' | 'decreases',
  number?: number,
): StepPattern =>
  state(
    `prediction never ${verb} when {col} ${direction}`,
    {
      ...(number === undefined ? {} : { number }),
      topic: 'monotone',
      example: `Then prediction never ${verb} when pay_0 ${direction}`,
      doc: 'For all inputs of the declared domain, and the same input with the column moved by a step (1, or a hundredth of its range).',
    },
    (scene, column) => {
      const [never, moved] = both(direction, verb)
      return column && monotone(scene, column, moved, never)
    },
  )

type Moved = (
  own: PlacedText,
  cellOf: (column: PlacedText) => PlacedText,
) => readonly [PlacedText] | readonly [PlacedText, '+' | '*', PlacedText]

/** The same answer for an input with some of its cells changed. */
function transformed(
  scene: Scene,
  changes: readonly (readonly [column: PlacedText, moved: Moved])[],
): Stated | undefined {
  const model = predicting(scene)
  if (model === undefined) return undefined
  const make = cel(scene)
  const cellOf = (column: PlacedText): PlacedText => {
    const { value: name } = nameOf(column)
    return derived(/^[A-Za-z_]\w*$/.test(name) ? `x.${name}` : `x[${quotedText(name)}]`, column.span)
  }
  const entries = changes.map(([column, moved]) => {
    const [first, operator, second] = moved(cellOf(column), cellOf)
    if (second !== undefined && !isNumber(scene, model.dataset, column)) return undefined
    const { value: name } = nameOf(column)
    const amount = second === undefined ? undefined : amountFor(scene, model.dataset, name, second)
    if (second !== undefined && amount === undefined) return undefined
    const key = derived(quotedText(name), column.span)
    return amount === undefined ? make`${key}: ${first}` : make`${key}: ${first} ${operator ?? ''} ${amount}`
  })
  if (entries.some((entry) => entry === undefined)) return undefined
  const all = entries.flatMap((entry, i) =>
    entry === undefined ? [] : i === 0 ? [entry] : [derived(', ', scene.span), entry],
  )
  const [own, output] = [model.name.value, model.output]
  const body: ClauseBody = {
    form: 'forall',
    binders: new Map([['x', make`${model.dataset}`]]),
    let: new Map([['y', make`x.with({${joined(all, scene.span)}})`]]),
    holds: make`${own}(y).${output} == ${own}(x).${output}`,
  }
  return clause(model.name, body)
}

/** An amount as the column's type writes it: CEL does not mix whole numbers and others in arithmetic. */
function amountFor(scene: Scene, dataset: string, column: string, written: PlacedText): PlacedText | undefined {
  const number = numberText(scene, written)
  const isNumber = columnOf(scene.spec, dataset, column)?.type.value === 'number'
  return number !== undefined && isNumber && !number.text.includes('.')
    ? derived(`${number.text}.0`, number.span)
    : number
}

/** How answers change when inputs do. */
export const robustnessSteps: readonly StepPattern[] = [
  monotonic('decreases', 'increases', 35),
  monotonic('increases', 'increases'),
  monotonic('decreases', 'decreases'),
  monotonic('increases', 'decreases'),
  state(
    'prediction is invariant to changing {col}',
    {
      number: 36,
      topic: 'invariant',
      example: 'Then prediction is invariant to changing sex',
      doc: 'For all inputs of the declared domain and all declared values of the column.',
    },
    (scene, column) => column && invariant(scene, column),
  ),
  state(
    'prediction is invariant to adding {number} to {col}',
    {
      number: 36,
      topic: 'invariant',
      example: 'Then prediction is invariant to adding 1 to age',
      doc: 'For all inputs of the declared domain whose column, moved so, is in the domain, too.',
    },
    (scene, amount, column) => amount && column && transformed(scene, [[column, (cell) => [cell, '+', amount]]]),
  ),
  state(
    'prediction is invariant to multiplying {col} by {number}',
    {
      number: 36,
      topic: 'invariant',
      example: 'Then prediction is invariant to multiplying income by 1.1',
      doc: 'For all inputs of the declared domain whose column, scaled so, is in the domain, too.',
    },
    (scene, column, factor) => column && factor && transformed(scene, [[column, (cell) => [cell, '*', factor]]]),
  ),
  state(
    'prediction is invariant to swapping {col} and {col}',
    {
      number: 36,
      topic: 'invariant',
      example: 'Then prediction is invariant to swapping age and pay_0',
      doc: 'For all inputs of the declared domain whose two columns, exchanged, are in the domain, too.',
    },
    (scene, first, second) =>
      first &&
      second &&
      transformed(scene, [
        [first, (_own, cellOf) => [cellOf(second)]],
        [second, (_own, cellOf) => [cellOf(first)]],
      ]),
  ),
  notBuilt(
    36,
    'prediction is invariant to {transform}',
    'Then prediction is invariant to rotating the image by 5 degrees',
    'Other transformations than of the cells of a row.',
    'No function of the language makes such an input. Built are changing, adding to, multiplying and swapping columns; of texts `2 typing errors in iban change the answer in at most 5% of rows`; of images `blurring photo by 2 pixels changes the answer in at most 5% of rows`, and cropping, contrast, brightness, JPEG and noise. What else there is, such as a rotation, is made as a dataset of its own: `recall on champion.rotated is at least 0.8`.',
  ),
  notBuilt(
    37,
    'adding {noise} to {cols} changes {metric} by {bound}',
    'Then adding gaussian noise to age changes roc_auc by at most 0.01',
    'The metric with noise added beside the one without.',
    'A metric is measured on the rows of a relation, and changed rows are none. What counts row by row is asked: `accuracy with noise of 2 added to age is at least 80%`, and `adding noise of 2 to age changes the decision in at most 5% of rows`. For a metric of all rows (a ranking) keep the changed rows as a dataset: `roc_auc on champion.noisy is at least 0.7`.',
  ),
  state(
    'with {col} missing the model {words}',
    {
      number: 38,
      topic: 'missing-input',
      example: 'Then with age missing the model refuses to answer',
      doc: 'The built-in clause `release.guard`, which shows the contract of the column to bite on a request without the value; the guard of the spec must do what the step says (`refuses to answer`, `answers with the fallback`, `flags the request`).',
    },
    (scene, column, words) => column && words && withoutCell(scene, column, words),
  ),
  notBuilt(
    39,
    'prediction is constant within L-inf {number} of {percent} of rows',
    'Then prediction is constant within L-inf 0.01 of 95% of rows',
    'Nothing near a row has another answer.',
    'A bound input ranges over a domain, and near another bound input is none: no clause says “for this share of the rows, for all inputs around them”. One point near each row is asked by `moving all numbers by up to 1% of their range changes the answer in at most 5% of rows`.',
  ),
  state(
    'out-of-range input is rejected with {reason}',
    {
      number: 40,
      topic: 'rejected',
      example: 'Then out-of-range input is rejected with 400',
      doc: 'The built-in clause `release.guard`: each clause of the guard is shown to bite on a request made to violate it.',
    },
    (scene, reason) => reason && rejected(scene, reason),
  ),
  state(
    'permuting rows does not change predictions',
    {
      number: 41,
      topic: 'order',
      example: 'Then permuting rows does not change predictions',
      doc: 'All rows are asked again in another order: none is answered otherwise, but for what float32 rounds. Asked of the rows the scenario names, else of the whole dataset.',
    },
    (scene) => {
      const rows = scene.subject.rows ?? subjectModel(scene)
      return rows && must(rows, cel(scene)`order_dependent() == 0`)
    },
  ),
]
