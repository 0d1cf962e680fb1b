import { notEnforced } from '../diagnostics/catalog/language.ts'
import { diagnose } from '../diagnostics/define.ts'
import { hasErrors, type Result } from '../diagnostics/diagnostic.ts'
import type { JsonValue } from '../evidence/canonical-json.ts'
import type { SourceFile } from '../source/source-file.ts'
import type { ClauseSource, Spec } from './spec.ts'

/**
 * Adds the clauses that were read from a spec's features, with the findings of that reading. Where they have errors there
 * is no value: who names a clause of a feature would be blamed falsely.
 */
export function withFeatures(
  parsed: Result<Spec>,
  files: readonly SourceFile[],
  read: Result<readonly ClauseSource[]>,
): Result<Spec> {
  const diagnostics = [...parsed.diagnostics, ...read.diagnostics]
  const { value: spec } = parsed
  if (spec === undefined || read.value === undefined || hasErrors(read.diagnostics)) return { diagnostics }
  const clauses = new Map([...spec.clauses, ...read.value.map((clause) => [clause.name, clause] as const)])
  const texts = files.map(({ path, text }) => ({ path, text }))
  const content = (): JsonValue => ({ spec: spec.content(), features: texts })
  return { value: { ...spec, clauses, features: { ...spec.features, read: true }, content }, diagnostics }
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
