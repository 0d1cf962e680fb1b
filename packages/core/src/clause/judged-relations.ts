import type { Program, ProgramRelation } from './program.ts'

/** A relation with a model's answers. */
export type ModelRelation = Extract<ProgramRelation, { kind: 'model' }>

/**
 * The relations of a model that clauses judge it on, the one that most clauses name first. Contracts of outputs are asked of
 * every row there is, and what holds for all inputs of no rows; where a model is judged, authors say.
 */
export function judgedRelations({ relations, clauses }: Program, model: string): readonly ModelRelation[] {
  const judging = clauses.filter(({ form, origin }) => origin !== 'contract' && (form === 'must' || form === 'every'))
  const named = judging.flatMap(({ of }) => of.map(({ relation }) => relation))
  const count = (name: string): number => named.filter((each) => each === name).length
  return relations
    .filter((each): each is ModelRelation => each.kind === 'model' && each.model === model && count(each.name) > 0)
    .toSorted((a, b) => count(b.name) - count(a.name))
}
