import { join } from 'node:path'
import { type CaseSet, readCases } from '@plumbline/core/cases'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { CASES_FILE, type EmittedFile } from './emitted-files.ts'

/** A file that was compared with what would be written. */
export interface ComparedFile {
  readonly path: string
  readonly changed: boolean
}

/** The committed cases of a folder; undefined where there are none yet. */
export async function committedCases(context: CommandContext, folder: string): Promise<Outcome<CaseSet | undefined>> {
  const path = join(folder, CASES_FILE)
  const text = await textAt(context, path)
  if (!text.ok || text.value === undefined) return text as Outcome<undefined>
  const cases = readCases(text.value)
  if (typeof cases !== 'string') return success(cases)
  return failure(
    'cli/cases-unreadable',
    `${path} does not hold generated cases: ${cases}.`,
    'What it was generated with is read from it, and a file of another kind is not overwritten.',
    'Move it away, or name another folder with --out.',
  )
}

/** Compares the files with what is there and, unless only that is asked, writes those that differ. */
export async function bringUpToDate(
  context: CommandContext,
  folder: string,
  files: readonly EmittedFile[],
  write: boolean,
): Promise<Outcome<readonly ComparedFile[]>> {
  const compared: ComparedFile[] = []
  for (const { name, text } of files) {
    const path = join(folder, name)
    // oxlint-disable-next-line no-await-in-loop -- a handful of files, and the first that fails ends it.
    const before = await textAt(context, path)
    if (!before.ok) return before
    const changed = before.value !== text
    compared.push({ path, changed })
    if (!changed || !write) continue
    const made = await context.host.files.mkdir(join(context.root, folder))
    const written = made.ok ? await context.host.files.writeAtomic(join(context.root, path), text) : made
    if (!written.ok)
      return failure(
        'cli/not-written',
        `${path} could not be written: ${written.error.message}.`,
        'A file is replaced as a whole or not at all; this one is as it was.',
        'Make room, or give write permission to its folder.',
        EXIT.environment,
      )
  }
  return success(compared)
}

async function textAt({ host, root }: CommandContext, path: string): Promise<Outcome<string | undefined>> {
  const stat = await host.files.stat(join(root, path))
  if (stat.ok && stat.value === undefined) return success(undefined)
  const read = stat.ok ? await host.files.readFile(join(root, path)) : stat
  if (read.ok) return success(new TextDecoder().decode(read.value))
  return failure(
    'cli/cases-unreadable',
    `${path} cannot be read: ${read.error.message}.`,
    'What is generated is compared with what is there.',
    'Check its permissions.',
    EXIT.environment,
  )
}
