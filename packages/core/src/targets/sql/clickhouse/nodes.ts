import { type Nodes, standardNodes } from '../nodes.ts'
import { sql } from '../sql.ts'
import { finite } from './floats.ts'
import { clickhouseLiterals, double, text } from './literals.ts'
import { re2Pattern } from '../re2-pattern.ts'

/** How ClickHouse says the nodes that are not functions. Each is an expression that is NULL where the node is an error. */
export type ClickhouseNodes = Nodes

const standard = standardNodes(clickhouseLiterals, sql`CAST(NULL AS Nullable(String))`)

/** The nodes. Lists are refused before (`compile.ts`). */
export const clickhouseNodes: ClickhouseNodes = {
  ...standard,
  // A list is a hash table, in which −0 is not 0; a missing operand is in none, and not missing.
  inList: (operand, kind, elements) =>
    sql`(CASE WHEN ${operand} IS NOT NULL THEN ${standard.inList(kind === 'double' ? sql`(${operand} + ${double(0)})` : operand, kind, elements)} END)`,
  // RE2, in which a point matches a line feed unless told otherwise.
  matches: (operand, pattern) => sql`match(${operand}, ${text(`(?-s)${re2Pattern(pattern)}`)})`,
  truths: (list) => list,
  decide: (_, truths) => truths,
  firstNotZero: (numbers) => numbers,
  finite,
}
