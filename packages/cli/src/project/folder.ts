import { EXIT } from '../exit-codes.ts'
import type { CommandContext } from '../context.ts'
import { failure, type Outcome, success } from '../failure.ts'

/** Whether the project folder (`-C`) is there; every verb works in one. */
export async function findFolder({ host, root }: Pick<CommandContext, 'host' | 'root'>): Promise<Outcome<void>> {
  const found = await host.files.stat(root)
  if (found.ok && found.value?.kind === 'directory') return success(undefined)
  const why = 'A project is a folder with a spec in it.'
  if (found.ok && found.value === undefined)
    return failure('cli/no-folder', `There is no folder ${root}.`, why, 'Name an existing folder with -C.')
  if (found.ok)
    return failure('cli/no-folder', `${root} is not a folder.`, why, 'Name the folder that holds the file with -C.')
  return failure(
    'cli/no-folder',
    `The folder ${root} cannot be opened: ${found.error.message}.`,
    why,
    'Check its permissions.',
    found.error.kind === 'not-a-directory' ? EXIT.usage : EXIT.environment,
  )
}
