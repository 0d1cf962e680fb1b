import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { featuresIn } from '../project/feature-folder.ts'
import { withRequirementFiles } from '../project/requirement-files.ts'
import { findSpec } from '../project/spec-file.ts'
import { LARGEST_SPEC, readSources } from '../project/spec-sources.ts'
import { commitOf, type Git, openGit, textOf } from './git.ts'
import { compiled, specAt, type SpecVersion } from './spec-at.ts'

/**
 * The spec that an operand of `plumb diff` names: a file or folder; `REV:path` as git writes it; or a revision, at which the
 * spec of the project is meant. What is there as a file is a file.
 */
export async function specNamed(context: CommandContext, operand: string): Promise<Outcome<SpecVersion>> {
  const path = resolve(context.root, operand)
  const found = await context.host.files.stat(path)
  if (found.ok && found.value?.kind === 'file') return specOfFile(context, path, operand)
  if (found.ok && found.value?.kind === 'directory') {
    const spec = await findSpec(context.host, path, undefined)
    return spec.ok ? specOfFile(context, resolve(path, spec.value), operand) : spec
  }
  return specOfRevision(context, operand)
}

/** The spec of the project as it stands in the folder. */
export async function specHere(context: CommandContext): Promise<Outcome<SpecVersion>> {
  const spec = await findSpec(context.host, context.root, context.specFile)
  return spec.ok ? specOfFile(context, resolve(context.root, spec.value), spec.value) : spec
}

async function specOfFile(context: CommandContext, absolute: string, label: string): Promise<Outcome<SpecVersion>> {
  const inProject = relative(context.root, absolute)
  // A file elsewhere is a project of its own: what it extends lies beside it.
  const outside = inProject.startsWith(`..${sep}`) || isAbsolute(inProject)
  const root = outside ? dirname(absolute) : context.root
  const read = await context.host.files.readRange(absolute, 0, LARGEST_SPEC + 1)
  if (!read.ok)
    return failure(
      'cli/unreadable-spec',
      `The spec ${label} cannot be read: ${read.error.message}.`,
      'Nothing can be compared without it.',
      'Check its permissions.',
      EXIT.environment,
    )
  const main = { path: relative(root, absolute).split(sep).join('/'), text: new TextDecoder().decode(read.value) }
  const { host } = context
  const sources = await withRequirementFiles({ host, root }, await readSources(host, root, main))
  return success(await compiled(label, sources, context.params, featuresIn(context.host, root)))
}

async function specOfRevision(context: CommandContext, operand: string): Promise<Outcome<SpecVersion>> {
  const git = openGit(context.host, context.root, context.signal)
  const top = await topOf(git)
  if (!top.ok) return top
  const colon = operand.indexOf(':')
  const revision = colon < 0 ? operand : operand.slice(0, colon)
  const named = colon < 0 ? undefined : operand.slice(colon + 1)
  const commit = await commitOf(git, revision)
  if (!commit.ok) return commit
  if (top.value === undefined || commit.value === undefined) return unknownOperand(operand, top.value !== undefined)
  // As git has it: `REV:path` counts from the top of the repository, `REV:./path` from here.
  const fromTop = named !== undefined && !named.startsWith('./')
  const path = named === undefined ? await pathOfSpec(context) : success(named.replace(/^\.\//, ''))
  if (!path.ok) return path
  const there = fromTop ? openGit(context.host, top.value, context.signal) : git
  // A file named in a commit is a project of its own: what it extends lies beside it.
  const end = named === undefined ? 0 : path.value.lastIndexOf('/') + 1
  const place = { commit: commit.value, folder: path.value.slice(0, end), path: path.value.slice(end), label: operand }
  const spec = await specAt(there, place, context.params)
  if (!spec.ok) return spec
  if (spec.value !== undefined) return success(spec.value)
  return failure(
    'cli/no-spec',
    `There is no \`${path.value}\` at \`${revision}\`.`,
    'The commit is there, the file is not in it.',
    'Name the file as git does: `REV:path/from/the/top/plumb.yaml`.',
  )
}

async function pathOfSpec(context: CommandContext): Promise<Outcome<string>> {
  const spec = await findSpec(context.host, context.root, context.specFile)
  return spec.ok ? success(spec.value.split(sep).join('/')) : spec
}

async function topOf(git: Git): Promise<Outcome<string | undefined>> {
  const found = await git(['rev-parse', '--show-toplevel'])
  if (!found.ok) return found
  return success(found.value.exitCode === 0 ? textOf(found.value).trim() : undefined)
}

function unknownOperand(operand: string, inRepository: boolean): Outcome<never> {
  return failure(
    'cli/unknown-revision',
    `\`${operand}\` names no spec.`,
    inRepository
      ? 'It is no file here and no commit of this repository.'
      : 'It is no file here, and the project is in no git repository.',
    'Name a file, a folder, a revision such as `HEAD~1` or `v1.2.0`, or `REV:path`.',
  )
}
