import type { Span } from '../source/span.ts'
import type { Diagnostic, Related, Severity } from './diagnostic.ts'

/** One kind of finding. Parameters are typed by the entry, so a message cannot be made without what it needs. */
export interface DiagnosticKind<P> {
  readonly code: string
  readonly severity: Severity
  readonly message: (parameters: P) => string
  readonly why: string | ((parameters: P) => string)
  /** What to do; may return undefined when no fix can be computed for these parameters. */
  readonly fix?: string | ((parameters: P) => string | undefined)
}

/** Declares a kind of finding; catalog files consist of calls of this. */
export function defineDiagnostic<P>(kind: DiagnosticKind<P>): DiagnosticKind<P> {
  return kind
}

/** Makes one finding of a kind at a place. */
export function diagnose<P>(
  kind: DiagnosticKind<P>,
  span: Span,
  parameters: P,
  related: readonly Related[] = [],
): Diagnostic {
  const fix = typeof kind.fix === 'function' ? kind.fix(parameters) : kind.fix
  return {
    code: kind.code,
    severity: kind.severity,
    message: kind.message(parameters),
    why: typeof kind.why === 'function' ? kind.why(parameters) : kind.why,
    ...(fix === undefined ? {} : { fix }),
    span,
    related,
    ...replacementOf(parameters),
  }
}

/** A kind that proposes the nearest known name has it among its parameters, as `near` or `nearest`, beside the one that is written. */
function replacementOf(parameters: unknown): Pick<Diagnostic, 'replacement'> {
  if (typeof parameters !== 'object' || parameters === null) return {}
  const { near, nearest, name, text, key } = parameters as Readonly<Record<string, unknown>>
  const [right, wrong] = [near ?? nearest, name ?? text ?? key]
  return typeof right === 'string' && typeof wrong === 'string' && right !== wrong
    ? { replacement: { wrong, right } }
    : {}
}
