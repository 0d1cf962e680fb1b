import type { ReportInput } from '../input.ts'
import type { Readings, Version } from '../reading/versions.ts'

/** One version of a model, and all that may be said of it. */
export interface CardSubject {
  readonly input: ReportInput
  readonly readings: Readings
  /** `undefined` where no version was tested. */
  readonly version: Version | undefined
}

/** Said where the spec has nothing; a card never fills a gap by itself. */
export const NOT_STATED = '_not stated in the spec_'
