import type { Expr } from '../expr/expr.ts'

/** What a target answers for a function that it cannot express: the reason, as a sentence for people. */
export interface Unsupported {
  readonly kind: 'unsupported'
  readonly reason: string
}

/** An honest "no" in a target's table. */
export const unsupported = (reason: string): Unsupported => ({ kind: 'unsupported', reason })

/** The same "no" for every row of a family. */
export function allUnsupported<T extends object>(rows: T, reason: string): { readonly [K in keyof T]: Unsupported } {
  const entry = unsupported(reason)
  return Object.fromEntries(Object.keys(rows).map((name) => [name, entry])) as { readonly [K in keyof T]: Unsupported }
}

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

/** Why no target compiles a node that `expand` has left; undefined for those that each may. */
export function beyondTargets(expr: Expr): string | undefined {
  switch (expr.node) {
    case 'comprehension':
      return 'a comprehension is compiled only where it decides (all, exists, exists_one) over a list column or one written out as [a, b]'
    case 'list':
    case 'map':
      return 'lists and maps are not compiled as values'
    case 'dispatch':
      return 'the type of a value in it is known only when it is evaluated'
    case 'optional-map':
      return 'optionals are not compiled'
    case 'bind':
      return 'it is too large once its bindings and comprehensions are written out'
    case 'literal':
      return expr.type.kind === 'uint' || expr.type.kind === 'bytes' || expr.type.kind === 'type'
        ? 'unsigned integers, octets and types are not compiled'
        : undefined
    default:
      return undefined
  }
}

/** Thrown where `check` should have refused an expression: our bug, never the user's mistake. */
export function refuse(expr: Expr): never {
  throw new Error(`A ${expr.node} reached a target that cannot compile it; the static check must refuse it before.`)
}
