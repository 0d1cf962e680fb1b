import { dirname, join } from 'node:path'
import { LINKS_FILE, linksOf, type Program, readLinks, type RequirementLinks } from '@plumbline/core'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'

/** The recorded links of the project; undefined where none were recorded. */
export async function readLinksFile(context: CommandContext): Promise<Outcome<RequirementLinks | undefined>> {
  const read = await context.host.files.readFile(join(context.root, LINKS_FILE))
  if (!read.ok) {
    if (read.error.kind === 'not-found') return success(undefined)
    return failure(
      'cli/unreadable-links',
      `${LINKS_FILE} cannot be read: ${read.error.message}.`,
      'It says which text of a requirement each clause was linked to.',
      'Check its permissions.',
      EXIT.environment,
    )
  }
  const links = readLinks(parsed(new TextDecoder().decode(read.value)))
  if (links !== undefined) return success(links)
  return failure(
    'cli/bad-links',
    `${LINKS_FILE} is not a record of links.`,
    'It is the JSON that `plumb trace --link` writes.',
    'Restore it from version control, or remove it and link again.',
  )
}

/** Records the links as they are now, of the requirements named or of all, and gives all that are recorded then. */
export async function writeLinksFile(
  context: CommandContext,
  program: Program,
  earlier: RequirementLinks | undefined,
  only: readonly string[],
): Promise<Outcome<RequirementLinks>> {
  const unknown = only.find((id) => !program.about.requirements.some((each) => each.id === id))
  if (unknown !== undefined)
    return failure(
      'cli/unknown-requirement',
      `There is no requirement \`${unknown}\`.`,
      '`--link` takes ids of requirements, or nothing for all of them.',
      'See `plumb trace` for the ids.',
    )
  const links = linksOf(program, earlier, only.length === 0 ? undefined : new Set(only))
  const path = join(context.root, LINKS_FILE)
  const made = await context.host.files.mkdir(dirname(path))
  const written = made.ok ? await context.host.files.writeAtomic(path, `${JSON.stringify(links, null, 2)}\n`) : made
  if (written.ok) return success(links)
  return failure(
    'cli/not-written',
    `${LINKS_FILE} could not be written: ${written.error.message}.`,
    'Links that are not recorded are not watched for changes.',
    'Check the permissions of the project folder.',
    EXIT.environment,
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
