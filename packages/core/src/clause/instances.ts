import type { Clause, SliceRef, Stage } from './clause.ts'
import type { Program } from './program.ts'

/** One question with one answer: a clause, asked of one slice of one relation. */
export interface Instance {
  readonly clause: Clause
  readonly relation: string
  readonly stage: Stage
  readonly slice: SliceRef
}

/** The instances of a program, in its order: clauses × relations × slices. */
export function instancesOf(program: Program, stages: readonly Stage[]): readonly Instance[] {
  return program.clauses.flatMap((clause) =>
    clause.of
      .filter((target) => stages.includes(target.stage))
      .flatMap(({ relation, stage }) => clause.slices.map((slice) => ({ clause, relation, stage, slice }))),
  )
}

/** Names an instance as reports do: `id`, `id [slice]`, `id on relation [slice]` where a clause has several relations. */
export function instanceName(instance: {
  readonly clause: string
  readonly relation: string
  readonly slice: string
}): string {
  return `${instance.clause} on ${instance.relation}${instance.slice === 'all' ? '' : ` [${instance.slice}]`}`
}
