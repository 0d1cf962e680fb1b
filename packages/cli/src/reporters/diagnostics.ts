import {
  type Diagnostic,
  type Override,
  positionAt,
  renderDiagnostic,
  type SourceSet,
  type Span,
} from '@plumbline/core'
import type { CommandContext } from '../context.ts'
import { counted } from '../terminal/counted.ts'

/** Prints findings with their frames; nothing when there are none. */
export function showDiagnostics(context: CommandContext, diagnostics: readonly Diagnostic[], sources: SourceSet): void {
  for (const d of diagnostics) context.out(`${renderDiagnostic(d, sources, { color: context.style.color })}\n\n`)
  const errors = diagnostics.filter((d) => d.severity === 'error').length
  const warnings = diagnostics.filter((d) => d.severity === 'warning').length
  if (errors + warnings > 0) context.out(`${counted(errors, 'error')}, ${counted(warnings, 'warning')}\n`)
}

/** A finding as `check --json` gives it: paths relative to `-C`, lines and columns from 1, columns in code points. */
export function diagnosticJson(d: Diagnostic, sources: SourceSet): object {
  const { code, severity, message, why, fix, span, related } = d
  return {
    code,
    severity,
    message,
    why,
    ...(fix === undefined ? {} : { fix }),
    ...place(span, sources),
    related: related.map((r) => ({ message: r.message, ...place(r.span, sources) })),
  }
}

/** What of one file took the place of what of another, as `--json` gives it. */
export function overrideJson({ path, span, replaced }: Override, sources: SourceSet) {
  return { path, ...place(span, sources), replaced: place(replaced, sources) }
}

function place(span: Span, sources: SourceSet): { file: string; line: number; column: number } {
  const file = [sources.main, ...sources.others].find((f) => f.path === span.file)
  return { file: span.file, ...positionAt(file?.text ?? '', span.start) }
}
