import type { Diagnostic } from '../../diagnostics/diagnostic.ts'

/** Findings without those that a name is unused where another finding says that it was meant: one mistake, said once. */
export function withoutUnusedEchoes(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const meant = new Set(found.flatMap(({ replacement }) => replacement?.right ?? []))
  return meant.size === 0
    ? found
    : found.filter(
        ({ code, subject }) => !(code.startsWith('lint/unused-') && subject !== undefined && meant.has(subject)),
      )
}
