import { mistypedValue, undeclaredValue } from '../../diagnostics/catalog/expr.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import type { ColumnInfo } from '../environment.ts'
import type { Expr, Literal } from '../expr.ts'
import { doubleText, quoted } from '../print/text.ts'
import type { Range } from '../syntax.ts'
import type { Type } from '../type.ts'
import { type Context, report } from './context.ts'

/** The declared codes of a category column as they are written in CEL. */
export function codesOf(context: Context, expr: Expr): readonly string[] | undefined {
  return context.scope.column(expr)?.values?.map((v) => codeText(v.code))
}

/** True for codes of a category. */
export function isCategory(type: Type): boolean {
  return 'category' in type && type.category === true
}

/** A code as CEL. */
export function codeText(code: string | number | boolean): string {
  return typeof code === 'string' ? quoted(code) : String(code)
}

/**
 * Reports a `literal` that is no declared value of the category column `expr` (or label of one). False where it looks
 * like a mistyped one.
 */
export function checkDeclared(context: Context, expr: Expr, literal: Expr, range: Range): boolean {
  if (literal.node !== 'literal') return true
  if (expr.node === 'lookup') {
    const labels = expr.entries.map((entry) => entry.value)
    return accept(
      context,
      expr.operand.node === 'column' ? `label(${expr.operand.name})` : 'label',
      labels,
      literal,
      range,
    )
  }
  const column = context.scope.column(expr)
  if (column?.columnType !== 'category' || column.values === undefined) return true
  return accept(
    context,
    column.name,
    column.values.map((v) => v.code),
    literal,
    range,
  )
}

function accept(
  context: Context,
  column: string,
  declared: readonly (string | number | boolean)[],
  literal: Literal,
  range: Range,
): boolean {
  if (declared.some((code) => sameValue(code, literal))) return true
  const value = literalText(literal)
  const texts = declared.map(codeText)
  // A nearby number is no typing mistake, nor is another letter; a nearby text is.
  const isWord = literal.type.kind === 'string' && String(literal.value).length > 1
  const near = isWord ? nearestName(value, texts) : undefined
  if (near !== undefined) {
    report(context, range, mistypedValue, { column, value, near })
    return false
  }
  // A value that no row should have may still be asked about: data breaks its contracts.
  report(context, range, undeclaredValue, { column, value, declared: texts })
  return true
}

function sameValue(code: string | number | boolean, literal: Literal): boolean {
  if (typeof code === 'number') {
    return literal.type.kind === 'int' ? BigInt(literal.value as string) === safeBigInt(code) : literal.value === code
  }
  return code === literal.value
}

function safeBigInt(code: number): bigint | undefined {
  return Number.isInteger(code) ? BigInt(code) : undefined
}

function literalText(literal: Literal): string {
  if (literal.type.kind === 'string') return quoted(String(literal.value))
  return literal.type.kind === 'double' ? doubleText(Number(literal.value)) : String(literal.value)
}

/** The groups a column declares, as literals: the codes of a category, or false and true. Undefined where there are none. */
export function declaredGroups(column: ColumnInfo): readonly Literal[] | undefined {
  if (column.columnType === 'boolean')
    return [false, true].map((value) => ({ node: 'literal', type: { kind: 'bool' }, value }))
  if (column.columnType !== 'category') return undefined
  return column.values?.map((v) => codeLiteral(v.code, column))
}

/** A declared code as a literal of the column's kind, without the mark of a category (a literal has none). */
export function codeLiteral(code: string | number | boolean, column: ColumnInfo): Literal {
  if (column.type.kind === 'int') return { node: 'literal', type: { kind: 'int' }, value: String(code) }
  if (column.type.kind === 'bool') return { node: 'literal', type: { kind: 'bool' }, value: Boolean(code) }
  if (column.type.kind === 'double') return { node: 'literal', type: { kind: 'double' }, value: Number(code) }
  return { node: 'literal', type: { kind: 'string' }, value: String(code) }
}
