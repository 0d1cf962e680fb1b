import { diagnosticCatalog } from '../../diagnostics/catalog/index.ts'
import { emptySlice, redundantClause, undecidedQuestions, vacuousClause } from '../../diagnostics/catalog/deep.ts'
import { deadSuppression, unknownSuppression } from '../../diagnostics/catalog/lint.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import type { Suppression } from '../../language/spec.ts'

/** Findings that are made only when data or a solver are at hand: not to find one now means nothing. */
const PROVED: ReadonlySet<string> = new Set(
  [redundantClause, vacuousClause, emptySlice, undecidedQuestions].map(({ code }) => code),
)
const isLater = (code: string): boolean => code.startsWith('power/') || PROVED.has(code)

const covers = ({ code, at }: Suppression, found: Diagnostic): boolean =>
  found.severity !== 'error' && code.value === found.code && (at === undefined || at.value === found.subject)

/**
 * The findings without those that are suppressed, and one for each suppression that suppresses nothing. Errors are never
 * left out; while there are some, rules may not have run, so no suppression is called dead.
 */
export function withoutSuppressed(
  suppressions: readonly Suppression[],
  found: readonly Diagnostic[],
): readonly Diagnostic[] {
  if (suppressions.length === 0) return found
  const catalog = diagnosticCatalog()
  const kept = found.filter((diagnostic) => !suppressions.some((each) => covers(each, diagnostic)))
  const unfinished = hasErrors(found)
  return [
    ...kept,
    ...suppressions.flatMap((suppression): readonly Diagnostic[] => {
      const { code, at } = suppression
      const kind = catalog.get(code.value)
      if (kind === undefined || kind.severity === 'error')
        return [
          diagnose(unknownSuppression, code.span, {
            name: code.value,
            near: kind === undefined ? nearestName(code.value, catalog.keys()) : undefined,
            severity: kind?.severity,
          }),
        ]
      if (unfinished || isLater(code.value) || found.some((diagnostic) => covers(suppression, diagnostic))) return []
      const dead = diagnose(deadSuppression, suppression.span, { code: code.value, at: at?.value })
      return [{ ...dead, removal: suppression.span }]
    }),
  ]
}

/** What was found later (with data, with a solver), without what is suppressed. */
export function withoutSuppressedLater(
  suppressions: readonly Suppression[],
  found: readonly Diagnostic[],
): readonly Diagnostic[] {
  return found.filter((diagnostic) => !suppressions.some((each) => covers(each, diagnostic)))
}
