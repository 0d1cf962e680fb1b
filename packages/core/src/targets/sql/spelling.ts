import type { Literal } from '../../expr/expr.ts'
import type { RowFunctionName } from '../../expr/functions/row-functions.ts'
import type { Unsupported } from '../unsupported.ts'
import { type Sql, sql } from './sql.ts'

/** An argument as a spelling sees it. */
export interface Operand {
  readonly sql: Sql
  /** Present where the argument is a literal, so that a comparison can be decided on exact numbers here. */
  readonly literal?: Literal
}

/** How a dialect says one function. */
export interface Spelling {
  readonly kind: 'spelling'
  /**
   * For doubles. `raw`: a non-finite operand that arithmetic made may come in, because it makes the result non-finite
   * too (or NULL). `checked`: such an operand has been replaced by NULL before.
   */
  readonly operands: 'raw' | 'checked' | readonly ('raw' | 'checked')[]
  /** `raw`: the result may be non-finite, which is an error; whoever uses it checks. */
  readonly result: 'raw' | 'checked'
  /** It mentions an argument more than once, so that a large one should be bound first. */
  readonly repeats: boolean
  /** A function of one argument is given it twice. */
  readonly write: (a: Operand, b: Operand, c?: Operand) => Sql
}

/** A dialect's half of the function table: total, so that a new function does not type-check until it is answered. */
export type Spellings = Readonly<Record<RowFunctionName, Spelling | Unsupported>>

type Write = Spelling['write']

/** Mentions each argument once; operands and result are values or NULL. */
export const simple = (write: Write): Spelling => ({
  kind: 'spelling',
  operands: 'checked',
  result: 'checked',
  repeats: false,
  write,
})
/** As `simple`, but mentions an argument more than once. */
export const repeating = (write: Write): Spelling => ({ ...simple(write), repeats: true })
/** Float arithmetic that keeps a non-finite operand non-finite, so that one check at its end is enough. */
export const float = (write: Write): Spelling => ({ ...simple(write), operands: 'raw', result: 'raw' })
/** A function of one argument that it mentions once. */
export const unary = (write: (a: Sql) => Sql): Spelling => simple((a) => write(a.sql))
/** A function of two arguments that it mentions once each. */
export const binary = (write: (a: Sql, b: Sql) => Sql): Spelling => simple((a, b) => write(a.sql, b.sql))
/** A function of one or two arguments that it mentions more than once. */
export const guarded = (write: (a: Sql, b: Sql) => Sql): Spelling => repeating((a, b) => write(a.sql, b.sql))
/** Float arithmetic that keeps a non-finite operand non-finite, or makes it NULL. */
export const raw = (spelling: Spelling): Spelling => ({ ...spelling, operands: 'raw', result: 'raw' })
/** The greater and the lesser of two numbers. */
export const extremes = (greatest: Spelling, least: Spelling) => ({
  greatest_int: greatest,
  greatest_double: greatest,
  least_int: least,
  least_double: least,
})
/** `greatest` or `least`, where the built-in skips NULL, which here is an error. */
export const pickUnlessNull = (name: Sql): Spelling =>
  guarded((a, b) => sql`(CASE WHEN ${a} IS NOT NULL AND ${b} IS NOT NULL THEN ${name}(${a}, ${b}) END)`)

/** The letters whose case the language knows: those of ASCII. */
export const LETTERS = { upper: sql`'ABCDEFGHIJKLMNOPQRSTUVWXYZ'`, lower: sql`'abcdefghijklmnopqrstuvwxyz'` }
