import { aggregates } from '../expr/functions/aggregates.ts'
import { unlabelled } from '../expr/functions/argument-domains.ts'
import type { MustCondition, Term } from '../expr/must.ts'
import { columnsOf } from '../targets/children.ts'
import type { Clause, RowCondition } from './clause.ts'
import type { Program } from './program.ts'

/**
 * Which rows of `requests` a clause is asked of. `all`: every request, the rejected ones included; `served`: those that
 * were answered; `labelled`: of those, the ones whose label has arrived.
 */
export type RequestRows = 'all' | 'served' | 'labelled'

/**
 * The rows a clause on `requests` ranges over: a clause on the inputs over all, one that reads an answer (an output, the
 * decision) over those that were given one, one that needs the label over those that have it. The slices of a clause are
 * one family and count for all of it. An `every` clause that reads when, by whom or under which id a request was answered
 * is asked by the guard when there is an answer, and so it is here; `_guard` says how any row ended.
 */
export function requestRowsOf(program: Pick<Program, 'models'>, clause: Clause): RequestRows {
  const champion = program.models.find(({ name }) => name === 'champion')
  const answers = new Set(['decision', ...(champion?.outputs ?? []).map(({ name }) => name)])
  const must = clause.form === 'must' || clause.form === 'always' ? clause.must : undefined
  const read = new Set([
    ...(clause.form === 'every' ? columnsOfCondition(clause.condition) : []),
    ...(must?.terms ?? []).flatMap(columnsOfTerm),
    ...clause.slices.flatMap(({ condition }) => (condition === null ? [] : [...columnsOf(condition)])),
  ])
  if ((champion?.label !== undefined && read.has(champion.label)) || needsLabel(must)) return 'labelled'
  const answered = must?.terms.some(({ fn }) => aggregates[fn].needs !== undefined) === true
  const facts = clause.form === 'every' && !read.has('_guard') ? FACTS : []
  return answered || [...read].some((column) => answers.has(column)) || facts.some((fact) => read.has(fact))
    ? 'served'
    : 'all'
}

const FACTS = ['_at', '_model', '_request_id']

function needsLabel(must: MustCondition | undefined): boolean {
  return (
    must?.terms.some(({ fn }) => {
      const { needs } = aggregates[fn]
      return needs !== undefined && !unlabelled.has(fn)
    }) === true
  )
}

function columnsOfCondition(condition: RowCondition): readonly string[] {
  switch (condition.kind) {
    case 'expr':
      return [...columnsOf(condition.expr)]
    case 'castable':
      return [condition.column]
    case 'unique-key':
      return condition.columns
    case 'disjoint-splits':
      return condition.splits.flatMap((split) => [...columnsOf(split.condition)])
    case 'release':
      return []
  }
}

function columnsOfTerm({ args, where, cluster, weights }: Term): readonly string[] {
  return [
    ...args.flatMap((arg) =>
      arg.kind === 'column' ? [arg.name] : arg.kind === 'expr' ? [...columnsOf(arg.expr)] : [],
    ),
    ...(where === undefined ? [] : columnsOf(where)),
    ...[cluster, weights].filter((column) => column !== undefined),
  ]
}
