import { type Clause, columnsOf, type Expr, printExpr, type Program } from '@plumbline/core'
import { premiseOf } from '@plumbline/core/deep'
import type { Counted, RowCounts } from './count-rows.ts'
import { dataOf } from './relations.ts'

/** A slice or group, or a premise of a condition, that clauses speak of and that no row at hand is. */
export interface NothingInData {
  readonly kind: 'slice' | 'premise'
  /** Name of the slice, or text of the premise. */
  readonly name: string
  readonly relation: string
  /** The relation's rows, of which none is one of these. */
  readonly rows: number
  readonly clauses: readonly Clause[]
}

/** What clauses speak of, and that rows of the data alone decide. */
export interface SpokenOf extends Counted {
  readonly kind: NothingInData['kind']
  readonly says: string
  readonly clause: Clause
}

/** Slices and premises of clauses, each on the rows of the data that the clause is asked of. */
export function spokenOf(program: Program): readonly SpokenOf[] {
  return program.clauses.flatMap((clause) =>
    clause.of.flatMap(({ relation: name }) => {
      const relation = dataOf(program, name)
      if (relation === undefined) return []
      const known = columnsAt(program, relation)
      const decidable = (expr: Expr): boolean => [...columnsOf(expr)].every((column) => known.has(column))
      const premise = clause.form === 'every' && clause.condition.kind === 'expr' && premiseOf(clause.condition.expr)
      return [
        ...clause.slices.flatMap(({ name: says, condition }): readonly SpokenOf[] =>
          condition === null || !decidable(condition)
            ? []
            : [{ kind: 'slice', relation, name: `slice ${says}`, says, condition, clause }],
        ),
        ...groupsOf(clause).flatMap((condition): readonly SpokenOf[] => {
          const says = printExpr(condition)
          return decidable(condition)
            ? [{ kind: 'slice', relation, name: `group ${says}`, says, condition, clause }]
            : []
        }),
        ...(premise && decidable(premise) ? [premiseSpoken(relation, premise, printExpr(premise), clause)] : []),
      ]
    }),
  )
}

/** The groups that a metric is compared across: without rows it has no value in one of them. */
function groupsOf(clause: Clause): readonly Expr[] {
  if (clause.form !== 'must') return []
  const groups = clause.must.terms.flatMap(({ where }) => where ?? [])
  return [...new Map(groups.map((each) => [printExpr(each), each])).values()]
}

const premiseSpoken = (relation: string, condition: Expr, says: string, clause: Clause): SpokenOf => ({
  kind: 'premise',
  relation,
  name: `premise ${says}`,
  says,
  condition,
  clause,
})

function columnsAt({ datasets }: Program, relation: string): ReadonlySet<string> {
  const dataset = datasets.find(({ name }) => relation === name || relation.startsWith(`${name}.`))
  return new Set(dataset?.columns.map(({ name }) => name))
}

/** What of it no row is, each once. Of a relation without rows nothing is said. */
export function nothingInData(spoken: readonly SpokenOf[], counts: RowCounts): readonly NothingInData[] {
  const empty = spoken.filter(({ relation, name }) => counts(relation, name)?.rows === 0)
  return [...Map.groupBy(empty, ({ relation, name }) => JSON.stringify([relation, name])).values()].flatMap((same) => {
    const [first] = same
    const rows = first === undefined ? undefined : counts(first.relation, 'all')?.rows
    if (first === undefined || rows === undefined || rows === 0) return []
    const { kind, says: name, relation } = first
    return [{ kind, name, relation, rows, clauses: [...new Set(same.map(({ clause }) => clause))] }]
  })
}
