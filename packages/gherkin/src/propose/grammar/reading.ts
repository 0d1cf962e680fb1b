import type { Qualifiers } from './qualifiers.ts'

/** What a sentence says, in the words of the language. */
export type Asked =
  | { readonly form: 'every'; readonly of: string; readonly cel: string; readonly present: boolean }
  | { readonly form: 'must'; readonly of: string; readonly cel: string }
  | {
      readonly form: 'forall'
      readonly of: string
      readonly binders: Entries
      readonly lets: Entries
      readonly cel: string
    }
  | { readonly form: 'whenever'; readonly whenever: string; readonly cel: string; readonly within: number }
  | { readonly form: 'eventually'; readonly cel: string; readonly within: number }

/** Names with what they stand for, in order. */
export type Entries = readonly (readonly [name: string, cel: string])[]

/** A sentence read to its end. */
export interface SentenceReading {
  readonly asked: Asked
  /** What its clause is called, in parts. */
  readonly topic: readonly string[]
  readonly qualifiers: Qualifiers
  /** `should`: it warns. */
  readonly severity?: 'warn'
  /** What the sentence left to be assumed. */
  readonly assumed: readonly string[]
}
