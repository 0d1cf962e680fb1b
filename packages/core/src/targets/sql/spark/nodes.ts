import { unsupported } from '../../unsupported.ts'
import { type Nodes, standardNodes } from '../nodes.ts'
import { sql } from '../sql.ts'
import { finite } from './floats.ts'
import { double, sparkLiterals } from './literals.ts'

/** How Spark says the nodes that are not functions. Each is an expression that is NULL where the node is an error. */
export type SparkNodes = Nodes

const standard = standardNodes(sparkLiterals, sql`CAST(NULL AS STRING)`)

/** The nodes. */
export const sparkNodes: SparkNodes = {
  ...standard,
  // A long list becomes a hash table, in which −0 is not 0: adding 0 makes it 0.
  inList: (operand, kind, elements) =>
    standard.inList(kind === 'double' ? sql`(${operand} + ${double(0)})` : operand, kind, elements),
  matches: unsupported(
    'Spark has no RE2: its regular expressions differ in what they match, and take exponential time on some',
  ),
  fromZero: (place) => sql`CAST(${place} AS BIGINT)`,
  truths: (list, { element, place, counted, sql: said }) =>
    counted
      ? sql`transform(${list}, (${element}, ${place}) -> ${said})`
      : sql`transform(${list}, ${element} -> ${said})`,
  decide: (op, truths) => {
    const certain = sql`array_size(${truths}) = array_size(array_compact(${truths}))`
    switch (op) {
      case 'all':
        return sql`(CASE WHEN array_contains(${truths}, false) THEN false WHEN ${certain} THEN true END)`
      case 'exists':
        return sql`(CASE WHEN array_contains(${truths}, true) THEN true WHEN ${certain} THEN false END)`
      case 'exists-one':
        return sql`(CASE WHEN ${certain} THEN array_size(filter(${truths}, one -> one)) = 1 END)`
    }
  },
  firstNotZero: (numbers) => sql`get(filter(${numbers}, each -> each <> 0), 0)`,
  finite,
}
