import { quantityShape, unknownUnit } from '../../diagnostics/catalog/units.ts'
import type { Expr } from '../expr.ts'
import type { CallSyntax } from '../syntax.ts'
import { parseUnit } from '../units/unit.ts'
import { type Context, report } from './context.ts'
import { checkLiteral } from './literals.ts'
import { inUnit } from './units.ts'

/** `q(18, "year")`: a literal in a unit. */
export function checkQuantity(context: Context, node: CallSyntax): Expr | undefined {
  const [number, text] = node.args
  const literal = number === undefined ? 'none' : checkLiteral(context, number)
  if (literal === undefined) return undefined
  const numeric = literal !== 'none' && (literal.type.kind === 'int' || literal.type.kind === 'double')
  if (!numeric || text?.kind !== 'string' || node.args.length !== 2) return report(context, node, quantityShape, {})
  const unit = parseUnit(text.value)
  if ('problem' in unit) {
    const { problem, near } = unit
    return report(context, text, unknownUnit, { text: text.value, problem, near })
  }
  return inUnit(context, { ...literal, at: [node.start, node.end] }, unit)
}
