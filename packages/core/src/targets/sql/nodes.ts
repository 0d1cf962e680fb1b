import type { Literal } from '../../expr/expr.ts'
import type { Unsupported } from '../unsupported.ts'
import { constantUnlessNull } from './exact.ts'
import type { Literals } from './literals.ts'
import { join, type Sql, sql } from './sql.ts'

/** Something said of each element of a list, under names that nothing else has. */
export interface OverElements {
  readonly element: Sql
  /** The place of the element, from 1. */
  readonly place: Sql
  /** Whether the place is read. */
  readonly counted: boolean
  /** For the table of elements, where there has to be one. */
  readonly table: Sql
  readonly sql: Sql
}

/** How a dialect says the nodes that are not functions. Each is an expression that is NULL where the node is an error. */
export interface Nodes {
  readonly column: (cell: Sql) => Sql
  readonly isMissing: (cell: Sql, negated: boolean) => Sql
  readonly and: (left: Sql, right: Sql) => Sql
  readonly or: (left: Sql, right: Sql) => Sql
  /** `total`: the condition is never an error. */
  readonly conditional: (condition: Sql, then: Sql, otherwise: Sql, total: boolean) => Sql
  readonly inList: (operand: Sql, kind: 'int' | 'double' | 'other', elements: readonly Literal[]) => Sql
  readonly lookup: (operand: Sql, entries: readonly { readonly key: Literal; readonly value: string }[]) => Sql
  readonly matches: ((operand: Sql, pattern: string) => Sql) | Unsupported
  /** A place that the database counts from 1, as the language counts it. */
  readonly fromZero: (place: Sql) => Sql
  /** A list with what is said of each element of one, in their order; NULL where there is no list. */
  readonly truths: (list: Sql, over: OverElements) => Sql
  /** What a list of truth values, NULL for errors, decides: as `&&`, as `||`, or that one is true, where none is an error. */
  readonly decide: (op: 'all' | 'exists' | 'exists-one', truths: Sql) => Sql
  /** The first of a list of numbers that is not 0; NULL where there is none. */
  readonly firstNotZero: (numbers: Sql) => Sql
  /** NULL instead of a non-finite number. */
  readonly finite: (number: Sql) => Sql
}

/** An element beside an operand of another kind of number, as the exact same number; undefined if there is none. */
function element(literals: Literals, kind: 'int' | 'double' | 'other', literal: Literal): Sql | undefined {
  if (kind === 'int' && literal.type.kind === 'double') {
    const number = Number(literal.value)
    return Number.isInteger(number) && number >= -(2 ** 63) && number < 2 ** 63
      ? literals.bare({ ...literal, type: { kind: 'int' }, value: String(BigInt(number)) })
      : undefined
  }
  if (kind === 'double' && literal.type.kind === 'int') {
    const exact = BigInt(literal.value as string)
    return BigInt(Number(exact)) === exact ? literals.double(Number(exact)) : undefined
  }
  return literals.bare(literal)
}

/** The nodes that standard SQL says; its three-valued AND and OR absorb NULL exactly as CEL's absorb errors. */
export function standardNodes(
  literals: Literals,
  noText: Sql,
): Omit<Nodes, 'matches' | 'finite' | 'truths' | 'decide' | 'firstNotZero'> {
  return {
    column: (cell) => cell,
    fromZero: (place) => sql`(${place} - 1)`,
    isMissing: (cell, negated) => (negated ? sql`(${cell} IS NOT NULL)` : sql`(${cell} IS NULL)`),
    and: (left, right) => sql`(${left} AND ${right})`,
    or: (left, right) => sql`(${left} OR ${right})`,
    conditional: (condition, then, otherwise, total) =>
      total
        ? sql`(CASE WHEN ${condition} THEN ${then} ELSE ${otherwise} END)`
        : sql`(CASE WHEN ${condition} THEN ${then} WHEN NOT ${condition} THEN ${otherwise} END)`,
    inList: (operand, kind, elements) => {
      const spelled = elements
        .map((literal) => element(literals, kind, literal))
        .filter((spelling) => spelling !== undefined)
      return spelled.length === 0
        ? constantUnlessNull(false, operand)
        : sql`(${operand} IN (${join(spelled, sql`, `)}))`
    },
    lookup: (operand, entries) =>
      entries.length === 0
        ? noText
        : sql`(CASE ${operand} ${join(
            entries.map(({ key, value }) => sql`WHEN ${literals.bare(key)} THEN ${literals.text(value)}`),
            sql` `,
          )} END)`,
  }
}
