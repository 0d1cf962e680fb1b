import { join } from 'node:path'
import {
  namedRequirementFiles,
  readRequirements,
  readZippedRequirements,
  type RequirementFile,
  type SourceSet,
} from '@plumbline/core'
import type { CommandContext } from '../context.ts'
import { unzip } from './unzip.ts'

/** A file of requirements may not be larger than a spec. */
const LARGEST = 2 * 1024 * 1024
/** An archive may hold pictures, which are not unpacked. */
const LARGEST_ARCHIVE = 32 * 1024 * 1024
const MOST_ENTRIES = 10_000

const isArchive = (path: string): boolean => /\.reqifz$/i.test(path)

/** The sources with the files of requirements that the spec names; what cannot be read is a finding of `check`, no failure. */
export function withRequirementFiles(
  context: Pick<CommandContext, 'host' | 'root'>,
  sources: SourceSet,
): Promise<SourceSet> {
  return withRequirementsFrom((path) => bytesOf(context, path), sources)
}

/** Where files of requirements are read from: a project folder, or a commit. */
export type ReadRequirementFile = (
  path: string,
) => Promise<{ readonly bytes: Uint8Array } | { readonly problem: string }>

/** The same, read from wherever the spec is. */
export async function withRequirementsFrom(readFile: ReadRequirementFile, sources: SourceSet): Promise<SourceSet> {
  const paths = [sources.main, ...sources.others].flatMap(namedRequirementFiles)
  if (paths.length === 0) return sources
  const requirements: RequirementFile[] = []
  for (const path of new Set(paths)) {
    const read = await readFile(path)
    requirements.push('problem' in read ? unread(path, read.problem) : await requirementsIn(path, read.bytes))
  }
  return { ...sources, requirements }
}

const unread = (path: string, what: string): RequirementFile => ({ path, requirements: [], problems: [{ what }] })

async function requirementsIn(path: string, bytes: Uint8Array): Promise<RequirementFile> {
  if (!isArchive(path)) {
    const read = requirementText(bytes)
    return 'problem' in read ? unread(path, read.problem) : readRequirements(path, read.text)
  }
  const limits = { bytes: LARGEST, entries: MOST_ENTRIES }
  const archive = unzip(bytes, (name) => /\.reqif$/i.test(name), limits)
  if ('problem' in archive) return unread(path, archive.problem)
  const texts: { name: string; text: string }[] = []
  for (const { name, bytes: unpacked } of archive.files) {
    const read = requirementText(unpacked)
    if ('problem' in read) return unread(path, `of ${name} in it, ${read.problem}`)
    texts.push({ name, text: read.text })
  }
  return readZippedRequirements(path, texts)
}

async function bytesOf(
  { host, root }: Pick<CommandContext, 'host' | 'root'>,
  path: string,
): Promise<{ readonly bytes: Uint8Array } | { readonly problem: string }> {
  const absolute = join(root, path)
  const stat = await host.files.stat(absolute)
  if (!stat.ok) return { problem: stat.error.message }
  if (stat.value === undefined) return { problem: 'there is no such file' }
  if (stat.value.kind !== 'file') return { problem: 'it is not a file' }
  const largest = isArchive(path) ? LARGEST_ARCHIVE : LARGEST
  if (stat.value.size > largest) return { problem: `it is larger than ${largest / 2 ** 20} MiB` }
  const read = await host.files.readFile(absolute)
  return read.ok ? { bytes: read.value } : { problem: read.error.message }
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
