import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { DiagnosticKind } from '../../diagnostics/define.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { ColumnInfo } from '../environment.ts'
import type { Column, Expr, Field } from '../expr.ts'
import type { Inference } from './inference.ts'
import type { UnitTable } from './units.ts'
import type {
  CallSyntax,
  ExprPlace,
  IndexSyntax,
  MemberSyntax,
  MethodSyntax,
  NameSyntax,
  Range,
  Syntax,
} from '../syntax.ts'

/** The answer of a scope that leaves a call to the function table. */
export const UNHANDLED = 'unhandled'

/**
 * What differs between row, relation and binder scope. Each hook returns the typed node, or undefined after
 * reporting a finding; operators and the functions of the table are the same everywhere.
 */
export interface Scope {
  name(context: Context, node: NameSyntax): Expr | undefined
  member(context: Context, node: MemberSyntax): Expr | undefined
  index(context: Context, node: IndexSyntax): Expr | undefined
  call(context: Context, node: CallSyntax): Expr | undefined | typeof UNHANDLED
  method(context: Context, node: MethodSyntax): Expr | undefined | typeof UNHANDLED
  /** Names of the functions that only this scope has, for suggestions. */
  readonly functions: readonly string[]
  /** What is declared of a column, where a typed node is one. */
  column(expr: Expr): ColumnInfo | undefined
  /** CEL as it stands: no int literal becomes a double, `null` is a value, equality is of any two values. */
  readonly plain?: true
  /** Wrong names and types are left to the evaluation; only with `plain`. */
  readonly unchecked?: boolean
  /** Lists, maps and comprehensions have no place here. */
  readonly scalar?: true
  /** In the body of a comprehension or a binding. */
  readonly inner?: true
  /** The unit that is declared for a column or field, as written. */
  unit?(expr: Column | Field): string | undefined
  /** Whether a name is declared, so that no variable of a comprehension may have it. */
  declares?(name: string): boolean
  /** Whether a name is a variable of a comprehension or `cel.bind`. */
  isVariable?(name: string): boolean
  /** Whether a name is a column of lists. */
  isList?(name: string): boolean
}

/** One check in progress. `check` types a node and reports what is wrong with it. */
export interface Context {
  readonly place: ExprPlace
  readonly scope: Scope
  readonly diagnostics: Diagnostic[]
  /** What is known of types that are not written. */
  readonly inference: Inference
  /** What is known of units. */
  readonly units: UnitTable
  check(node: Syntax): Expr | undefined
  /** The same check in another scope. */
  within(scope: Scope): Context
}

/** Records a finding at a part of the expression; returns undefined, so that a check can end with it. */
export function report<P>(context: Context, at: Range, kind: DiagnosticKind<P>, parameters: P): undefined {
  context.diagnostics.push(diagnose(kind, context.place.span(at.start, at.end), parameters))
  return undefined
}

/** The offsets of a node, as the typed tree keeps them. */
export function at(node: Range): readonly [number, number] {
  return [node.start, node.end]
}

/** The name of a method with its opening place, for findings about the name itself. */
export function nameRange(node: MethodSyntax | MemberSyntax): Range {
  return { start: node.nameStart, end: node.nameStart + node.name.length }
}
