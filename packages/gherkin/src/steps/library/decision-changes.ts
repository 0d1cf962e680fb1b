import { type ClauseBody, featureDiagnostics as catalog, quotedText } from '@plumbline/core'
import { derived, type PlacedText } from '../../text/placed-text.ts'
import { cel, modelOf, nameOf, predictionOf, refuse, type Scene } from '../scene.ts'
import type { Stated } from '../step-pattern.ts'
import { clause } from './clauses.ts'
import { subjectModel } from './subjects.ts'
import { type Bound, boundOf } from './values.ts'

/** The pair of inputs whose decisions are compared: `x` and what becomes of it, `y`. */
export interface ChangedInput extends Pick<Extract<ClauseBody, { form: 'forall' }>, 'binders' | 'let'> {
  /** The relation whose rows the share is of. */
  readonly over: string
}

/** The model that a step asks, and the dataset it reads. */
export interface AskedModel {
  readonly model: string
  readonly dataset: string
}

/** A cell of the bound input `x`. */
export const cellOf = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? `x.${name}` : `x[${quotedText(name)}]`)

/** The rows as they are, `x`, and with another value in one cell, `y`. */
export function changedCell(scene: Scene, column: PlacedText, value: PlacedText, rows: string): ChangedInput {
  const make = cel(scene)
  return {
    binders: new Map([['x', make`${rows}.rows`]]),
    let: new Map([['y', make`x.with({${derived(quotedText(nameOf(column).value), column.span)}: ${value}})`]]),
    over: rows,
  }
}

/** The rows of data that a step is asked of: those the scenario names, else the whole dataset. */
export function rowsAsked(scene: Scene, model: string, dataset: string): string {
  const asked = scene.subject.rows?.value ?? dataset
  return asked === model ? dataset : asked.replace(`${model}.`, `${dataset}.`)
}

/** For no row, or for few, is the answer another one: `in at most 2% of rows`. The decision, where the model makes one; else its prediction. */
export function rarelyChanged(
  scene: Scene,
  written: PlacedText,
  changed: (about: AskedModel & { readonly never: boolean }) => ChangedInput | undefined,
): Stated | undefined {
  const model = subjectModel(scene)
  const bound = boundOf(scene, written)
  const most = bound && upper(scene, bound)
  if (model === undefined || most === undefined) return undefined
  const declared = modelOf(scene.spec, model.value)
  const dataset = declared?.input?.from.value
  if (dataset === undefined)
    return refuse(scene, catalog.noSubject, scene.span, {
      what: 'dataset',
      fix: 'Give the model an `input` in the spec.',
    })
  const answer = declared?.decision === undefined ? (predictionOf(declared) ?? 'decision') : 'decision'
  const share = 1 - Number(most.value.text)
  const never = Number(most.value.text) === 0
  const input = changed({ model: model.value, dataset, never })
  if (input === undefined) return undefined
  const { binders, let: named, over } = input
  const body: ClauseBody = {
    form: 'forall',
    binders,
    let: named,
    holds: cel(scene)`${model.value}(x).${answer} == ${model.value}(y).${answer}`,
    ...(never ? {} : { over: { value: over, span: scene.span } }),
  }
  if (never) return clause(model, body)
  if (!(share > 0 && share <= 1)) {
    const expects = 'a share below 100%'
    return refuse(scene, catalog.badArgument, written.span, { text: written.text, expects })
  }
  return clause(model, body, { mostly: { value: complement(most.value.text), span: written.span } })
}

/** A bound that only says how much there may be at most. */
export function upper(
  scene: Scene,
  bound: Bound,
): { readonly operator: string; readonly value: PlacedText } | undefined {
  const [only, ...more] = bound.comparisons
  if (only !== undefined && more.length === 0 && ['<', '<='].includes(only.operator)) return only
  const expects = 'an upper bound, such as at most 5%'
  return refuse(scene, catalog.badArgument, bound.written.span, { text: bound.written.text, expects })
}

/** 1 − a decimal in (0, 1), exactly. */
function complement(decimal: string): string {
  const digits = decimal.split('.')[1] ?? ''
  const left = 10n ** BigInt(digits.length) - BigInt(digits === '' ? '0' : digits)
  return `0.${String(left).padStart(digits.length, '0')}`
}
