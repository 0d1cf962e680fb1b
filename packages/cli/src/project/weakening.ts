import { join } from 'node:path'
import type { Program, ProgramWaiver, Release, SourceSet } from '@plumbline/core'
import type { WaiverFacts } from '@plumbline/core/change'
import type { CommandContext } from '../context.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { isSignedBy } from '../revisions/ssh-signature.ts'
import { readSigners, type Signer } from '../revisions/signers.ts'
import { type KeptSpec, SIGNERS_FILE, specInProduction } from './kept-spec.ts'
import type { ProjectState } from './state.ts'

/** The spec that a release is compared for. */
export interface Proposed {
  readonly program: Program
  readonly sources: SourceSet
  /** Compare with the spec at this git revision instead of that in production. */
  readonly base?: string
}

/**
 * What of the spec in production (or at a revision) this one loses, and which of it was waived. Undefined where nothing is
 * compared: nothing is in production, or an older release promoted it.
 */
export async function weakeningsOf(
  context: CommandContext,
  state: ProjectState,
  { program, sources, base }: Proposed,
): Promise<Outcome<Release['changes']>> {
  const found = base === undefined ? await specInProduction(context, state) : await specAtBase(context, base)
  if (!found.ok) return found
  if (found.value === undefined || found.value.program.spec.digest === program.spec.digest) return success(undefined)
  const { compareSpecs, judgeWeakenings, refusable } = await import('@plumbline/core/change')
  const bounds = compareSpecs(found.value.program, program)
  // What bounds alone show to ask for as much needs no solver.
  if (refusable(bounds).length === 0) return success(undefined)
  const { compareProvenly } = await import('../revisions/compare-provenly.ts')
  const change = await compareProvenly(context, found.value.program, program)
  const weakenings = refusable(change)
  if (weakenings.length === 0) return success(undefined)
  const { historyOf, unknownHistory } = await import('../revisions/spec-history.ts')
  const { openGit } = await import('../revisions/git.ts')
  const paths = [sources.main, ...sources.others].map(({ path }) => path)
  const signers = readSigners(found.value.signers)
  const plain = await withoutParams(context)
  const subject = {
    base: found.value.program,
    here: program,
    weakenings,
    paths,
    params: context.params,
    signers,
    ...(plain === undefined ? {} : { plain }),
  }
  const history = await historyOf(openGit(context.host, context.root, context.signal), subject)
  const facts: WaiverFacts = {
    now: context.host.clock.now(),
    people: peopleOf(found.value.program, signers),
    keyed: new Set(signers.flatMap(({ people, key }) => (key === undefined ? [] : people))),
    signed: (waiver, text) => signatureOf(waiver, text, signers),
    // Without git, signatures still count.
    ...(history.ok ? history.value : unknownHistory(subject, 'git cannot be asked')),
  }
  return success(judgeWeakenings(change, program.waivers ?? [], facts, bounds))
}

/** Owners by their address, and whoever the list of signers names. */
function peopleOf({ about }: Program, signers: readonly Signer[]): ReadonlySet<string> {
  return new Set([
    ...about.owners.flatMap(({ contact }) => contact?.toLowerCase() ?? []),
    ...signers.flatMap(({ people }) => people),
  ])
}

function signatureOf(
  { person, signature }: ProgramWaiver,
  text: string,
  signers: readonly Signer[],
): ReturnType<WaiverFacts['signed']> {
  if (signature === undefined) return 'none'
  const keys = signers.flatMap(({ people, key }) => (key !== undefined && people.includes(person) ? [key] : []))
  if (keys.length === 0) return 'no-key'
  return isSignedBy(text, signature, keys) ? 'valid' : 'invalid'
}

/** The spec as it stands here without the parameters of the command. */
async function withoutParams(context: CommandContext): Promise<Program | undefined> {
  if (Object.keys(context.params).length === 0) return undefined
  const { specHere } = await import('../revisions/operand.ts')
  const read = await specHere({ ...context, params: {} })
  return read.ok ? read.value.program : undefined
}

/**
 * The spec at a revision as it says itself: parameters of this command are of this version. Only where it is no spec without
 * them it has them, too.
 */
async function specAtBase(context: CommandContext, base: string): Promise<Outcome<KeptSpec>> {
  const { specNamed } = await import('../revisions/operand.ts')
  const { commitOf, fileAt, openGit } = await import('../revisions/git.ts')
  const own = await specNamed({ ...context, params: {} }, base)
  const spec = own.ok && own.value.program === undefined ? await specNamed(context, base) : own
  if (!spec.ok) return spec
  if (spec.value.program === undefined)
    return failure(
      'cli/spec-mistakes',
      `The spec at ${base} has mistakes: ${spec.value.diagnostics.find(({ severity }) => severity === 'error')?.message ?? ''}`,
      'What it asked for is not known, so it cannot be compared.',
      'Name another revision with --base.',
    )
  const git = openGit(context.host, context.root, context.signal)
  const commit = await commitOf(git, base.split(':', 1)[0] ?? base)
  if (!commit.ok) return commit
  const listed = commit.value === undefined ? success(undefined) : await fileAt(git, commit.value, SIGNERS_FILE)
  if (!listed.ok) return listed
  const signers = listed.value === undefined ? '' : new TextDecoder().decode(listed.value)
  return success({ program: spec.value.program, signers })
}

/** The text that a person signs to make a waiver of this spec count. */
export async function textToSign(
  context: CommandContext,
  state: ProjectState,
  { program, base }: Omit<Proposed, 'sources'>,
  id: string,
): Promise<Outcome<string>> {
  const waiver = program.waivers?.find((each) => each.id === id)
  const found = base === undefined ? await specInProduction(context, state) : await specAtBase(context, base)
  if (!found.ok) return found
  const { compareSpecs, refusable, waiverText } = await import('@plumbline/core/change')
  const weakening =
    found.value === undefined
      ? undefined
      : refusable(compareSpecs(found.value.program, program)).find((change) => change.id === waiver?.clause)
  if (waiver !== undefined && weakening !== undefined) return success(waiverText(program.spec.name, waiver, weakening))
  return failure(
    'cli/nothing-to-waive',
    waiver === undefined
      ? `There is no waiver \`${id}\`.`
      : `Nothing that \`${id}\` names is weaker than in production.`,
    'A signature is of a waiver and of the change that it allows.',
    `Write the waiver first, under \`waivers\` of ${join('.', context.specFile ?? 'plumb.yaml')}; see \`plumb diff\`.`,
  )
}
