import type { Expr } from '../../expr/expr.ts'
import type { RowFunctionName } from '../../expr/functions/row-functions.ts'
import type { Term } from '../../expr/must.ts'
import { DOUBLE } from '../../expr/type.ts'

/** A column of the rows at hand. */
export type ColumnExpr = Extract<Expr, { readonly node: 'column' }>

const call = (fn: RowFunctionName, ...args: readonly Expr[]): Expr => ({ node: 'call', fn, args, type: DOUBLE })
const number = (value: number): Expr => ({ node: 'literal', type: DOUBLE, value })
const asDouble = (of: Expr): Expr => (of.type.kind === 'int' ? call('double_of_int', of) : of)

/**
 * The loss of a row whose mean the metric is, or of a root the square: as an expression of the label and of the column that holds what was
 * predicted. Undefined for metrics that are no mean over rows, or whose loss has no expression.
 */
export function rowLoss({ fn, args }: Term, label: ColumnExpr, predicted: ColumnExpr): Expr | undefined {
  const [y, p] = [asDouble(label), asDouble(predicted)]
  if (y.type.kind !== 'double' || p.type.kind !== 'double') return undefined
  const error = call('sub_double', p, y)
  const size = call('abs_double', error)
  switch (fn) {
    case 'mae':
      return size
    case 'mse':
    case 'rmse':
      return call('mul_double', error, error)
    case 'mean_error':
      return error
    case 'mape':
      return call('div_double', size, call('abs_double', y))
    case 'pinball': {
      const [q] = args.flatMap((arg) => (arg.kind === 'value' ? [arg.value] : []))
      if (q === undefined) return undefined
      // The greater of q (y − p) and (q − 1) (y − p).
      const short = call('sub_double', y, p)
      return call('greatest_double', call('mul_double', number(q), short), call('mul_double', number(q - 1), short))
    }
    default:
      return undefined
  }
}

/** By how much the one loses more than the other on a row. */
export const lossDifference = (one: Expr, other: Expr): Expr => call('sub_double', one, other)
