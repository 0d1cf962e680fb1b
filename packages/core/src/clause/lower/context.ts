import type { Names } from '../../check/names/names.ts'
import { notInSql } from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.ts'
import { checkRow, type ExprPlace, parseExpression } from '../../expr/index.ts'
import type { RelationInfo } from '../../expr/environment.ts'
import type { Expr } from '../../expr/expr.ts'
import { substitute } from '../../expr/substitute.ts'
import type { Syntax } from '../../expr/syntax.ts'
import { BOOL } from '../../expr/type.ts'
import type { Expression, Spec } from '../../language/spec.ts'
import { lineStarts, type Position, positionAt, type SourceSet } from '../../source/source-file.ts'
import type { Span } from '../../source/span.ts'
import { sqlSupport } from '../../targets/sql/engines.ts'

/** What every step of lowering needs: the spec, its names, a place for findings. */
export interface Context {
  readonly spec: Spec
  readonly names: Names
  readonly report: (d: Diagnostic) => void
  /** Line and column of the start of a span. */
  readonly position: (span: Span) => Position
  /** What was read without a finding: slices, and conditions of several relations, are met again and again. */
  readonly read: ReadSoFar
}

/** Expressions by the place they are written at: their trees, and their types on the rows of relations. */
export interface ReadSoFar {
  readonly syntax: Map<Expression, Syntax>
  readonly typed: Map<Expression, Map<RelationInfo, Expr>>
}

/** Nothing was read yet. */
export const nothingRead = (): ReadSoFar => ({ syntax: new Map(), typed: new Map() })

/** Positions in the files of a spec; where their lines start is found once. */
export function positionsIn(sources: SourceSet): Context['position'] {
  const starts = new Map<string, readonly number[]>()
  return (span) => {
    const text = [sources.main, ...sources.others].find((file) => file.path === span.file)?.text ?? ''
    let lines = starts.get(span.file)
    if (lines === undefined) starts.set(span.file, (lines = lineStarts(text)))
    return positionAt(text, span.start, lines)
  }
}

/** Keeps the findings of a step and gives its value. */
export function take<T>(context: Context, result: Result<T>): T | undefined {
  for (const d of result.diagnostics) context.report(d)
  return result.value
}

/** Where the parts of an expression stand in its file. */
export const placed = (expression: Expression): ExprPlace => ({ span: expression.place })

/** Parses an expression, with the values of parameters in their place; undefined when it has errors (they are reported). */
export function parsed(context: Context, expression: Expression): Syntax | undefined {
  const known = context.read.syntax.get(expression)
  if (known !== undefined) return known
  const written = take(context, parseExpression(expression.text, placed(expression)))
  if (written === undefined) return undefined
  const syntax = withParams(context, written)
  context.read.syntax.set(expression, syntax)
  return syntax
}

function withParams({ spec: { params } }: Context, syntax: Syntax): Syntax {
  if (params.size === 0) return syntax
  const values = [...params].map(([name, { value, unit }]) => {
    return [name, typeof value === 'number' && unit !== undefined ? { value, unit } : value] as const
  })
  return substitute(syntax, new Map(values))
}

/** Parses and types a condition of row scope; undefined when it has errors (they are reported). */
export function rowCondition(
  context: Context,
  expression: Expression,
  relation: RelationInfo,
  clauses?: ReadonlySet<string>,
): Expr | undefined {
  const known = clauses === undefined ? context.read.typed.get(expression)?.get(relation) : undefined
  if (known !== undefined) return known
  const syntax = parsed(context, expression)
  if (syntax === undefined) return undefined
  const environment = { scope: 'row', relation, ...(clauses === undefined ? {} : { clauses }) } as const
  const result = checkRow(syntax, environment, placed(expression), BOOL)
  const typed = take(context, result)
  // Verdicts are read by time clauses only, which no table decides.
  if (typed === undefined || clauses !== undefined) return typed
  if (!inSql(context, expression, typed, relation)) return undefined
  if (result.diagnostics.length === 0) remember(context, expression, relation, typed)
  return typed
}

function remember({ read }: Context, expression: Expression, relation: RelationInfo, typed: Expr): void {
  const on = read.typed.get(expression) ?? new Map<RelationInfo, Expr>()
  read.typed.set(expression, on.set(relation, typed))
}

/** Whether the engine that holds a relation's rows can ask an expression of them; reported where it cannot. */
export function inSql(context: Context, expression: Expression, typed: Expr, { engine, name }: RelationInfo): boolean {
  const support = sqlSupport[engine ?? 'duckdb'](typed)
  if (support.supported) return true
  const [start, end] = support.at ?? [0, expression.text.length]
  const { reason } = support
  context.report(
    diagnose(notInSql, expression.place(start, end), {
      reason: engine === undefined ? reason : `\`${name}\` is asked where its rows are: ${reason}`,
    }),
  )
  return false
}

/** File, line and column of a span, as clauses carry them. */
export function placeOf(context: Context, span: Span): { file: string; line: number; column: number } {
  const { line, column } = context.position(span)
  return { file: span.file, line, column }
}
