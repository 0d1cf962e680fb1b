import type { Expr } from '../../../expr/expr.ts'
import { children } from '../../children.ts'
import { expand } from '../../expand.ts'
import type { Support } from '../../unsupported.ts'
import type { Dialect, RowOptions } from '../dialect.ts'
import { rowCompiler } from '../row-compiler.ts'
import { snowflakeAggregates } from './aggregates.ts'
import { type SnowflakeFunctions, snowflakeFunctions } from './functions.ts'
import { snowflakeLiterals } from './literals.ts'
import { snowflakeNodes } from './nodes.ts'

/** What a compilation needs from outside: how a column is reached. The rest has defaults. */
export type SnowflakeOptions = RowOptions

/** Snowflake. */
export const snowflake: Dialect = {
  functions: snowflakeFunctions,
  nodes: snowflakeNodes,
  literals: snowflakeLiterals,
  aggregates: snowflakeAggregates,
  // Subqueries that read a row of the outer one are refused in most places: everything is repeated.
  bind: (value, _, write) => write(value),
  repeatable: Infinity,
  refuses: (node) =>
    node.type.kind === 'list'
      ? 'elements of lists are VARIANT in Snowflake, which have no type of their own'
      : undefined,
}

/** More than so many nodes in one of the many expressions of a statement, each of some thirty characters, leave what it may be (1 MB). */
const MOST_NODES = 2_000

/** About how many nodes are written, every argument as often as it is mentioned. */
function written(expr: Expr, functions: SnowflakeFunctions): number {
  const spelling = expr.node === 'call' ? functions[expr.fn] : undefined
  const repeated = expr.node === 'conditional' || (spelling?.kind === 'spelling' && spelling.repeats)
  const checked = expr.type.kind === 'double' ? 2 : 1
  return checked * (1 + (repeated ? 3 : 1) * children(expr).reduce((sum, part) => sum + written(part, functions), 0))
}

const rows = rowCompiler(snowflake)

/** Whether Snowflake can express it; if not, the first node that it cannot, and why. */
export function snowflakeSupport(expr: Expr, functions: SnowflakeFunctions = snowflakeFunctions): Support {
  if (written(expand(expr), functions) > MOST_NODES)
    return {
      supported: false,
      reason: 'written out, which Snowflake needs, it is longer than a statement may be',
      at: expr.at,
    }
  return rows.support(expr, functions)
}

/** Compiles an expression of row scope; in `value`, SQL NULL stands for an error of any kind. Nothing in it raises. */
export const { compileRow } = rows

/** Whether an expression of row scope ends in the error `missing` and no other: a boolean that is never NULL. */
export const { endsInMissing } = rows
