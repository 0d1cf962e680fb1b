import { type Nodes, standardNodes } from '../nodes.ts'
import { type Sql, sql } from '../sql.ts'
import { duckdbLiterals, text } from './literals.ts'
import { duckdbPattern } from './pattern.ts'

/** How DuckDB says the nodes that are not functions. Each is an expression that is NULL where the node is an error. */
export interface DuckdbNodes extends Nodes {
  readonly matches: (operand: Sql, pattern: string) => Sql
}

/** The nodes. */
export const duckdbNodes: DuckdbNodes = {
  ...standardNodes(duckdbLiterals, sql`CAST(NULL AS VARCHAR)`),
  matches: (operand, pattern) => sql`regexp_matches(${operand}, ${text(duckdbPattern(pattern))})`,
  finite: (number) => sql`(CASE WHEN isfinite(${number}) THEN ${number} END)`,
}
