import type { Evidence, GateDecision, Program, SourceSet } from '@plumbline/core'
import type { Features } from '@plumbline/gherkin'

/** A run of `plumb test`, as every reporter gets it. */
export interface TestResult {
  readonly program: Program
  /** One record per instance that was asked, in the order of the run. */
  readonly evidence: readonly Evidence[]
  /** As the user named it, relative to the project. */
  readonly specPath: string
  readonly sources?: SourceSet
  /** The features of the spec, and which of their steps is which clause. */
  readonly features?: Features
  /** Violations accepted by a baseline, by evidence id: shown, but of no effect on the exit code. */
  readonly baseline?: { readonly accepted: readonly string[] }
  /** What the gate says of this evidence, where it was asked. */
  readonly gate?: GateDecision
  /** What the exit code of the run says, in one sentence. */
  readonly exitMeaning: string
}

/** Renders a run as text. Pure: the same run gives the same text. */
export interface Reporter {
  readonly render: (result: TestResult) => string
}
