import { type Nodes, standardNodes } from '../nodes.ts'
import { sql } from '../sql.ts'
import { finite } from './floats.ts'
import { bigqueryLiterals, text } from './literals.ts'
import { re2Pattern } from '../re2-pattern.ts'

/** How BigQuery says the nodes that are not functions. Each is an expression that is NULL where the node is an error. */
export type BigqueryNodes = Nodes

/** The nodes. Lists are refused before (`compile.ts`). */
export const bigqueryNodes: BigqueryNodes = {
  ...standardNodes(bigqueryLiterals, sql`CAST(NULL AS STRING)`),
  // RE2.
  matches: (operand, pattern) => sql`REGEXP_CONTAINS(${operand}, ${text(re2Pattern(pattern))})`,
  truths: (list) => list,
  decide: (_, truths) => truths,
  firstNotZero: (numbers) => numbers,
  finite,
}
