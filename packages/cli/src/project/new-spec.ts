import { isAbsolute, join, relative, sep } from 'node:path'
import { visible } from '@plumbline/core'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'

/** Where a new spec may be written: inside the project, and not over another one unless that was asked for. */
export async function newSpecPlace(
  context: CommandContext,
  verb: 'init' | 'import' | 'draft',
  spec: string,
  force: boolean,
): Promise<Outcome<void>> {
  const inside = relative(context.root, join(context.root, spec))
  if (isAbsolute(spec) || inside === '' || inside === '..' || inside.startsWith(`..${sep}`)) {
    return failure(
      `${verb}/spec-outside`,
      `${visible(spec)} does not lie in the project folder.`,
      'The paths in a spec begin at the project folder.',
      'Name a file in the folder, or name the folder with -C.',
    )
  }
  const stat = await context.host.files.stat(join(context.root, spec))
  if (!stat.ok || stat.value === undefined || (force && stat.value.kind === 'file')) return success(undefined)
  return failure(
    `${verb}/spec-exists`,
    `${visible(spec)} is there already.`,
    'What somebody decided in it would be lost.',
    'Write another one with --spec other.plumb.yaml, or overwrite it with --force.',
  )
}

/** Writes a new spec. */
export async function writeNewSpec(
  context: CommandContext,
  verb: 'init' | 'import' | 'draft',
  spec: string,
  text: string,
): Promise<Outcome<void>> {
  const written = await context.host.files.writeAtomic(join(context.root, spec), text)
  return written.ok
    ? success(undefined)
    : failure(
        `${verb}/not-written`,
        `${spec} could not be written: ${written.error.message}.`,
        'Nothing was changed.',
        'Make room, or give write permission to the folder.',
        EXIT.environment,
      )
}
