import type { Comparison, mixedComparison } from './exact.ts'
import { repeating, type Spelling, simple } from './spelling.ts'
import type { Sql } from './sql.ts'

type Kind = 'int' | 'double' | 'int_double' | 'double_int' | 'string' | 'bool' | 'timestamp' | 'duration'
type Prefix = 'lt' | 'le' | 'gt' | 'ge' | 'eq' | 'ne'

const operators: Readonly<Record<Prefix, Comparison>> = { lt: '<', le: '<=', gt: '>', ge: '>=', eq: '=', ne: '<>' }

/** The rows of the function table that compare. */
export type Comparisons = Readonly<Record<`${Prefix}_${Kind}`, Spelling>>

/** Every comparison, from how a dialect compares operands of one type, texts, and an int with a double. */
export function comparisonsOf(
  same: (op: Comparison, a: Sql, b: Sql) => Sql,
  texts: (op: Comparison, a: Sql, b: Sql) => Sql,
  mixed: ReturnType<typeof mixedComparison>,
): Comparisons {
  const entries = Object.entries(operators).flatMap(([prefix, op]) => {
    const plain = simple((a, b) => same(op, a.sql, b.sql))
    const kinds: Readonly<Record<Kind, Spelling>> = {
      int: plain,
      double: plain,
      int_double: repeating((a, b) => mixed.intDouble(op, a, b)),
      double_int: repeating((a, b) => mixed.doubleInt(op, a, b)),
      string: simple((a, b) => texts(op, a.sql, b.sql)),
      bool: plain,
      timestamp: plain,
      duration: plain,
    }
    return Object.entries(kinds).map(([kind, spelling]) => [`${prefix}_${kind}`, spelling] as const)
  })
  return Object.fromEntries(entries) as Comparisons
}
