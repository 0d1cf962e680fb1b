import type { Clause } from '../clause/clause.ts'
import type { Program, ProgramRelation } from '../clause/program.ts'
import type { Expr } from '../expr/expr.ts'
import { BOOL } from '../expr/type.ts'
import { columnsOf } from '../targets/children.ts'
import { keyOfJson } from './key.ts'
import { oncePer } from './once-per.ts'

/** The rows a term is measured on: all of the relation's, or those of a slice or group. */
export interface Population {
  /** Equal for equal rows. */
  readonly key: string
  readonly whole: boolean
  /** The value of a column that makes a row one of them, where that is all: no row is in the groups of two values. */
  readonly group?: { readonly column: string; readonly value: string }
}

const EVERYTHING: Population = { key: '', whole: true }

/** The rows that meet one condition. */
const populationBy = oncePer((condition: Expr): Population => {
  const group = groupOf(condition)
  return { key: keyOfJson(condition), whole: false, ...(group === undefined ? {} : { group }) }
})

/** The population of rows that meet all conditions; `null` is none. */
export function populationOf(conditions: readonly (Expr | null)[]): Population {
  const all = conditions.filter((each) => each !== null)
  const [first] = all
  if (first === undefined) return EVERYTHING
  const parts = new Set(all.map(keyOfJson))
  return parts.size === 1 ? populationBy(first) : { key: [...parts].toSorted().join(' '), whole: false }
}

/** `sex == 1`: the group that is one value of a column. */
function groupOf(condition: Expr): Population['group'] {
  if (condition.node !== 'call' || !/^eq_(int|string|bool)$/.test(condition.fn)) return undefined
  const [left, right] = condition.args
  if (left?.node !== 'column' || right?.node !== 'literal') return undefined
  return { column: left.name, value: String(right.value) }
}

/** How many rows of a population there are, and how many of them have a positive label. */
export interface LabelCount {
  readonly rows: number
  readonly positives: number
}

/** Rows and labels of the data at hand, by relation of the data and by key of the population. Nothing is said of others. */
export type LabelCounts = ReadonlyMap<string, ReadonlyMap<string, LabelCount>>

/** A population whose rows can be counted on the data alone. */
export interface Countable extends Population {
  /** The relation of the data whose rows they are. */
  readonly relation: string
  /** What makes a row one of them; `null`: all are. */
  readonly condition: Expr | null
}

/** The populations that metrics of a program's clauses speak of: slices, groups, and both together. */
export function countablePopulations(program: Program): readonly Countable[] {
  const found = new Map<string, Countable>()
  for (const clause of program.clauses) {
    if (clause.form !== 'must') continue
    for (const { relation: name } of clause.of) {
      const relation = program.relations.find((each) => each.name === name)
      const data = relation === undefined ? undefined : dataRelationOf(relation)
      if (relation === undefined || data === undefined) continue
      const known = new Set(datasetColumns(program, relation))
      for (const parts of conditionsIn(clause)) {
        const conditions = parts.filter((part) => part !== null)
        if (conditions.some((part) => [...columnsOf(part)].some((column) => !known.has(column)))) continue
        for (const each of [parts, []]) {
          const population = populationOf(each)
          const condition = each === parts ? conjunction(conditions) : null
          found.set(`${data} ${population.key}`, { ...population, relation: data, condition })
        }
      }
    }
  }
  return [...found.values()]
}

function conditionsIn({ slices, must }: Extract<Clause, { form: 'must' }>): readonly (readonly (Expr | null)[])[] {
  const groups = [...new Set(must.terms.map(({ where }) => where ?? null))]
  return slices.flatMap(({ condition }) => groups.map((where) => [condition, where]))
}

const conjunction = (conditions: readonly Expr[]): Expr | null =>
  conditions.reduce<Expr | null>(
    (all, each) => (all === null ? each : { node: 'and', type: BOOL, args: [all, each] }),
    null,
  )

/** The relation of the data whose rows a relation has; undefined where there is none. */
export function dataRelationOf(relation: ProgramRelation): string | undefined {
  if (relation.kind !== 'data' && relation.kind !== 'model') return undefined
  return relation.split === undefined ? relation.dataset : `${relation.dataset}.${relation.split}`
}

function datasetColumns({ datasets }: Program, relation: ProgramRelation): readonly string[] {
  if (relation.kind !== 'data' && relation.kind !== 'model') return []
  return datasets.find(({ name }) => name === relation.dataset)?.columns.map(({ name }) => name) ?? []
}

/** Whether a clause is asked of a relation's rows: of the relation, or of the data whose rows a model answers there. */
export function speaksOf({ relations }: Program, { of }: Clause, relation: ProgramRelation): boolean {
  const isDataOf = (name: string): boolean => {
    const data = relations.find((each) => each.name === name)
    if (data?.kind !== 'data' || relation.kind !== 'model') return false
    return data.dataset === relation.dataset && data.split === relation.split
  }
  return of.some(({ relation: name }) => name === relation.name || isDataOf(name))
}
