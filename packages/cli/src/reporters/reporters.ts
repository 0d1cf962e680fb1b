import type { Evidence, Program } from '@plumbline/core'
import type { Style } from '../terminal/style.ts'
import { jsonReporter } from './json.ts'

/** What a run of `plumb test` came to. */
export interface TestResult {
  readonly program: Program
  readonly evidence: readonly Evidence[]
  /** Relative to the project. */
  readonly specPath: string
  /** Ids of violated evidence that a baseline accepts; they change the exit code only. */
  readonly accepted: ReadonlySet<string>
}

/** How text is shown. */
export interface RenderOptions {
  readonly style: Style
  /** Columns of the terminal. */
  readonly width: number
}

/** Renders a result; decides nothing. */
export interface Reporter {
  readonly render: (result: TestResult, options: RenderOptions) => string
}

/** The reporters by name. */
export const REPORTERS = { terminal: jsonReporter, json: jsonReporter } as const satisfies Record<string, Reporter>
