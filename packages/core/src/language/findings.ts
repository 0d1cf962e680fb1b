import * as catalog from '../diagnostics/catalog/language.ts'
import { diagnose } from '../diagnostics/define.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Span } from '../source/span.ts'

/** Where findings go, up to a bound: a hostile file must not cost a suggestion for each of its 200 000 keys. */
export interface Findings {
  readonly report: (diagnostic: Diagnostic) => void
  /** True when no further finding will be kept; then nothing need be computed for one. */
  readonly saturated: () => boolean
  /** What was found, in the order of the file; a last one says when there was more. */
  readonly sorted: () => readonly Diagnostic[]
}

/** Findings of one run, at most `limit`, sorted by `order`. */
export function collectFindings(limit: number, order: (a: Span, b: Span) => number = inFile): Findings {
  const kept: Diagnostic[] = []
  let dropped: Diagnostic | undefined
  return {
    report: (diagnostic) => {
      if (kept.length < limit) kept.push(diagnostic)
      else dropped ??= diagnostic
    },
    saturated: () => dropped !== undefined,
    sorted: () => {
      const sorted = kept.toSorted((a, b) => order(a.span, b.span))
      return dropped === undefined ? sorted : [...sorted, diagnose(catalog.tooManyFindings, dropped.span, { limit })]
    },
  }
}

function inFile(a: Span, b: Span): number {
  return a.start - b.start || a.end - b.end
}
