import {
  type ColumnSource,
  type Dataset,
  diagnose,
  type Diagnostic,
  type Located,
  type Model,
  type Span,
  type Spec,
} from '@plumbline/core'
import { type PlacedText, templateAt } from '../text/placed-text.ts'

/** What a scenario has said that it is about. */
export interface Subject {
  /** A data relation, `requests`, or the rows of a model. */
  readonly relation?: Located<string>
  readonly model?: Located<string>
  /** The rows metrics are asked of. */
  readonly rows?: Located<string>
  /** A step above named something that is not there: what follows is not blamed for it. */
  readonly failed?: true
}

/** What a step sees while it is read. */
export interface Scene {
  readonly spec: Spec
  readonly subject: Subject
  /** The place of the step. */
  readonly span: Span
  readonly about: (subject: Subject) => void
  readonly report: (diagnostic: Diagnostic) => void
  /** Texts and tables below the step. */
  readonly below: readonly PlacedText[]
}

/** Reports, and gives the nothing that a step with a mistake comes to. */
export function refuse<P>(scene: Scene, kind: Parameters<typeof diagnose<P>>[0], span: Span, parameters: P): undefined {
  scene.report(diagnose(kind, span, parameters))
}

/** The tag for expressions of a step. */
export const cel = (scene: Scene): ReturnType<typeof templateAt> => templateAt(scene.span)

/** A name as written in a step, without its quotes. */
export function nameOf({ text, span }: PlacedText): Located<string> {
  const value = /^".*"$/s.test(text) ? text.slice(1, -1).replaceAll(/\\(.)/gs, '$1') : text
  return { value, span }
}

/** A model of the spec with what `like` copies; undefined for a role the spec does not write down. */
export function modelOf(spec: Spec, name: string): Model | undefined {
  const own = spec.models.get(name === 'challenger' && !spec.models.has(name) ? 'champion' : name)
  const like = own?.like === undefined ? undefined : spec.models.get(own.like.value)
  if (own === undefined || like === undefined || like === own) return own
  return { ...like, ...own, outputs: own.outputs.size > 0 ? own.outputs : like.outputs }
}

/** The output that is a model's prediction: as for metrics its first number; of several classes, and where there is none, the first. */
export function predictionOf(model: Model | undefined): string | undefined {
  const outputs = [...(model?.outputs.values() ?? [])]
  const number =
    model?.task?.value === 'multiclass-classification' ? undefined : outputs.find(({ type }) => type.value === 'number')
  return (number ?? outputs[0])?.name
}

/** The dataset whose columns a relation has: itself, or what its model reads; the part before a split otherwise. */
export function datasetOf(spec: Spec, relation: string): Dataset | undefined {
  const [first = '', second = ''] = relation.split('.')
  if (spec.data.has(first)) return spec.data.get(first)
  const model = modelOf(spec, relation === 'requests' ? 'champion' : first)
  return spec.data.get(spec.data.has(second) ? second : (model?.input?.from.value ?? ''))
}

/** A column of a relation, or an output of its model; undefined where it has none of that name. */
export function columnOf(spec: Spec, relation: string, name: string): ColumnSource | undefined {
  return datasetOf(spec, relation)?.columns.get(name)
}
