import type { PickleStepType } from '@cucumber/messages'
import type { Span } from '@plumbline/core'
import type { PlacedText } from '../text/placed-text.ts'

/** A tag with its place, and whether it stands at the scenario (or its examples) or above it. */
export interface Tag {
  /** With its `@`. */
  readonly name: string
  readonly span: Span
  readonly own: boolean
}

/** A step, with what fills the gaps of an outline filled in. */
export interface Step {
  /** The id of the pickle's step. */
  readonly id: string
  readonly type: PickleStepType
  readonly text: PlacedText
  readonly table?: readonly (readonly PlacedText[])[]
  readonly docString?: PlacedText
  /** Gaps `<name>` of an outline for which the examples have no column. */
  readonly open?: readonly OpenGap[]
}

/** A gap that nothing fills. */
export interface OpenGap {
  /** Its name, where it stands. */
  readonly name: PlacedText
  /** The columns that the examples have. */
  readonly columns: readonly string[]
}

/** A scenario, or one row of examples of an outline. */
export interface Scenario {
  /** The id of the pickle. */
  readonly id: string
  readonly name: string
  readonly nameSpan: Span
  readonly span: Span
  /** Its lines, without what indents them. */
  readonly description: readonly PlacedText[]
  readonly tags: readonly Tag[]
  readonly steps: readonly Step[]
  /** The row of examples it was made from: its cells, in order, and whether the name of the scenario has them. */
  readonly example?: readonly { readonly value: string; readonly inName: boolean }[]
}
