import type { Expr } from '../expr/expr.ts'

/** What a target answers for a function that it cannot express: the reason, as a sentence for people. */
export interface Unsupported {
  readonly kind: 'unsupported'
  readonly reason: string
}

/** An honest "no" in a target's table. */
export const unsupported = (reason: string): Unsupported => ({ kind: 'unsupported', reason })

/** Whether a target can compile an expression; if not, why, and the first place in the text that it cannot. */
export type Support =
  | { readonly supported: true }
  | { readonly supported: false; readonly reason: string; readonly at: readonly [number, number] | undefined }

/** The nodes that mean something in row scope, which is all that SQL and JavaScript targets compile. */
export type RowNode = Extract<
  Expr,
  {
    node: 'literal' | 'column' | 'call' | 'and' | 'or' | 'conditional' | 'is-missing' | 'in-list' | 'lookup' | 'matches'
  }
>

/** Thrown where `check` should have refused an expression: our bug, never the user's mistake. */
export function refuse(expr: Expr): never {
  throw new Error(`A ${expr.node} reached a target that cannot compile it; the static check must refuse it before.`)
}
