import * as catalog from '../diagnostics/catalog/language.ts'
import { diagnose } from '../diagnostics/define.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'

/** Where findings go, up to a bound: a hostile file must not cost a suggestion for each of its 200 000 keys. */
export interface Findings {
  readonly report: (diagnostic: Diagnostic) => void
  /** True when no further finding will be kept; then nothing need be computed for one. */
  readonly saturated: () => boolean
  /** What was found, in the order of the file; a last one says when there was more. */
  readonly sorted: () => readonly Diagnostic[]
}

/** Findings of one run, at most `limit`. */
export function collectFindings(limit: number): Findings {
  const kept: Diagnostic[] = []
  let dropped: Diagnostic | undefined
  return {
    report: (diagnostic) => {
      if (kept.length < limit) kept.push(diagnostic)
      else dropped ??= diagnostic
    },
    saturated: () => dropped !== undefined,
    sorted: () => {
      const sorted = kept.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
      return dropped === undefined ? sorted : [...sorted, diagnose(catalog.tooManyFindings, dropped.span, { limit })]
    },
  }
}
