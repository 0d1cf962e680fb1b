import type { Instance } from '../clause/instances.ts'
import type { Program } from '../clause/program.ts'
import { aggregates } from '../expr/functions/aggregates.ts'
import { columnsOf } from '../targets/children.ts'
import type { Clause, RowCondition } from '../clause/clause.ts'
import type { Fault } from './fault.ts'

/**
 * Whether a fault can change what a question is answered: only those questions are asked again. A fault of data is looked for
 * on data and models before a release, one of a model on the model, one of serving on requests.
 */
export function touches(program: Program, fault: Fault, instance: Instance): boolean {
  const { clause, stage, relation } = instance
  switch (fault.group) {
    case 'model':
      // Of a file behind something wrong nothing can be proved: only another file is asked what holds for all inputs.
      if (clause.form === 'forall' && fault.instead === undefined) return false
      return stage === 'model' && readsModel(clause, fault.model)
    case 'serving':
      return stage === 'runtime' && relation === 'requests' && isAsked(clause)
    case 'data': {
      if (stage !== 'data' && stage !== 'model') return false
      if (clause.form === 'forall') return false
      if (!datasetsOf(program, instance).has(fault.dataset)) return false
      if (fault.wholeRows) return true
      const read = columnsReadBy(program, instance)
      return fault.columns.some((column) => read.has(column))
    }
  }
}

/** Forms that a window of requests decides by itself. */
function isAsked({ form }: Clause): boolean {
  return form === 'every' || form === 'must' || form === 'always'
}

/** A change of the role's version changes what is asked of it, and of the version that would challenge it. */
function readsModel({ models }: Clause, model: string): boolean {
  return models.includes(model) || models.includes('challenger')
}

/** The datasets whose rows a question reads, those it compares with included. */
export function datasetsOf(program: Program, { clause, relation }: Instance): ReadonlySet<string> {
  const compared =
    clause.form === 'must' || clause.form === 'always'
      ? clause.must.terms.flatMap(({ args }) => args.flatMap((arg) => (arg.kind === 'relation' ? [arg.relation] : [])))
      : []
  return new Set(
    [relation, ...compared].flatMap((name) => {
      const found = program.relations.find((each) => each.name === name)
      return found?.kind === 'data' || found?.kind === 'model' ? [found.dataset] : []
    }),
  )
}

/** The columns a question reads; of a model's rows also all that the model reads, and the label. */
export function columnsReadBy(program: Program, { clause, relation, slice }: Instance): ReadonlySet<string> {
  const found = program.relations.find((each) => each.name === relation)
  const names = new Set(slice.condition === null ? [] : columnsOf(slice.condition))
  const add = (columns: Iterable<string>): void => {
    for (const column of columns) names.add(column)
  }
  if (clause.form === 'every') add(columnsOfRow(clause.condition))
  if (clause.form === 'must' || clause.form === 'always')
    for (const { args, where, cluster, weights, fn } of clause.must.terms) {
      for (const arg of args) {
        if (arg.kind === 'column') add([arg.name])
        if (arg.kind === 'expr') add(columnsOf(arg.expr))
      }
      if (where !== undefined) add(columnsOf(where))
      add([cluster, weights].filter((column) => column !== undefined))
      if (aggregates[fn].needs !== undefined) add(labelsOf(program))
    }
  if (found?.kind === 'data' && found.split !== undefined) {
    const split = program.datasets
      .find(({ name }) => name === found.dataset)
      ?.splits.find(({ name }) => name === found.split)
    if (split !== undefined) add(columnsOf(split.condition))
  }
  if (found?.kind === 'model' || relation === 'requests') for (const { input } of program.models) add(input)
  return names
}

function labelsOf(program: Program): readonly string[] {
  return program.models.flatMap(({ label }) => (label === undefined ? [] : [label]))
}

function columnsOfRow(condition: RowCondition): Iterable<string> {
  switch (condition.kind) {
    case 'expr':
      return columnsOf(condition.expr)
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
