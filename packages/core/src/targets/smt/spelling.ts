import type { Call } from '../../expr/expr.ts'
import type { Unsupported } from '../unsupported.ts'
import type { Encoded, Encoding } from './encoding.ts'
import type { Term } from './term.ts'

/** What a function makes of arguments that are no errors. */
export interface Made {
  readonly value: Term
  /** Where it is an error, of any code but `missing`; never, where it is absent. */
  readonly error?: Term
  readonly finite?: boolean
}

/** Writes one call. Its arguments are named terms, so that they may be used more than once. */
export type Write = (encoding: Encoding, args: readonly Encoded[], call: Call) => Made

/** How SMT-LIB says a function, and whether that is all that the function is. */
export interface SmtSpelling {
  readonly kind: 'exact' | 'loose'
  /** What is left open, as a sentence for people; empty for exact ones. */
  readonly reason: string
  readonly write: Write
}

/** SMT-LIB's half of the function table. */
export type SmtFunction = SmtSpelling | Unsupported

/** Exactly the function. */
export const exact = (write: Write): SmtSpelling => ({ kind: 'exact', reason: '', write })

/** More than the function: all that it is, and perhaps what it is not. */
export const loose = (reason: string, write: Write): SmtSpelling => ({ kind: 'loose', reason, write })
