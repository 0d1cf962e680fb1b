import type { Expr } from '../expr.ts'
import { printSyntax } from '../print/syntax.ts'
import type { BinarySyntax, Syntax } from '../syntax.ts'
import { nearestTimeText } from '../time.ts'
import { codesOf, isCategory } from './category.ts'
import type { Context } from './context.ts'
import { isIntLiteral } from './overloads.ts'

/** What to write instead of a comparison of values of two kinds; undefined where nothing is near. */
export function comparisonFix(context: Context, node: BinarySyntax, left: Expr, right: Expr): string | undefined {
  for (const [side, syntax, other] of [
    [left, node.left, right],
    [right, node.right, left],
  ] as const) {
    const text = printSyntax(syntax)
    const isTruth = other.node === 'literal' && /^(true|false|yes|no|0|1)$/i.test(String(other.value))
    if (side.type.kind === 'bool' && (isIntLiteral(other) || isTruth)) return `Write \`${text}\` or \`!${text}\`.`
    if (other.node === 'literal' && other.type.kind === 'string') {
      const value = context.scope.column(side)?.values?.find((v) => v.label === other.value)
      if (value !== undefined)
        return `Write \`${text} ${node.op} ${value.code}\` or \`label(${text}) ${node.op} "${value.label}"\`.`
      const { kind } = side.type
      if (kind === 'timestamp' || kind === 'duration') {
        const meant = nearestTimeText(kind, String(other.value))
        return meant === undefined ? `Write ${kind}("…") around the text.` : `Write ${kind}("${meant}").`
      }
      if (side.type.kind === 'int' || side.type.kind === 'double')
        return withoutQuotes(side === left ? node.right : node.left)
    }
    const codes = other.node === 'literal' && isCategory(side.type) ? codesOf(context, side) : undefined
    if (codes !== undefined && codes.length > 0) return `Its declared values: ${codes.slice(0, 8).join(', ')}.`
    if (side.type.kind === 'duration' && isNumber(other)) return 'Write a duration, such as duration("72h").'
    if (side.type.kind === 'timestamp' && isNumber(other)) {
      const date = nearestTimeText('timestamp', dateText(syntax === node.left ? node.right : node.left))
      return date === undefined
        ? 'Write an instant, such as timestamp("2024-01-31T00:00:00Z").'
        : `Write timestamp("${date}"): without quotes it is a subtraction.`
    }
    if (side.type.kind === 'string' && isNumber(other))
      return other.node === 'literal'
        ? `Write the number as a text, "${other.value}", or compare size(${text}).`
        : `Convert the number with string(…).`
    if (side.type.kind === 'record') return `Compare fields, such as \`${text}.…\`.`
  }
  return undefined
}

function withoutQuotes(text: Syntax): string {
  const param = 'param' in text ? text.param : undefined
  return param === undefined ? 'Write the number without quotes.' : `Declare the parameter \`${param}\` as a number.`
}

const isNumber = ({ type }: Expr): boolean => type.kind === 'int' || type.kind === 'double'

/** `2024-01-31`, which reads as two subtractions, as a text. */
function dateText(node: Syntax): string {
  if (node.kind === 'int') return String(node.value)
  return node.kind === 'binary' && node.op === '-' ? `${dateText(node.left)}-${dateText(node.right)}` : ''
}
