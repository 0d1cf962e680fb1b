import { resolveNames } from './check/names/resolve.ts'
import { lintRules } from './check/lint/index.ts'
import { withoutSuppressed } from './check/lint/suppress.ts'
import { withoutUnusedEchoes } from './check/lint/unused-echo.ts'
import { rules } from './check/rules/index.ts'
import { identify } from './clause/lower/identify.ts'
import { type Lowered, lower } from './clause/lower/lower.ts'
import type { Program } from './clause/program.ts'
import { type Diagnostic, hasErrors, type Result } from './diagnostics/diagnostic.ts'
import { despiteLacking, type Override, parseSpec, type Spec, unreadFeatures } from './language/index.ts'
import { byPlace, type SourceSet } from './source/source-file.ts'

/**
 * sources → Spec → Names → checked → Program; each line below is one stage, and each is pure and synchronous:
 *
 *     parse     language/      YAML text → Spec, with the place of every value
 *     resolve   check/names/   every name → column, model, relation
 *     check     check/rules/   the static rules, in their order
 *     lower     clause/lower/  expressions typed, macros and contracts expanded → clauses
 *     identify  clause/lower/  clauses → clauses with digests: the waist
 *
 * A later stage runs as long as it can still say something true, so that one run shows all independent mistakes.
 */
export function compile(sources: SourceSet, params: Readonly<Record<string, string>> = {}): Result<Program> {
  const { diagnostics, value } = analyse(sources, params)
  return value === undefined ? { diagnostics } : { value: value.identify(), diagnostics }
}

/** A spec without mistakes: its clauses, and the last stage of `compile` for who needs their digests. */
export interface Analysed {
  readonly clauses: Lowered['clauses']
  readonly identify: () => Program
  /** What took the place of what another file of the spec says. */
  readonly overrides: readonly Override[]
}

/** All stages that can find a mistake: what `plumb check` asks for. Digests are a seventh of the work, and find none. */
export function analyse(sources: SourceSet, params: Readonly<Record<string, string>> = {}): Result<Analysed> {
  return analyseParsed(sources, parseSpec(sources, params))
}

/** The stages after the first, for a spec to which the clauses of its features were added (`withFeatures`). */
export function analyseParsed(sources: SourceSet, read: Result<Spec>): Result<Analysed> {
  const parsed = unreadFeatures(read)
  const spec = parsed.value
  if (spec === undefined) return { diagnostics: parsed.diagnostics }
  const { value: names, diagnostics: unresolved } = resolveNames(spec)
  const checked: Diagnostic[] = []
  for (const rule of [...rules, ...lintRules]) rule.run(spec, names, (d) => void checked.push(d))
  const { value: lowered, diagnostics: mistyped } = lower(sources, spec, names)
  const order = byPlace(sources)
  const found = withoutUnusedEchoes([
    ...parsed.diagnostics,
    ...despiteLacking(spec, [...unresolved, ...checked, ...mistyped]),
  ])
  const diagnostics = withoutSuppressed(spec.suppressions, found).toSorted((a, b) => order(a.span, b.span))
  if (lowered === undefined || hasErrors(diagnostics)) return { diagnostics }
  const identified = (): Program => identify(spec, names, lowered)
  return { value: { clauses: lowered.clauses, identify: identified, overrides: spec.overrides }, diagnostics }
}
