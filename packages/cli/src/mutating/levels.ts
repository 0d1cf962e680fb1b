import { adequacyOf, answersOf, type ClauseAdequacy, type Program } from '@plumbline/core'
import { countRows } from '../checking/count-rows.ts'
import { nothingInData, spokenOf } from '../checking/nothing-in-data.ts'
import type { CommandContext } from '../context.ts'
import type { Subject } from '../project/decide.ts'
import { versionsOf } from '../project/versions.ts'
import type { lastMutation } from './last-mutation.ts'

type Found = Awaited<ReturnType<typeof lastMutation>>
type Mutation = Extract<Found, { ok: true }>['value']

/** What levels are made from: the evidence there is, of which data and versions. */
export type Standing = Pick<Subject, 'files' | 'evidence' | 'data'>

/** The level of each clause. Rows are counted only for clauses with a premise: whether any row meets it. */
export async function levelsOf(
  context: CommandContext,
  program: Program,
  { files, evidence, data }: Standing,
  mutation: Mutation,
): Promise<readonly ClauseAdequacy[]> {
  const premises = spokenOf(program).filter(({ kind }) => kind === 'premise')
  const wanted = premises.flatMap((each) => [each, { relation: each.relation, name: 'all', condition: null }])
  const counts = wanted.length === 0 ? () => undefined : await countRows(context, program, wanted)
  const unmet = nothingInData(premises, counts).flatMap(({ clauses }) => clauses.map(({ id }) => id))
  const answers = answersOf(program, evidence, { versions: versionsOf(files), data })
  return adequacyOf(program.clauses, answers, evidence, mutation, new Set(unmet))
}
