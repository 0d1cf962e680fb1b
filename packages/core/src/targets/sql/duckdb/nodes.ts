import { type Nodes, standardNodes } from '../nodes.ts'
import { type Sql, sql } from '../sql.ts'
import { duckdbLiterals, text } from './literals.ts'
import { re2Pattern } from '../re2-pattern.ts'

/** How DuckDB says the nodes that are not functions. Each is an expression that is NULL where the node is an error. */
export interface DuckdbNodes extends Nodes {
  readonly matches: (operand: Sql, pattern: string) => Sql
}

/** The nodes. */
export const duckdbNodes: DuckdbNodes = {
  ...standardNodes(duckdbLiterals, sql`CAST(NULL AS VARCHAR)`),
  matches: (operand, pattern) => sql`regexp_matches(${operand}, ${text(re2Pattern(pattern))})`,
  truths: (list, { element, place, counted, sql: said }) =>
    counted
      ? sql`list_transform(${list}, lambda ${element}, ${place}: ${said})`
      : sql`list_transform(${list}, lambda ${element}: ${said})`,
  decide: (op, truths) => {
    const certain = sql`len(${truths}) = list_count(${truths})`
    switch (op) {
      case 'all':
        return sql`(CASE WHEN list_contains(${truths}, false) THEN false WHEN ${certain} THEN true END)`
      case 'exists':
        return sql`(CASE WHEN list_contains(${truths}, true) THEN true WHEN ${certain} THEN false END)`
      case 'exists-one':
        return sql`(CASE WHEN ${certain} THEN len(list_filter(${truths}, lambda one: one)) = 1 END)`
    }
  },
  firstNotZero: (numbers) => sql`list_filter(${numbers}, lambda each: each <> 0)[1]`,
  finite: (number) => sql`(CASE WHEN isfinite(${number}) THEN ${number} END)`,
}
