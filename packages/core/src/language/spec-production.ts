import type { ClauseSeverity } from '../clause/clause.ts'
import type { Located, Span } from '../source/span.ts'
import type { Micros, Rate } from './literals.ts'

/** Windows of production traffic. */
export interface Monitor {
  readonly span: Span
  readonly windows: readonly Located<Micros>[]
  readonly lateness?: Located<Micros>
  readonly minRows?: Located<number>
  readonly labels?: LabelsSource
  readonly alerts: readonly AlertSource[]
}

/** Labels that arrive after the answers they judge. */
export interface LabelsSource {
  readonly span: Span
  readonly source: Located<string>
  readonly join: readonly Located<string>[]
  readonly within: Located<Micros>
  readonly minShare?: Located<string>
}

/** Somebody who is told. `${NAME}` in the address is kept as written. */
export interface AlertSource {
  readonly span: Span
  readonly kind: 'webhook' | 'alertmanager' | 'stdout'
  readonly url?: Located<string>
  readonly severity?: Located<ClauseSeverity>
  readonly when?: readonly Located<string>[]
}

/** What asks for a challenger. */
export type RetrainTrigger =
  | { readonly kind: 'clause'; readonly name: Located<string> }
  | { readonly kind: 'new-data'; readonly span: Span }
  | { readonly kind: 'schedule'; readonly every: Located<Micros> }

/** When and how a challenger is trained. */
export interface Retrain {
  readonly span: Span
  readonly when: readonly RetrainTrigger[]
  readonly cooldown?: Located<Micros>
  readonly budget?: Located<Rate>
  readonly stages?: readonly Located<string>[]
  readonly candidate?: Located<string>
  readonly window?: Located<string>
}

/** What an environment asks of a version, and what takes it out again. */
export interface Environment {
  readonly span: Span
  readonly requires?: readonly Located<'data' | 'model' | 'release'>[]
  readonly rollback: readonly Located<string>[]
}

/** The environments of a release. */
export interface Release {
  readonly span: Span
  readonly staging?: Environment
  readonly production?: Environment
}
