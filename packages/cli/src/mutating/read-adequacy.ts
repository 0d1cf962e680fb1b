import { adequacyOf, answersOf, traceMatrix } from '@plumbline/core'
import type { ReportInput } from '@plumbline/report'
import type { CommandContext } from '../context.ts'
import { type Outcome, success } from '../failure.ts'
import type { Subject } from '../project/decide.ts'
import { versionsOf } from '../project/versions.ts'
import { recordedResults } from '../tracing/foreign-results.ts'
import { readLinksFile } from '../tracing/links-file.ts'
import { lastMutation } from './last-mutation.ts'

/** States of requirements, levels of clauses and the last mutation score, for documents. */
export async function readAdequacy(
  context: CommandContext,
  { program, state, files, evidence, data }: Subject,
): Promise<Outcome<Pick<ReportInput, 'trace' | 'levels' | 'mutation'>>> {
  const links = await readLinksFile(context)
  if (!links.ok) return links
  const foreign = await recordedResults(state, program)
  if (!foreign.ok) return foreign
  const mutation = await lastMutation(state, program)
  if (!mutation.ok) return mutation
  const release = { versions: versionsOf(files), data }
  return success({
    trace: traceMatrix({ program, evidence, release, links: links.value, foreign: foreign.value }),
    levels: adequacyOf(program.clauses, answersOf(program, evidence, release), evidence, mutation.value),
    ...(mutation.value === undefined ? {} : { mutation: mutation.value }),
  })
}
