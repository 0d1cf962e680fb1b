import { argumentCount, noLabels, notACell } from '../../diagnostics/catalog/expr.ts'
import type { Expr } from '../expr.ts'
import { printSyntax } from '../print/syntax.ts'
import type { CallSyntax } from '../syntax.ts'
import { BOOL, STRING } from '../type.ts'
import { codeLiteral } from './category.ts'
import { checkHasKey } from './collections.ts'
import { at, type Context, report } from './context.ts'
import { isGeneral } from './general.ts'
import { known } from './inference.ts'
import { isCell } from './operators.ts'

/** `has(c)`: the cell is there. */
export function checkHas(context: Context, node: CallSyntax): Expr | undefined {
  const argument = node.args[0]
  if (argument === undefined || node.args.length !== 1) {
    return report(context, node, argumentCount, { name: 'has', expected: '1 argument', found: node.args.length })
  }
  if (argument.kind === 'member' && argument.operand.kind !== 'name') {
    const owner = context.check(argument.operand)
    if (owner === undefined) return undefined
    if (isGeneral(known(context.inference, owner.type))) return checkHasKey(context, node, argument, owner)
  }
  const operand = context.check(argument)
  if (operand === undefined) return undefined
  if (!isCell(operand)) return report(context, argument, notACell, { text: printSyntax(argument), how: '`has`' })
  return { node: 'is-missing', operand, negated: true, type: BOOL, at: at(node) }
}

/** `label(c)`: the declared label of a code. */
export function checkLabel(context: Context, node: CallSyntax): Expr | undefined {
  const argument = node.args[0]
  if (argument === undefined || node.args.length !== 1) {
    return report(context, node, argumentCount, { name: 'label', expected: '1 argument', found: node.args.length })
  }
  const operand = context.check(argument)
  if (operand === undefined) return undefined
  const column = context.scope.column(operand)
  const isCategory = column?.columnType === 'category'
  const entries = isCategory
    ? (column.values ?? []).flatMap((v) =>
        v.label === undefined ? [] : [{ key: codeLiteral(v.code, column), value: v.label }],
      )
    : []
  if (entries.length === 0) return report(context, argument, noLabels, { text: printSyntax(argument), isCategory })
  return { node: 'lookup', operand, entries, type: STRING, at: at(node) }
}
