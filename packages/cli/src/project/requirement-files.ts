import { join } from 'node:path'
import { namedRequirementFiles, readRequirements, type RequirementFile, type SourceSet } from '@plumbline/core'
import type { CommandContext } from '../context.ts'

/** A file of requirements may not be larger than a spec. */
const LARGEST = 2 * 1024 * 1024

/** The sources with the files of requirements that the spec names; what cannot be read is a finding of `check`, no failure. */
export function withRequirementFiles(
  context: Pick<CommandContext, 'host' | 'root'>,
  sources: SourceSet,
): Promise<SourceSet> {
  return withRequirementsFrom((path) => textOf(context, path), sources)
}

/** Where files of requirements are read from: a project folder, or a commit. */
export type ReadRequirementFile = (path: string) => Promise<{ readonly text: string } | { readonly problem: string }>

/** The same, read from wherever the spec is. */
export async function withRequirementsFrom(readFile: ReadRequirementFile, sources: SourceSet): Promise<SourceSet> {
  const paths = [sources.main, ...sources.others].flatMap(namedRequirementFiles)
  if (paths.length === 0) return sources
  const requirements: RequirementFile[] = []
  for (const path of new Set(paths)) {
    const read = await readFile(path)
    requirements.push(
      'problem' in read
        ? { path, requirements: [], problems: [{ what: read.problem }] }
        : await readRequirements(path, read.text),
    )
  }
  return { ...sources, requirements }
}

async function textOf(
  { host, root }: Pick<CommandContext, 'host' | 'root'>,
  path: string,
): Promise<{ readonly text: string } | { readonly problem: string }> {
  const absolute = join(root, path)
  const stat = await host.files.stat(absolute)
  if (!stat.ok) return { problem: stat.error.message }
  if (stat.value === undefined) return { problem: 'there is no such file' }
  if (stat.value.kind !== 'file') return { problem: 'it is not a file' }
  if (stat.value.size > LARGEST) return { problem: 'it is larger than 2 MiB' }
  const read = await host.files.readFile(absolute)
  return read.ok ? requirementText(read.value) : { problem: read.error.message }
}

/** UTF-8, or UTF-16 where a byte order mark says so, as spreadsheets and requirement tools write it. */
export function requirementText(bytes: Uint8Array): { readonly text: string } | { readonly problem: string } {
  const [first, second] = bytes
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) }
  } catch {
    // Words with letters replaced would be another requirement than the one that was written.
    return { problem: 'it is neither UTF-8 nor UTF-16; save it as UTF-8' }
  }
}
