import { unsupported } from '../../unsupported.ts'
import { type Nodes, standardNodes } from '../nodes.ts'
import { type Sql, sql } from '../sql.ts'
import { finite } from './floats.ts'
import { postgresqlLiterals } from './literals.ts'

/** How PostgreSQL says the nodes that are not functions. Each is an expression that is NULL where the node is an error. */
export type PostgresqlNodes = Nodes

const standard = standardNodes(postgresqlLiterals, sql`CAST(NULL AS text)`)
/** Texts are equal by code point, whatever the collation of their column says. */
const asText = (operand: Sql, isText: boolean): Sql => (isText ? sql`(${operand} COLLATE "C")` : operand)

/** The nodes. */
export const postgresqlNodes: PostgresqlNodes = {
  ...standard,
  inList: (operand, kind, elements) =>
    standard.inList(asText(operand, elements[0]?.type.kind === 'string'), kind, elements),
  lookup: (operand, entries) => standard.lookup(asText(operand, entries[0]?.key.type.kind === 'string'), entries),
  matches: unsupported(
    'PostgreSQL has no RE2: its regular expressions differ in what they match, and take exponential time on some',
  ),
  // Without the test no rows would come of no list, and all of none is true.
  truths: (list, { element, place, table, sql: said }) =>
    sql`(CASE WHEN ${list} IS NOT NULL THEN ARRAY(SELECT ${said} FROM unnest(${list}) WITH ORDINALITY AS ${table}(${element}, ${place}) ORDER BY ${place}) END)`,
  decide: (op, truths) => {
    const certain = sql`array_position(${truths}, NULL) IS NULL`
    switch (op) {
      case 'all':
        return sql`(CASE WHEN false = ANY (${truths}) THEN false WHEN ${truths} IS NOT NULL AND ${certain} THEN true END)`
      case 'exists':
        return sql`(CASE WHEN true = ANY (${truths}) THEN true WHEN ${truths} IS NOT NULL AND ${certain} THEN false END)`
      case 'exists-one':
        return sql`(CASE WHEN ${truths} IS NOT NULL AND ${certain} THEN cardinality(array_positions(${truths}, true)) = 1 END)`
    }
  },
  firstNotZero: (numbers) => sql`(array_remove(${numbers}, 0))[1]`,
  finite,
}
