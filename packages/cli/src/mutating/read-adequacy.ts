import { traceMatrix } from '@plumbline/core'
import type { ReportInput } from '@plumbline/report'
import type { CommandContext } from '../context.ts'
import { type Outcome, success } from '../failure.ts'
import type { Subject } from '../project/decide.ts'
import { versionsOf } from '../project/versions.ts'
import { recordedResults } from '../tracing/foreign-results.ts'
import { readLinksFile } from '../tracing/links-file.ts'
import { lastMutation } from './last-mutation.ts'
import { levelsOf } from './levels.ts'

/** States of requirements, levels of clauses and the last mutation score, for documents. */
export async function readAdequacy(
  context: CommandContext,
  subject: Subject,
): Promise<Outcome<Pick<ReportInput, 'trace' | 'levels' | 'mutation'>>> {
  const { program, state, files, evidence, data } = subject
  const links = await readLinksFile(context)
  if (!links.ok) return links
  const foreign = await recordedResults(state, program)
  if (!foreign.ok) return foreign
  const mutation = await lastMutation(state, program)
  if (!mutation.ok) return mutation
  const release = { versions: versionsOf(files), data }
  const levels = await levelsOf(context, program, subject, mutation.value)
  return success({
    trace: traceMatrix({ program, evidence, release, links: links.value, foreign: foreign.value, levels }),
    levels,
    ...(mutation.value === undefined ? {} : { mutation: mutation.value }),
  })
}
