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
  return read.ok ? { text: requirementText(read.value) } : { problem: read.error.message }
}

/** UTF-8, or UTF-16 where a byte order mark says so, as spreadsheets and requirement tools write it. */
export function requirementText(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  return new TextDecoder().decode(bytes)
}
