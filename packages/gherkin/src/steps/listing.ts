import type { Spec } from '@plumbline/core'
import { macroSteps } from '../macros/macro-steps.ts'
import { stepLibrary } from './library/index.ts'
import { PARAMETERS } from './parameters.ts'
import { AREAS, type StepPattern } from './step-pattern.ts'
import { shown } from './tokens.ts'

/** A sentence of the library, as it is listed. */
export interface StepEntry {
  /** Its number among the patterns; absent for sentences beside them. */
  readonly number?: number
  readonly area: string
  /** With its gaps in braces. */
  readonly text: string
  /** Other ways to say it. */
  readonly also: readonly string[]
  readonly example: string
  readonly doc: string
  /** What stands below it. */
  readonly below?: 'table' | 'text'
  /** `with 99% confidence` and `on at least 500 rows` may follow. */
  readonly estimates: boolean
  /** Why it cannot be decided yet; absent where it can. */
  readonly notBuilt?: string
}

/** The sentences of the library, area by area; with a spec, its macros after them. */
export function listSteps(spec?: Spec): readonly StepEntry[] {
  const nobody = (): void => undefined
  const own =
    spec === undefined ? [] : macroSteps(spec, nobody).map((pattern) => entryOf(pattern, 'Macros of the spec'))
  return [...stepLibrary.map((pattern) => entryOf(pattern, AREAS[pattern.area])), ...own]
}

/** What fills the gaps, by their names. */
export function listGaps(): readonly { readonly name: string; readonly expects: string }[] {
  return Object.entries(PARAMETERS).map(([name, { expects }]) => ({ name, expects }))
}

function entryOf({ number, expressions, example, doc, below, meaning }: StepPattern, area: string): StepEntry {
  const [text = '', ...also] = expressions.map(shown)
  return {
    ...(number === undefined ? {} : { number }),
    area,
    text,
    also,
    example,
    doc,
    ...(below === undefined ? {} : { below }),
    estimates: meaning.kind === 'statement' && meaning.estimates === true,
    ...(meaning.kind === 'not-built' ? { notBuilt: meaning.reason } : {}),
  }
}
