import type { Program } from '@plumbline/core'
import { findWeakSegments, type WeakSegments } from '@plumbline/engine'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { type ModelFiles, versionsOf } from '../project/versions.ts'

/** Searches the candidate for weak segments; undefined where it has no labelled rows to be judged on. */
export async function findSegments(
  { root, signal }: Pick<CommandContext, 'root' | 'signal'>,
  program: Program,
  files: ModelFiles,
): Promise<Outcome<WeakSegments | undefined>> {
  const { candidate, production, others } = files
  const all = [candidate, production, ...Object.values(others)].filter((file) => file !== undefined)
  const found = await findWeakSegments({
    program,
    root,
    versions: versionsOf(files),
    files: new Map(all.map((file) => [file.digest, file])),
    signal,
  })
  if (found.ok) return success(found.value)
  return failure(
    'cli/engine',
    `No segments could be searched: ${found.failure.cause}`,
    'The model has to answer for labelled rows; one that a command or server runs is not asked here.',
    'Run `plumb test --stage model` to see what cannot be read.',
    EXIT.environment,
  )
}
