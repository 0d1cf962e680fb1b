import { resolveNames } from './check/names/resolve.ts'
import { rules } from './check/rules/index.ts'
import { lower } from './clause/lower/lower.ts'
import type { Program } from './clause/program.ts'
import { type Diagnostic, hasErrors, type Result } from './diagnostics/diagnostic.ts'
import { parseSpec } from './language/index.ts'
import type { SourceSet } from './source/source-file.ts'

/**
 * sources → Spec → Names → checked → Program; each line below is one stage, and each is pure and synchronous:
 *
 *     parse    language/      YAML text → Spec, with the place of every value
 *     resolve  check/names/   every name → column, model, relation
 *     check    check/rules/   the static rules, in their order
 *     lower    clause/lower/  expressions typed, macros and contracts expanded → clauses: the waist
 *
 * A later stage runs as long as it can still say something true, so that one run shows all independent mistakes.
 */
export function compile(sources: SourceSet, params: Readonly<Record<string, string>> = {}): Result<Program> {
  const parsed = parseSpec(sources, params)
  const spec = parsed.value
  if (spec === undefined) return { diagnostics: parsed.diagnostics }
  const resolved = resolveNames(spec)
  const checked: Diagnostic[] = []
  for (const rule of rules) rule.run(spec, resolved.value, (d) => void checked.push(d))
  const lowered = lower(sources, spec, resolved.value)
  const diagnostics = inOrder([...parsed.diagnostics, ...resolved.diagnostics, ...checked, ...lowered.diagnostics])
  return lowered.value === undefined || hasErrors(diagnostics) ? { diagnostics } : { value: lowered.value, diagnostics }
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted((a, b) => a.span.file.localeCompare(b.span.file) || a.span.start - b.span.start)
}
