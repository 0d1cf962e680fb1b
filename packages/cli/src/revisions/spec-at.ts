import { analyseParsed, type Diagnostic, loadSources, parseSpec, type Program, type SourceSet } from '@plumbline/core'
import { type Outcome, success } from '../failure.ts'
import { type FeatureFolder, readSpecFeatures } from '../project/feature-files.ts'
import { featuresAt } from '../project/feature-folder.ts'
import { withRequirementsFrom } from '../project/requirement-files.ts'
import { LARGEST_SPEC } from '../project/spec-sources.ts'
import { fileAt, type Git } from './git.ts'

/** A spec as it stood somewhere: its text, its findings, and the program unless an error stopped it. */
export interface SpecVersion {
  /** How it was named: `HEAD~2:plumb.yaml`, `old.yaml`. */
  readonly label: string
  readonly sources: SourceSet
  readonly diagnostics: readonly Diagnostic[]
  readonly program?: Program
}

/** Which spec is read at a commit. */
export interface SpecPlace {
  readonly commit: string
  /** The folder of its project, relative to that of git, with a `/` at its end; empty for that folder itself. */
  readonly folder: string
  /** Relative to the project. */
  readonly path: string
  readonly label?: string
}

/** The spec at a commit, with the files it extends as they stood there; undefined where the commit has no such file. */
export async function specAt(
  git: Git,
  { commit, folder, path, label = `${commit.slice(0, 12)}:${folder}${path}` }: SpecPlace,
  params: Readonly<Record<string, string>>,
): Promise<Outcome<SpecVersion | undefined>> {
  const bytes = await fileAt(git, commit, `${folder}${path}`)
  if (!bytes.ok) return bytes
  if (bytes.value === undefined) return success(undefined)
  const sources = await loadSources({ path, text: decoded(bytes.value) }, async (other) => {
    const read = await fileAt(git, commit, `${folder}${other}`)
    if (!read.ok) return { ok: false, why: read.failure.message }
    if (read.value === undefined) return { ok: false, why: `is not there at ${commit.slice(0, 12)}` }
    return { ok: true, text: decoded(read.value) }
  })
  const complete = await withRequirementsFrom(async (file) => {
    const read = await fileAt(git, commit, `${folder}${file}`)
    if (!read.ok) return { problem: read.failure.message }
    return read.value === undefined ? { problem: `it is not there at ${commit.slice(0, 12)}` } : { bytes: read.value }
  }, sources)
  return success(await compiled(label, complete, params, featuresAt(git, commit, folder)))
}

/** Beyond the limit the reader says so; one byte more is enough for it. */
const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes.subarray(0, LARGEST_SPEC + 1))

/** Compiles what was read, with its features from where it was. */
export async function compiled(
  label: string,
  read: SourceSet,
  params: Readonly<Record<string, string>>,
  folder: FeatureFolder,
): Promise<SpecVersion> {
  const { sources, parsed } = await readSpecFeatures(folder, read, parseSpec(read, params))
  const { value, diagnostics } = analyseParsed(sources, parsed)
  return { label, sources, diagnostics, ...(value === undefined ? {} : { program: value.identify() }) }
}
