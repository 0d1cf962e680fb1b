import type { Expr } from '../../../packages/core/src/expr/expr.ts'
import { literalOf } from '../../../packages/core/src/expr/value.ts'
import type { RowFunctionName } from '../../../packages/core/src/expr/functions/row-functions.ts'
import { rowFunctions } from '../../../packages/core/src/expr/functions/row-functions.ts'
import { BOOL, DOUBLE, INT, type ScalarKind } from '../../../packages/core/src/expr/type.ts'
import type { SqlAggregate } from '../../../packages/core/src/targets/sql/aggregates.ts'
import { type ColumnName, columns, lists } from './tables.ts'

/** An aggregate of row expressions. */
export interface Question {
  readonly fn: SqlAggregate
  readonly args: readonly Expr[]
  readonly q?: number
}

const column = (name: ColumnName): Expr => ({ node: 'column', type: { kind: columns[name] }, name })
const call = (fn: RowFunctionName, ...args: readonly Expr[]): Expr => ({
  node: 'call',
  type: rowFunctions[fn].result,
  fn,
  args,
})

const [i, j, x, y, s, b, at] = (['i', 'j', 'x', 'y', 's', 'b', 'at'] as const).map(column) as [
  Expr,
  Expr,
  Expr,
  Expr,
  Expr,
  Expr,
  Expr,
]
const list = (name: keyof typeof lists): Expr => ({
  node: 'column',
  type: { kind: 'list', element: { kind: lists[name] } },
  name,
})
const size = (name: keyof typeof lists): Expr => ({ node: 'call', type: INT, fn: 'size_list', args: [list(name)] })
const zero = literalOf(DOUBLE, 0)
const positive = call('gt_double', x, zero)
const both = call('add_int', i, j)
const product = call('mul_double', x, y)
const first: Expr = { node: 'call', type: DOUBLE, fn: 'index_list', args: [list('l'), literalOf(INT, 0n)] }
const listed: Expr = { node: 'call', type: BOOL, fn: 'in_list', args: [s, list('w')] }
const above: Expr = {
  node: 'comprehension',
  type: BOOL,
  op: 'exists',
  range: list('l'),
  variables: ['e'],
  body: call('gt_double', { node: 'local', type: DOUBLE, name: 'e' }, x),
}
const short = call('le_int', call('size_string', s), literalOf(INT, 1n))

/** All that is asked of each group of rows. */
export const questions: readonly Question[] = [
  { fn: 'count', args: [] },
  ...[i, x, s, b, at, size('l')].map((of) => ({ fn: 'distinct', args: [of] }) as const),
  ...[x, s].map((of) => ({ fn: 'null_share', args: [of] }) as const),
  ...[positive, b, call('gt_int', both, i), short, listed, above].map((of) => ({ fn: 'share', args: [of] }) as const),
  ...[i, j, x, both, product].map((of) => ({ fn: 'sum', args: [of] }) as const),
  ...[i, x, product, size('l'), first].map((of) => ({ fn: 'mean', args: [of] }) as const),
  ...[i, x, s, at, size('w'), first].flatMap((of) => [
    { fn: 'min', args: [of] } as const,
    { fn: 'max', args: [of] } as const,
  ]),
  ...[i, x, y].flatMap((of) => [{ fn: 'variance', args: [of] } as const, { fn: 'stddev', args: [of] } as const]),
  ...[j, x].map((of) => ({ fn: 'median', args: [of] }) as const),
  ...[0, 0.1, 1 / 3, 0.9, 1].map((q) => ({ fn: 'quantile', args: [x], q }) as const),
  { fn: 'correlation', args: [x, y] },
  { fn: 'correlation', args: [j, x] },
]

/** Slices: conditions that are true, false or an error on a row. */
export const slices: readonly (Expr | undefined)[] = [
  undefined,
  positive,
  short,
  { ...call('lt_int', i, literalOf(INT, -(2n ** 63n))) },
]

/** Columns whose rows are looked at for duplicates. */
export const duplicated: readonly (readonly ColumnName[])[] = [['j', 's'], ['x'], ['b']]

/** The kind of an argument. */
export const kindOf = (expr: Expr): ScalarKind => expr.type.kind as ScalarKind
