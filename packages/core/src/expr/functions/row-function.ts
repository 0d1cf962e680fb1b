import type { Type } from '../type.ts'

/**
 * One overload of an operator or function of row scope. All are strict: an argument that is an error is the result.
 * The meaning in words is the definition; the reference evaluator implements it, and every target must agree.
 */
export interface RowFunction {
  /** How it is written: an operator, a global function `f(a)`, or a method `a.f(b)`. */
  readonly syntax: { readonly kind: 'operator' | 'global' | 'method'; readonly name: string }
  readonly args: readonly Type[]
  readonly result: Type
  /** Raised whenever the meaning changes; part of every clause digest that uses the function. */
  readonly version: number
  readonly doc: string
}

/** An operator. */
export const operator = (name: string, args: readonly Type[], result: Type, doc: string): RowFunction => ({
  syntax: { kind: 'operator', name },
  args,
  result,
  version: 1,
  doc,
})
/** A function `f(a)`. */
export const global = (name: string, args: readonly Type[], result: Type, doc: string): RowFunction => ({
  ...operator(name, args, result, doc),
  syntax: { kind: 'global', name },
})
/** A method `a.f(b)`. */
export const method = (name: string, args: readonly Type[], result: Type, doc: string): RowFunction => ({
  ...operator(name, args, result, doc),
  syntax: { kind: 'method', name },
})
