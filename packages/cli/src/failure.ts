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

export const success = <T>(value: T): Outcome<T> => ({ ok: true, value })

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
