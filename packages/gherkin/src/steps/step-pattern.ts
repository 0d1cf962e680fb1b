import type { ClauseBody, ClauseSource, Located, MissingPolicy } from '@plumbline/core'
import type { PlacedText } from '../text/placed-text.ts'
import type { ParameterName } from './parameters.ts'
import type { Scene } from './scene.ts'

/** The areas of the library, in their order. */
export const AREAS = {
  subject: 'What a scenario is about (Given, When)',
  data: 'Data',
  splits: 'Splits and leakage',
  training: 'Training',
  metrics: 'Metrics',
  fairness: 'Fairness',
  robustness: 'Robustness',
  operation: 'Drift and operation',
} as const

/** The name of an area. */
export type Area = keyof typeof AREAS

/** What fills a gap. */
export interface Argument {
  readonly parameter: ParameterName
  readonly text: PlacedText
}

/** The parts of a clause that a step builds; id, words and tags are added by the scenario. */
export interface ClauseParts {
  readonly of: readonly Located<string>[]
  readonly body: ClauseBody
  readonly slices?: ClauseSource['slices']
  readonly mostly?: Located<string>
  readonly missing?: Located<MissingPolicy>
  readonly confidence?: Located<number | 'none'>
}

/** What a statement comes to: a clause of its own, or one that the spec has already (a contract, a built-in one). */
export type Stated =
  | { readonly kind: 'clause'; readonly parts: ClauseParts }
  | { readonly kind: 'existing'; readonly id: string }

/** A sentence of the library. */
export interface StepPattern {
  /** Its number in the list of patterns; absent for the few that only name a subject. */
  readonly number?: number
  readonly area: Area
  /** Cucumber expressions, the first of which is shown. */
  readonly expressions: readonly [string, ...string[]]
  readonly example: string
  /** What it asks, for people. */
  readonly doc: string
  /** Short words for the id of its clause. */
  readonly topic: string
  /** A table or a text may stand below it, as its last argument. */
  readonly below?: 'table' | 'text'
  /** It reads only what this says of the texts that fill its gaps; of a pattern with hardly a word of its own. */
  readonly reads?: (args: readonly string[]) => boolean
  readonly meaning: Meaning
}

/** What a sentence does: say what a scenario is about, make a clause, or say that it cannot yet. */
export type Meaning =
  | { readonly kind: 'subject'; readonly set: (scene: Scene, args: readonly PlacedText[]) => void }
  | {
      readonly kind: 'statement'
      /** It estimates: `with 99% confidence` and `on at least 500 rows` may follow. */
      readonly estimates?: boolean
      readonly state: (scene: Scene, args: readonly PlacedText[]) => Stated | undefined
    }
  | { readonly kind: 'not-built'; readonly statement: boolean; readonly reason: string }
