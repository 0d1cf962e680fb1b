import {
  type AggregateName,
  aggregates,
  type ClauseBody,
  columnText,
  featureDiagnostics as catalog,
  type Located,
  type MissingPolicy,
  nearestWord,
  parseDecimal,
} from '@plumbline/core'
import { derived, type PlacedText } from '../../text/placed-text.ts'
import { METRIC_WORDS } from '../metric-words.ts'
import { nameOf, refuse, type Scene } from '../scene.ts'
import type { ClauseParts, Stated } from '../step-pattern.ts'

/** A statement with a clause of its own. */
export function clause(of: Located<string>, body: ClauseBody, more: Partial<ClauseParts> = {}): Stated {
  return { kind: 'clause', parts: { of: [of], body, ...more } }
}

/** A condition on every row. */
export function every(
  scene: Scene,
  of: Located<string>,
  condition: PlacedText,
  missing?: MissingPolicy,
  more: Partial<ClauseParts> = {},
): Stated {
  const policy = missing === undefined ? {} : { missing: { value: missing, span: scene.span } }
  return clause(of, { form: 'every', condition }, { ...policy, ...more })
}

/** A condition on the rows as a whole. */
export function must(of: Located<string>, condition: PlacedText, more: Partial<ClauseParts> = {}): Stated {
  return clause(of, { form: 'must', condition }, more)
}

/** A column as an expression: its name, or `row["…"]`. */
export function columnCel(written: PlacedText): PlacedText {
  const text = columnText(nameOf(written).value)
  return text === written.text ? written : derived(text, written.span)
}

/** A metric of a model. */
export interface Metric {
  readonly name: AggregateName
  readonly better: 'higher' | 'lower' | undefined
  readonly written: PlacedText
  /** As a call, such as `recall()` or `lift(0.1)`; with the name of a model `roc_auc(champion)`, `lift(0.1, champion)`. */
  readonly call: (model?: PlacedText) => PlacedText
}

const METRICS: ReadonlyMap<string, AggregateName> = new Map(
  (Object.keys(aggregates) as readonly AggregateName[]).flatMap((name) => {
    const { needs } = aggregates[name] as { readonly needs?: string }
    return needs !== undefined && needs !== 'timing' ? [[name, name] as const] : []
  }),
)

/** The names of the metrics of models, as the language writes them. */
export const metricNames: readonly string[] = [...METRICS.keys()]

const plainly = (words: string): string => words.toLowerCase().replaceAll(/[\s-]+/g, '_')

/** Words of the field, written like names. */
const WORDS: ReadonlyMap<string, AggregateName> = new Map(
  Object.entries(METRIC_WORDS).flatMap(([name, words]) => {
    const metric = METRICS.get(name)
    return metric === undefined ? [] : words.map((word) => [plainly(word), metric] as const)
  }),
)

/** Whether a text is the name of a metric, or nearly. */
export function namesMetric(written: string): boolean {
  const plain = plainly(written.replace(/\(.*$/s, '').trim())
  return METRICS.has(plain) || WORDS.has(plain) || nearestWord(plain, METRICS.keys()) !== undefined
}

/** `ROC AUC`, `roc_auc`, `sensitivity`, `lift(0.1)` → the metric; reported with the nearest where there is none. */
export function metricOf(scene: Scene, written: PlacedText): Metric | undefined {
  const [, words = '', given = ''] = /^([^(]*)(?:\((.*)\))?$/s.exec(written.text) ?? []
  const plain = plainly(words.trim())
  const name = METRICS.get(plain) ?? WORDS.get(plain)
  if (name === undefined) {
    const near = nearestWord(plain, METRICS.keys())
    return refuse(scene, catalog.unknownMetric, written.span, { name: words.trim(), near, known: metricNames })
  }
  const { better } = aggregates[name] as { readonly better?: 'higher' | 'lower' }
  // What the arguments have to be is the type-checker's to say, at this place.
  const own = given.split(',').map((each) => each.trim())
  const call = (model?: PlacedText): PlacedText => {
    const all = [...own.map(asNumber), model?.text ?? ''].filter((text) => text !== '')
    return derived(`${name}(${all.join(', ')})`, model?.span ?? written.span)
  }
  return { name, better, written, call }
}

/** `5%` → `0.05`, as everywhere in a step. */
const asNumber = (text: string): string => (text.endsWith('%') ? (parseDecimal(text)?.text ?? text) : text)

/** The names of the distances between two samples. */
export const distanceNames: readonly string[] = Object.entries(aggregates).flatMap(([name, row]) => {
  const { args, speaksOf } = row as { readonly args: readonly string[]; readonly speaksOf: string }
  return args.join() === 'column,relation' && speaksOf === 'population' ? [name] : []
})

/** Refuses a metric of which nobody can say whether more is better. */
export function directed(scene: Scene, metric: Metric): 'higher' | 'lower' | undefined {
  if (metric.better !== undefined) return metric.better
  const expects = 'a metric of which more, or less, is better'
  return refuse(scene, catalog.badArgument, metric.written.span, { text: metric.written.text, expects })
}
