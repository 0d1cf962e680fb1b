import { notEnforced } from '../diagnostics/catalog/language.ts'
import { diagnose } from '../diagnostics/define.ts'
import { type Diagnostic, hasErrors, type Result } from '../diagnostics/diagnostic.ts'
import type { JsonValue } from '../evidence/canonical-json.ts'
import type { SourceFile } from '../source/source-file.ts'
import type { ClauseSource, Spec } from './spec.ts'

/**
 * Adds the clauses that were read from a spec's features, with the findings of that reading. Where they have errors, the clauses
 * that could be read are looked at all the same, so that their mistakes are found in the same run; the spec is then known to
 * lack clauses.
 */
export function withFeatures(
  parsed: Result<Spec>,
  files: readonly SourceFile[],
  read: { readonly clauses: readonly ClauseSource[]; readonly diagnostics: readonly Diagnostic[] },
): Result<Spec> {
  const diagnostics = [...parsed.diagnostics, ...read.diagnostics]
  const { value: spec } = parsed
  if (spec === undefined) return { diagnostics }
  const clauses = new Map([...spec.clauses, ...read.clauses.map((clause) => [clause.name, clause] as const)])
  const texts = files.map(({ path, text }) => ({ path, text }))
  const content = (): JsonValue => ({ spec: spec.content(), features: texts })
  const lacking = hasErrors(read.diagnostics) ? { lacking: true as const } : {}
  return { value: { ...spec, clauses, features: { ...spec.features, read: true, ...lacking }, content }, diagnostics }
}

/** What is found in a spec that lacks clauses of its features: only what those clauses could not have changed. */
export function despiteLacking({ features }: Spec, found: readonly Diagnostic[]): readonly Diagnostic[] {
  if (features.lacking !== true) return found
  return found.filter(({ severity, message }) => severity === 'error' && !message.startsWith('There is no clause '))
}

/** A spec whose features nobody read asks less than its author wrote: that is said, and closes production. */
export function unreadFeatures(parsed: Result<Spec>): Result<Spec> {
  const { value: spec, diagnostics } = parsed
  const span = spec?.features.patterns[0]?.span
  if (spec === undefined || span === undefined || spec.features.read) return parsed
  const key = { key: 'features', closesProduction: true }
  return {
    value: { ...spec, unenforced: [...spec.unenforced, { ...key, span }] },
    diagnostics: [...diagnostics, diagnose(notEnforced, span, key)],
  }
}
