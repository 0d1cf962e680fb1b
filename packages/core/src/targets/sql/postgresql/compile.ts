import type { Expr } from '../../../expr/expr.ts'
import type { Dialect, RowOptions } from '../dialect.ts'
import { rowCompiler } from '../row-compiler.ts'
import { sql } from '../sql.ts'
import { postgresqlAggregates } from './aggregates.ts'
import { postgresqlFunctions } from './functions.ts'
import { postgresqlLiterals, refusedName, refusedValue } from './literals.ts'
import { postgresqlNodes } from './nodes.ts'

/** What a compilation needs from outside: how a column is reached. The rest has defaults. */
export type PostgresqlOptions = RowOptions

function refuses(node: Expr): string | undefined {
  switch (node.node) {
    case 'literal':
      return refusedValue(node)
    case 'column':
      return refusedName(node.name)
    case 'in-list':
      return node.elements.map(refusedValue).find((reason) => reason !== undefined)
    case 'lookup': {
      const values = node.entries.flatMap(({ key, value }) => [
        key,
        { ...key, type: { kind: 'string' }, value } as const,
      ])
      return values.map(refusedValue).find((reason) => reason !== undefined)
    }
    default:
      return undefined
  }
}

/** PostgreSQL. A name is bound by a subquery, which OFFSET keeps the planner from writing out again at every mention. */
export const postgresql: Dialect = {
  functions: postgresqlFunctions,
  nodes: postgresqlNodes,
  literals: postgresqlLiterals,
  aggregates: postgresqlAggregates,
  bind: (value, name, write) => sql`(SELECT ${write(name)} FROM (SELECT ${value} AS ${name} OFFSET 0) AS ${name})`,
  repeatable: 5,
  refuses,
}

const rows = rowCompiler(postgresql)

/** Whether PostgreSQL can express it; if not, the first node that it cannot, and why. */
export const postgresqlSupport = rows.support

/** Compiles an expression of row scope; in `value`, SQL NULL stands for an error of any kind. Nothing in it raises. */
export const { compileRow } = rows

/** Whether an expression of row scope ends in the error `missing` and no other: a boolean that is never NULL. */
export const { endsInMissing } = rows
