import type { Result } from '../../diagnostics/diagnostic.ts'
import type { BinderEnvironment, PlainEnvironment, RowEnvironment } from '../environment.ts'
import type { Expr } from '../expr.ts'
import { parseExpression } from '../parse/parser.ts'
import type { ExprPlace, Syntax } from '../syntax.ts'
import { BOOL, type Type } from '../type.ts'
import { binderScope } from './binder-scope.ts'
import { checkWhole, createContext } from './expression.ts'
import { plainScope } from './plain-scope.ts'
import { rowScope } from './row-scope.ts'

/** Types an expression on one row; with `expected` (often `BOOL`) also its result. */
export function checkRow(syntax: Syntax, environment: RowEnvironment, place: ExprPlace, expected?: Type): Result<Expr> {
  const { relation, clauses } = environment
  return checkWhole(
    createContext(place, rowScope(relation, clauses === undefined ? {} : { clauses })),
    syntax,
    expected,
  )
}

/** Types an expression of `assume`, `let` or `holds`. */
export function checkBinder(
  syntax: Syntax,
  environment: BinderEnvironment,
  place: ExprPlace,
  expected?: Type,
): Result<Expr> {
  return checkWhole(createContext(place, binderScope(environment)), syntax, expected)
}

/** Types an expression without columns: CEL as it stands. */
export function checkPlain(
  syntax: Syntax,
  environment: PlainEnvironment,
  place: ExprPlace,
  expected?: Type,
): Result<Expr> {
  return checkWhole(createContext(place, plainScope(environment)), syntax, expected)
}

/** Text → typed expression without columns. */
export function readPlain(
  text: string,
  environment: PlainEnvironment,
  place: ExprPlace,
  expected?: Type,
): Result<Expr> {
  const parsed = parseExpression(text, place)
  return parsed.value === undefined
    ? { diagnostics: parsed.diagnostics }
    : checkPlain(parsed.value, environment, place, expected)
}

/** Text → typed condition on one row. */
export function readRow(
  text: string,
  environment: RowEnvironment,
  place: ExprPlace,
  expected: Type = BOOL,
): Result<Expr> {
  const parsed = parseExpression(text, place)
  return parsed.value === undefined
    ? { diagnostics: parsed.diagnostics }
    : checkRow(parsed.value, environment, place, expected)
}

/** Text → typed expression over bound variables. */
export function readBinder(
  text: string,
  environment: BinderEnvironment,
  place: ExprPlace,
  expected?: Type,
): Result<Expr> {
  const parsed = parseExpression(text, place)
  return parsed.value === undefined
    ? { diagnostics: parsed.diagnostics }
    : checkBinder(parsed.value, environment, place, expected)
}
