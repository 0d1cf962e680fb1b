import type { Program } from '@plumbline/core'
import { findWeakSegments, type WeakSegments } from '@plumbline/engine'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { runnerPorts } from '../project/run-tests.ts'
import { type ModelFiles, versionsOf } from '../project/versions.ts'

/** Searches the candidate for weak segments; undefined where it has no labelled rows to be judged on. */
export async function findSegments(
  context: Pick<CommandContext, 'root' | 'signal' | 'host'>,
  program: Program,
  files: ModelFiles,
  trusted: boolean,
): Promise<Outcome<WeakSegments | undefined>> {
  const { candidate, production, others } = files
  const all = [candidate, production, ...Object.values(others)].filter((file) => file !== undefined)
  const found = await findWeakSegments({
    program,
    root: context.root,
    versions: versionsOf(files),
    files: new Map(all.map((file) => [file.digest, file])),
    runners: runnerPorts(context, trusted),
    signal: context.signal,
  })
  if (found.ok) return success(found.value)
  return failure(
    'cli/engine',
    `No segments could be searched: ${found.failure.cause}`,
    'The model has to answer for labelled rows.',
    'Run `plumb test --stage model` to see what cannot be read; a model that a program or server runs is asked with --trust.',
    EXIT.environment,
  )
}
