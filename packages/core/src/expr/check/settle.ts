import type { Expr } from '../expr.ts'
import type { Context } from './context.ts'
import { settled } from './inference.ts'

/** The tree with no open types left: once the whole expression is known, so are the types of its parts. */
export function withSettledTypes(context: Context, expr: Expr): Expr {
  const go = <E extends Expr>(part: E): E => withSettledTypes(context, part) as E
  const type = settled(context.inference, expr.type)
  switch (expr.node) {
    case 'call':
    case 'dispatch':
    case 'list':
    case 'reduce':
      return { ...expr, type, args: expr.args.map(go) }
    case 'and':
    case 'or':
      return { ...expr, type, args: [go(expr.args[0]), go(expr.args[1])] }
    case 'conditional':
      return { ...expr, type, args: [go(expr.args[0]), go(expr.args[1]), go(expr.args[2])] }
    case 'map':
      return { ...expr, type, keys: expr.keys.map(go), args: expr.args.map(go) }
    case 'comprehension': {
      const where = expr.where === undefined ? {} : { where: go(expr.where) }
      return { ...expr, type, range: go(expr.range), ...where, body: go(expr.body) }
    }
    case 'bind':
      return { ...expr, type, value: go(expr.value), body: go(expr.body) }
    case 'optional-map':
      return { ...expr, type, operand: go(expr.operand), body: go(expr.body) }
    case 'field':
    case 'in-list':
    case 'lookup':
    case 'matches':
    case 'predict':
      return { ...expr, type, operand: go(expr.operand) }
    case 'with':
      return {
        ...expr,
        type,
        operand: go(expr.operand),
        fields: expr.fields.map(({ name, value }) => ({ name, value: go(value) })),
      }
    default:
      return { ...expr, type }
  }
}
