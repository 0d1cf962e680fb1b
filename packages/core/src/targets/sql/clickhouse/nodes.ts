import { type Nodes, standardNodes } from '../nodes.ts'
import { type Sql, sql } from '../sql.ts'
import { finite } from './floats.ts'
import { clickhouseLiterals, double, text } from './literals.ts'
import { re2Pattern } from '../re2-pattern.ts'

/** How ClickHouse says the nodes that are not functions. Each is an expression that is NULL where the node is an error. */
export type ClickhouseNodes = Nodes

const standard = standardNodes(clickhouseLiterals, sql`CAST(NULL AS Nullable(String))`)

/** The nodes. An array is never NULL: a list is never missing. */
export const clickhouseNodes: ClickhouseNodes = {
  ...standard,
  // A list is a hash table, in which −0 is not 0; a missing operand is in none, and not missing.
  inList: (operand, kind, elements) =>
    sql`(CASE WHEN ${operand} IS NOT NULL THEN ${standard.inList(kind === 'double' ? sql`(${operand} + ${double(0)})` : operand, kind, elements)} END)`,
  // RE2, in which a point matches a line feed unless told otherwise.
  matches: (operand, pattern) => sql`match(${operand}, ${text(`(?-s)${re2Pattern(pattern)}`)})`,
  truths: (list, { element, place, counted, sql: said }) =>
    counted
      ? sql`arrayMap((${element}, ${place}) -> ${said}, ${list}, arrayMap("each" -> toInt64("each"), arrayEnumerate(${list})))`
      : sql`arrayMap(${element} -> ${said}, ${list})`,
  decide: (op, truths) => {
    const some = (truth: Sql) => sql`has(${truths}, ${truth})`
    switch (op) {
      case 'all':
        return sql`(CASE WHEN ${some(sql`false`)} THEN false WHEN NOT ${some(sql`NULL`)} THEN true END)`
      case 'exists':
        return sql`(CASE WHEN ${some(sql`true`)} THEN true WHEN NOT ${some(sql`NULL`)} THEN false END)`
      case 'exists-one':
        return sql`(CASE WHEN NOT ${some(sql`NULL`)} THEN countEqual(${truths}, true) = 1 END)`
    }
  },
  firstNotZero: (numbers) => sql`arrayFirstOrNull("each" -> "each" <> 0, ${numbers})`,
  finite,
}
