import { notACondition } from '../../../diagnostics/catalog/expr.ts'
import type { Expr } from '../../expr.ts'
import { printSyntax } from '../../print/syntax.ts'
import type { Range, Syntax } from '../../syntax.ts'
import { BOOL } from '../../type.ts'
import { at, type Context, report } from '../context.ts'
import { isRelation } from '../operators.ts'
import { renaming } from './arguments.ts'
import { overColumns } from './columns.ts'
import { checkMustComparison } from './comparison.ts'
import type { Binding, MustState } from './state.ts'

/** A tree of comparisons joined by `&& || !` and `all_over`. */
export function checkCondition(context: Context, state: MustState, binding: Binding, node: Syntax): Expr | undefined {
  const part = (inner: Syntax): Expr | undefined => checkCondition(context, state, binding, inner)
  const refuse = (problem: string, fix: string): undefined =>
    report(context, node, notACondition, { text: printSyntax(node, renaming(binding)), problem, fix })
  switch (node.kind) {
    case 'binary': {
      if (node.op === '&&' || node.op === '||') {
        const [left, right] = [part(node.left), part(node.right)]
        if (left === undefined || right === undefined) return undefined
        return { node: node.op === '&&' ? 'and' : 'or', args: [left, right], type: BOOL, at: at(node) }
      }
      if (isRelation(node.op)) return checkMustComparison(context, state, binding, node)
      if (node.op === 'in')
        return refuse('asks for membership, which has no margin', 'Write comparisons with == joined by ||, or bounds.')
      break
    }
    case 'unary': {
      if (node.op !== '!') break
      const operand = part(node.operand)
      return operand === undefined ? undefined : { node: 'call', fn: 'not', args: [operand], type: BOOL, at: at(node) }
    }
    case 'call': {
      if (node.name !== 'all_over') break
      const all = overColumns(context, state, binding, node, (inner, within, f) =>
        checkCondition(inner, state, within, f),
      )
      return all === undefined ? undefined : conjunction(all, node)
    }
    case 'conditional':
      return refuse('decides by a condition', 'Write `(a && b) || (!a && c)`, where each is a comparison.')
    case 'bool':
      return refuse('is no measurement', 'Compare an aggregate or a metric, such as `count() >= 1000`.')
  }
  const typed = context.check(node)
  if (typed === undefined) return undefined
  return refuse('is not a comparison', `Say what it must be, such as \`${printSyntax(node, renaming(binding))} >= …\`.`)
}

/** `and` of all parts, in order, as a balanced tree: a spec with 500 columns must not become 500 levels deep. */
function conjunction(parts: readonly Expr[], node: Range): Expr {
  const [first, second] = parts
  if (first !== undefined && second === undefined) return first
  const middle = Math.ceil(parts.length / 2)
  const args: readonly [Expr, Expr] = [
    conjunction(parts.slice(0, middle), node),
    conjunction(parts.slice(middle), node),
  ]
  return { node: 'and', args, type: BOOL, at: at(node) }
}
