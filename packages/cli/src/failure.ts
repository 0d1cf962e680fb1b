import { EXIT, type ExitCode } from './exit-codes.ts'

/** An expected failure of a command: what, why, what to do. Never a stack trace. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly why: string
  readonly fix: string
  readonly exit: ExitCode
}

/** A value, or the failure that stopped it. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }

/** The outcome of a command that went well. */
export const success = <T>(value: T): Outcome<T> => ({ ok: true, value })

/** The outcome of a command that cannot go on; unless said otherwise the spec or the usage is wrong. */
export const failure = (
  code: string,
  message: string,
  why: string,
  fix: string,
  exit: ExitCode = EXIT.usage,
): { readonly ok: false; readonly failure: Failure } => ({
  ok: false,
  failure: { code, message, why, fix, exit },
})
