import type { Span } from '../source/span.ts'

/** `error` stops the compilation; `warning` and `info` never do. */
export type Severity = 'error' | 'warning' | 'info'

/** A second place that takes part in a finding, with what it has to do with it. */
export interface Related {
  readonly message: string
  readonly span: Span
}

/** One finding about a spec: what is wrong, why that matters, and what to do, at a place. */
export interface Diagnostic {
  /** A path such as `check/unknown-column`; it also names the rule file, its page and its corpus folder. */
  readonly code: string
  readonly severity: Severity
  /** What is wrong. */
  readonly message: string
  /** Why it is wrong, or what would happen otherwise. */
  readonly why: string
  /** What to do; absent only where nothing sensible can be proposed. */
  readonly fix?: string
  readonly span: Span
  readonly related: readonly Related[]
  /** What it is about, for who would suppress it: id of a clause, `dataset.column`, requirement, hazard. */
  readonly subject?: string
  /** The name written at the place and the one that was meant, where one is near: what `check --fix` replaces. */
  readonly replacement?: { readonly wrong: string; readonly right: string }
  /** An entry that a map lacks: what `check --fix` adds. The place runs from the end of the map's key to its own end. */
  readonly addition?: { readonly to: Span; readonly entry: string }
  /** An item of a list that says nothing any more: what `check --fix` takes out. */
  readonly removal?: Span
}

/** A value with the findings made on the way; `value` is absent exactly when a finding is an error that stopped it. */
export interface Result<T> {
  readonly value?: T
  readonly diagnostics: readonly Diagnostic[]
}

/** True when any finding is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error')
}
