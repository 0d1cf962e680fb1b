import type { Clause, EveryClause } from '../clause/clause.ts'
import type { Program, ProgramRelation } from '../clause/program.ts'
import type { Expr } from '../expr/expr.ts'
import { columnsOf } from '../targets/children.ts'
import type { Demand } from '../targets/smt/index.ts'

/** What a clause asks of a row of one relation, or what makes a row one of a slice or split. */
export interface Asked {
  readonly demand: Demand
  /** The clause; a slice's or split's own condition belongs to none. */
  readonly clause?: EveryClause
  /** The slice of which it is asked; `all` for every row. */
  readonly slice: string
  /** Columns that it reads. */
  readonly columns: ReadonlySet<string>
  /** Share of the rows that may fail it. */
  readonly slack: number
}

/** A relation with all that is asked of each of its rows. */
export interface AskedRelation {
  readonly name: string
  readonly asked: readonly Asked[]
  /** Slices that a clause names, with what makes a row one of theirs. */
  readonly slices: readonly { readonly name: string; readonly condition: Asked; readonly clauses: readonly Clause[] }[]
}

/**
 * The relations whose rows clauses speak of. A row of a split is one of its dataset, and a row of a model's relation is one of
 * the dataset that the model read: what is asked there is asked here, too.
 */
export function askedRelations(program: Program): readonly AskedRelation[] {
  return program.relations.flatMap((relation) => {
    const names = layersOf(relation)
    if (names === undefined) return []
    const speaking = program.clauses.filter((clause) => clause.of.some((of) => names.has(of.relation)))
    const clauses = speaking.filter((clause) => clause.form === 'every')
    const split = splitOf(program, relation)
    const asked = [...clauses.flatMap(askedBy), ...(split === undefined ? [] : [split])]
    // Metrics are asked of slices, too: an empty one leaves them without an answer.
    const slices = new Map(
      speaking.flatMap(({ slices: all }) =>
        all.flatMap(({ name, condition }) => (condition === null ? [] : [[name, premise(name, condition)] as const])),
      ),
    )
    const named = [...slices].map(([name, condition]) => ({
      name,
      condition,
      clauses: speaking.filter((clause) => clause.slices.some((slice) => slice.name === name)),
    }))
    return clauses.length === 0 ? [] : [{ name: relation.name, asked, slices: named }]
  })
}

/** What a clause asks of a row, slice by slice; nothing where that is no condition on the row alone. */
export function askedBy(clause: EveryClause): readonly Asked[] {
  const { condition } = clause
  if (condition.kind !== 'expr' || clause.unenforced !== undefined) return []
  return clause.slices.map(({ name, condition: within }) => ({
    demand: {
      name: name === 'all' ? clause.id : `${clause.id} [${name}]`,
      expr: condition.expr,
      ...(within === null ? {} : { within }),
      missing: clause.missing,
      holds: true,
    },
    clause,
    slice: name,
    columns: new Set([...columnsOf(condition.expr), ...(within === null ? [] : columnsOf(within))]),
    slack: 1 - Number(clause.mostly),
  }))
}

/** That a row is one of a slice, or another condition that is given and not asked. */
export function premise(name: string, condition: Expr): Asked {
  return {
    demand: { name: `(${name})`, expr: condition, missing: 'fail', holds: true },
    slice: name,
    columns: columnsOf(condition),
    slack: 0,
  }
}

/** Names of the relations whose clauses speak of a relation's rows; undefined where rows are not known by columns. */
export function layersOf(relation: ProgramRelation): ReadonlySet<string> | undefined {
  switch (relation.kind) {
    case 'data':
      return new Set([relation.dataset, relation.name])
    case 'model':
      return new Set([
        relation.dataset,
        relation.model,
        relation.name,
        ...(relation.split === undefined ? [] : [`${relation.dataset}.${relation.split}`]),
      ])
    case 'requests':
      return new Set([relation.name])
    default:
      return undefined
  }
}

function splitOf(program: Program, relation: ProgramRelation): Asked | undefined {
  if ((relation.kind !== 'data' && relation.kind !== 'model') || relation.split === undefined) return undefined
  const dataset = program.datasets.find(({ name }) => name === relation.dataset)
  const split = dataset?.splits.find(({ name }) => name === relation.split)
  return split === undefined ? undefined : premise(`${relation.dataset}.${split.name}`, split.condition)
}

/** Whether a clause was written by a person as a clause, and stands for no column contract. */
export const isAuthored = ({ origin }: Clause): boolean => origin === 'authored'
