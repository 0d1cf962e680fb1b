import { unsupported } from '../../unsupported.ts'
import { type Nodes, standardNodes } from '../nodes.ts'
import { sql } from '../sql.ts'
import { finite } from './floats.ts'
import { trinoLiterals } from './literals.ts'

/** How Trino says the nodes that are not functions. Each is an expression that is NULL where the node is an error. */
export type TrinoNodes = Nodes

/** The nodes. */
export const trinoNodes: TrinoNodes = {
  ...standardNodes(trinoLiterals, sql`CAST(NULL AS VARCHAR)`),
  matches: unsupported(
    'Trino has no RE2: its regular expressions differ in what they match, and take exponential time on some',
  ),
  fromZero: (place) => sql`(${place} - 1)`,
  truths: (list, { element, place, counted, sql: said }) =>
    counted
      ? // An array without elements has no sequence of places: one from 1 to 0 runs downwards.
        sql`zip_with(${list}, slice(sequence(1, cardinality(${list}) + 1), 1, cardinality(${list})), (${element}, ${place}) -> ${said})`
      : sql`transform(${list}, ${element} -> ${said})`,
  decide: (op, truths) => {
    switch (op) {
      case 'all':
        return sql`all_match(${truths}, "one" -> "one")`
      case 'exists':
        return sql`any_match(${truths}, "one" -> "one")`
      case 'exists-one':
        return sql`(CASE WHEN none_match(${truths}, "one" -> "one" IS NULL) THEN cardinality(filter(${truths}, "one" -> "one")) = 1 END)`
    }
  },
  firstNotZero: (numbers) => sql`element_at(filter(${numbers}, "each" -> "each" <> 0), 1)`,
  finite,
}
