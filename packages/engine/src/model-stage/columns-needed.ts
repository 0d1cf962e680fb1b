import { columnsOf, type Instance, type Program } from '@plumbline/core'
import { columnsOfModel } from '../bound-models/bound-model.ts'
import { neededColumns } from '../data-stage.ts'

/** Columns that any model clause, model or search reads. */
export function columnsWithModels(
  program: Program,
  instances: readonly Instance[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const needed = new Map([...neededColumns(program, instances)].map(([name, columns]) => [name, new Set(columns)]))
  for (const model of program.models) {
    const decided = model.decision === undefined ? [] : columnsOf(model.decision.expr)
    const read = [...columnsOfModel(model), ...decided, ...(model.label === undefined ? [] : [model.label])]
    // A model answers for the rows it was declared on, and for those of any other relation a clause asks it about.
    for (const dataset of new Set([model.from, ...answeredDatasets(program)]))
      for (const column of read) needed.get(dataset)?.add(column)
  }
  for (const { clause } of instances) {
    if (clause.form !== 'forall') continue
    for (const { domain } of clause.binders) {
      const dataset = program.datasets.find(
        (d) => d.name === ('dataset' in domain ? domain.dataset : domain.relation.split('.')[0]),
      )
      for (const column of dataset?.columns ?? []) needed.get(dataset?.name ?? '')?.add(column.name)
    }
  }
  return needed
}

function answeredDatasets(program: Program): readonly string[] {
  return program.relations.flatMap((relation) => (relation.kind === 'model' ? [relation.dataset] : []))
}
