import { join } from 'node:path'
import {
  type Analysed,
  analyseParsed,
  type Diagnostic,
  type Override,
  parseSpec,
  type Program,
  type SourceFile,
  type SourceSet,
  type Spec,
} from '@plumbline/core'
import type { Features } from '@plumbline/gherkin'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { readSpecFeatures } from './feature-files.ts'
import { featuresIn } from './feature-folder.ts'
import { withRequirementFiles } from './requirement-files.ts'
import { findSpec } from './spec-file.ts'
import { LARGEST_SPEC, readSources } from './spec-sources.ts'

interface ReadSpec {
  readonly path: string
  readonly sources: SourceSet
  readonly diagnostics: readonly Diagnostic[]
  /** What its author wrote, without the clauses of features; unless a declaration was lost. */
  readonly spec?: Spec
  /** The features it names, unless they have mistakes. */
  readonly features?: Features
}

/** A compiled spec: its text, its findings, and the program unless an error stopped it. */
export interface LoadedSpec extends ReadSpec {
  readonly program?: Program
  /** What took the place of what another file of the spec says. */
  readonly overrides: readonly Override[]
}

/** A spec in which mistakes were looked for: its text, its findings, and its clauses unless an error stopped it. */
export interface CheckedSpec extends ReadSpec {
  readonly analysed?: Analysed
}

/** Reads and compiles the spec of the project. A spec with mistakes is a value; only a file that cannot be read fails. */
export async function loadSpec(context: CommandContext): Promise<Outcome<LoadedSpec>> {
  const checked = await checkSpec(context)
  if (!checked.ok) return checked
  const { analysed, ...read } = checked.value
  const program = analysed === undefined ? {} : { program: analysed.identify() }
  return success({ ...read, ...program, overrides: analysed?.overrides ?? [] })
}

/** The same without the program: for who wants to know of mistakes only. */
export async function checkSpec(context: CommandContext): Promise<Outcome<CheckedSpec>> {
  const found = await findSpec(context.host, context.root, context.specFile)
  if (!found.ok) return found
  const path = found.value
  const main = await readSpecFile(context, path)
  if (!main.ok) return main
  const own = await withRequirementFiles(context, await readSources(context.host, context.root, main.value))
  const written = parseSpec(own, context.params)
  const folder = featuresIn(context.host, context.root)
  const { sources, parsed, features } = await readSpecFeatures(folder, own, written)
  const { value, diagnostics } = analyseParsed(sources, parsed)
  return success({
    path,
    sources,
    diagnostics,
    ...(written.value === undefined ? {} : { spec: written.value }),
    ...(features === undefined ? {} : { features }),
    ...(value === undefined ? {} : { analysed: value }),
  })
}

/** Reads a spec as text; of one that is too large only as much as shows it. `path` is relative to the project folder. */
export async function readSpecFile(context: CommandContext, path: string): Promise<Outcome<SourceFile>> {
  const absolute = join(context.root, path)
  const stat = await context.host.files.stat(absolute)
  if (stat.ok && stat.value !== undefined && stat.value.kind !== 'file')
    return failure(
      'cli/no-spec',
      `${path} is not a file.`,
      'A spec is read as a whole; a folder, a pipe or a device cannot be.',
      'Name the spec with --spec, or write one with `plumb init DATA.csv`.',
    )
  const size = stat.ok ? (stat.value?.size ?? 0) : 0
  // The beginning is enough to say that it is too large; reading all of it would be what the limit prevents.
  const read =
    size > LARGEST_SPEC
      ? await context.host.files.readRange(absolute, 0, LARGEST_SPEC + 1)
      : await context.host.files.readFile(absolute)
  if (!read.ok)
    return failure(
      'cli/unreadable-spec',
      `The spec ${path} cannot be read: ${read.error.message}.`,
      'Nothing can be checked without it.',
      stat.ok && stat.value === undefined ? 'Check its name, and the folder it is in.' : 'Check its permissions.',
      EXIT.environment,
    )
  return success({ path, text: new TextDecoder().decode(read.value) })
}
