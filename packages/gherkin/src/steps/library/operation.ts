import {
  type EventKind,
  eventKinds,
  featureDiagnostics as catalog,
  type Located,
  nearestName,
  quotedText,
} from '@plumbline/core'
import { derived, type PlacedText } from '../../text/placed-text.ts'
import { cel, modelOf, nameOf, refuse, type Scene, predictionOf } from '../scene.ts'
import type { Stated, StepPattern } from '../step-pattern.ts'
import { inArea } from './build.ts'
import { clause, columnCel, distanceNames, must } from './clauses.ts'
import { boundsOfDrift } from './drift-clauses.ts'
import { besides, dataRelation, rowsOf, subjectModel } from './subjects.ts'
import { badArgument, boundOf, compared, durationOf, numberText } from './values.ts'

const { state, notBuilt } = inArea('operation')

const REQUESTS = 'requests'

function driftName(scene: Scene, written: PlacedText): string | undefined {
  const plain = written.text.toLowerCase().replaceAll(/[\s-]+/g, '_')
  const name = plain === 'population_stability_index' ? 'psi' : plain
  return distanceNames.includes(name) ? name : badArgument(scene, written, 'drift', nearestName(plain, distanceNames))
}

/** `always`, in windows of a length. */
function always(scene: Scene, condition: PlacedText, window: PlacedText, windows?: PlacedText): Stated | undefined {
  const length = durationOf(scene, window)
  if (length === undefined) return undefined
  return clause(
    { value: REQUESTS, span: scene.span },
    {
      form: 'always',
      condition,
      window: { value: length, span: window.span },
      ...(windows === undefined
        ? {}
        : { for: { value: Number(windows.text.replaceAll('_', '')), span: windows.span } }),
    },
  )
}

function distance(
  scene: Scene,
  drift: PlacedText,
  column: PlacedText,
  against: Located<string>,
): PlacedText | undefined {
  const name = driftName(scene, drift)
  if (name === undefined) return undefined
  const reference = derived(against.value, against.span)
  return /^(any|every|each) column$/.test(column.text)
    ? cel(scene)`max_over(columns, ${name}(column, ${reference}))`
    : cel(scene)`${name}(${columnCel(column)}, ${reference})`
}

const inWindows = (scene: Scene): Scene => ({
  ...scene,
  subject: { ...scene.subject, relation: { value: REQUESTS, span: scene.span } },
})

function driftOf(scene: Scene, args: readonly (PlacedText | undefined)[], windowed: boolean): Stated | undefined {
  const [drift, column, other, written, window, windows] = args
  const bound = written && boundOf(scene, written)
  const of = windowed ? { value: REQUESTS, span: scene.span } : dataRelation(scene)
  if (of === undefined || drift === undefined || column === undefined || other === undefined || bound === undefined)
    return undefined
  const left = distance(scene, drift, column, besides(windowed ? inWindows(scene) : scene, other, of.value))
  if (left === undefined) return undefined
  const condition = compared(scene, left, bound)
  if (!windowed) return must(of, condition)
  return window && always(scene, condition, window, windows)
}

/** The output of the champion in production beside that on other rows. */
function predictionDrift(
  scene: Scene,
  rows: Located<string> | undefined,
  written: PlacedText,
  window: PlacedText,
): Stated | undefined {
  const bound = boundOf(scene, written)
  const model = subjectModel(scene)
  const output = model && predictionOf(modelOf(scene.spec, model.value))
  if (bound === undefined || rows === undefined || output === undefined) return undefined
  const left = cel(scene)`psi(${output}, ${derived(rows.value, rows.span)})`
  return always(scene, compared(scene, left, bound), window)
}

const ACTIONS: Readonly<Record<string, EventKind>> = {
  'retraining is decided': 'retrain.decided',
  'a challenger is trained': 'retrain.trained',
  'a challenger is promoted': 'retrain.promoted',
  'the version is rolled back': 'version.rolled-back',
  'an alert is sent': 'alert.sent',
}

/** When a clause is violated, an event follows in time. */
function answered(scene: Scene, id: Located<string>, action: PlacedText, within: PlacedText): Stated | undefined {
  const kind = ACTIONS[action.text] ?? (Object.hasOwn(eventKinds, action.text) ? action.text : undefined)
  const time = durationOf(scene, within)
  if (kind === undefined) {
    const known = [...Object.keys(ACTIONS), ...Object.keys(eventKinds)]
    return badArgument(scene, action, 'action', nearestName(action.text, known))
  }
  if (time === undefined) return undefined
  const make = cel(scene)
  return clause(
    { value: 'system', span: scene.span },
    {
      form: 'whenever',
      whenever: make`violated(${derived(quotedText(id.value), id.span)})`,
      // oxlint-disable-next-line unicorn/no-thenable -- `then` is a key of the language; its value is never a function.
      then: make`kind == ${derived(quotedText(kind), action.span)}`,
      within: { value: time, span: within.span },
    },
  )
}

/** The clause that bounds a drift by a number; there must be one. */
function driftClause(scene: Scene, number: PlacedText): Located<string> | undefined {
  const bound = numberText(scene, number)
  if (bound === undefined) return undefined
  const found = boundsOfDrift(scene.spec, Number(bound.text))
  const [only, ...more] = found
  if (only !== undefined && more.length === 0) return { value: only, span: number.span }
  return refuse(scene, catalog.disagrees, number.span, {
    problem:
      only === undefined
        ? `No \`always\` clause of the spec bounds a drift by ${number.text}.`
        : `Several clauses of the spec bound a drift by ${number.text}: ${found.join(', ')}.`,
    fix: 'Write `when <clause> is violated then …` with the id of the clause.',
  })
}

/** What production sees, over time. */
export const operationSteps: readonly StepPattern[] = [
  state(
    [
      '{drift} of {col} versus {dataset} is {bound} over {duration}',
      '{drift} of any column versus {dataset} is {bound} over {duration}',
    ],
    {
      number: 42,
      topic: 'drift',
      example: 'Then psi of age versus train is below 0.2 over 1d',
      doc: 'The distance of requests from a data relation in each window; `any column` asks it of the greatest.',
    },
    (scene, ...args) => driftOf(scene, args.length === 4 ? anyColumn(scene, args) : args, true),
  ),
  state(
    [
      '{drift} of {col} versus {dataset} is {bound} over {duration} {count} times in a row',
      '{drift} of any column versus {dataset} is {bound} over {duration} {count} times in a row',
    ],
    {
      topic: 'drift',
      example: 'Then psi of any column versus train is below 0.2 over 1d 2 times in a row',
      doc: 'The same; only so many windows in a row violate it.',
    },
    (scene, ...args) => driftOf(scene, args.length === 5 ? anyColumn(scene, args) : args, true),
  ),
  state(
    ['{drift} of {col} versus {dataset} is {bound}', '{drift} of any column versus {dataset} is {bound}'],
    {
      topic: 'alike',
      estimates: true,
      example: 'Then psi of any column versus train is below 0.1',
      doc: 'The distance of the dataset at hand from another one.',
    },
    (scene, ...args) => driftOf(scene, args.length === 3 ? anyColumn(scene, args) : args, false),
  ),
  state(
    [
      'prediction distribution drift is {bound} over {duration}',
      'prediction distribution drift versus {split} is {bound} over {duration}',
    ],
    {
      number: 43,
      topic: 'prediction-drift',
      example: 'Then prediction distribution drift versus test is below 0.1 over 1d',
      doc: 'The population stability index of the first output beside the same model on the rows named.',
    },
    (scene, ...args) => {
      const [split, written, window] = args.length > 2 ? args : [undefined, ...args]
      if (written === undefined || window === undefined) return undefined
      if (split !== undefined) return predictionDrift(scene, rowsOf(scene, split), written, window)
      const { rows } = scene.subject
      if (rows !== undefined && rows.value !== REQUESTS) return predictionDrift(scene, rows, written, window)
      const fix = 'Write `prediction distribution drift versus test is …`.'
      return refuse(scene, catalog.noSubject, scene.span, { what: 'rows', fix })
    },
  ),
  state(
    'when drift exceeds {number} then {action} within {duration}',
    {
      number: 44,
      topic: 'answered',
      example: 'Then when drift exceeds 0.2 then retraining is decided within 7 days',
      doc: 'The clause of the spec that bounds a drift by this number is answered by an event in time.',
    },
    (scene, number, action, within) => {
      const id = number && driftClause(scene, number)
      return id && action && within && answered(scene, id, action, within)
    },
  ),
  state(
    'when {clause} is violated then {action} within {duration}',
    {
      topic: 'answered',
      example: 'Then when population-stable is violated then retraining is decided within 7 days',
      doc: 'A violation of a clause is answered by an event in time.',
    },
    (scene, id, action, within) => id && action && within && answered(scene, nameOf(id), action, within),
  ),
  state(
    'fallback rate is {bound} over {duration}',
    {
      number: 45,
      topic: 'fallback',
      example: 'Then fallback rate is at most 1% over 1d',
      doc: 'The share of requests in each window that the fallback answered.',
    },
    (scene, written, window) => {
      const bound = written && boundOf(scene, written)
      if (bound === undefined || window === undefined) return undefined
      return always(scene, compared(scene, cel(scene)`share(_guard == "fallback")`, bound), window)
    },
  ),
  notBuilt(
    46,
    'label delay is {duration-bound}',
    'Then label delay is at most 30 days',
    'The time from a request to its label.',
    'When a label arrived is no column of `requests`. In the spec, `monitor: { labels: { …, within: 30d, min_share: 95% } }` lets no clause that needs labels be satisfied in a window of which fewer have come in that time.',
  ),
  notBuilt(
    47,
    'canary {metric} is not worse than live with {percent} confidence',
    'Then canary recall is not worse than live with 95% confidence',
    'A part of the traffic that a new version answers beside the rest.',
    'The traffic is never split between versions: no request is answered by a canary. Before a release, below `Given model challenger on test`: `recall is not worse than champion by more than 0.01 with 95% confidence`.',
  ),
]

/** `any column` stands where a column would. */
function anyColumn(scene: Scene, [drift, ...rest]: readonly PlacedText[]): readonly (PlacedText | undefined)[] {
  return [drift, derived('any column', scene.span), ...rest]
}
