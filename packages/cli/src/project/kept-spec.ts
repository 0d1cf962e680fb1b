import { join } from 'node:path'
import {
  canonicalJson,
  type Digest,
  digestBytes,
  isDigest,
  type JsonValue,
  type Program,
  reviveTags,
} from '@plumbline/core'
import { type Artifacts, artifactFailureText, failureText, registryFailureText } from '@plumbline/store'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import type { ProjectState } from './state.ts'

/** The file that lists who may waive a weakening, and the keys they sign with. */
export const SIGNERS_FILE = 'plumb.signers'

/** What a version in production was promoted by: its spec, lowered, and who could waive a weakening of it. */
export interface KeptSpec {
  readonly program: Program
  /** The text of `plumb.signers`; empty where there was none. */
  readonly signers: string
}

/** Keeps the program and the list of signers as an artifact, so that the next version can be compared with it. */
export async function keepSpec(
  context: CommandContext,
  program: Program,
  artifacts: Artifacts,
): Promise<Outcome<Digest>> {
  const signers = await signersHere(context)
  if (!signers.ok) return signers
  const kept = await artifacts.putBytes(
    new TextEncoder().encode(canonicalJson({ schema: 'plumbline/kept-spec/1', program, signers: signers.value })),
  )
  if (kept.ok) return success(kept.value)
  return failure(
    'cli/not-kept',
    `The spec could not be kept under .plumb/: ${artifactFailureText(kept.failure).replace(/\.$/, '')}.`,
    'The next version is compared with it, so that no clause becomes weaker in silence.',
    'Make room or give write permission to .plumb/.',
    EXIT.environment,
  )
}

async function signersHere({ host, root }: CommandContext): Promise<Outcome<string>> {
  const path = join(root, SIGNERS_FILE)
  const found = await host.files.stat(path)
  if (found.ok && found.value === undefined) return success('')
  const read = await host.files.readFile(path)
  if (read.ok) return success(new TextDecoder().decode(read.value))
  return failure(
    'cli/unreadable-signers',
    `${SIGNERS_FILE} cannot be read: ${read.error.message.replace(/\.$/, '')}.`,
    'It lists who may waive a weakening of the spec.',
    'Check its permissions.',
    EXIT.environment,
  )
}

/** The spec of the version in production; undefined where there is none, or none was kept (by an older release). */
export async function specInProduction(
  context: CommandContext,
  state: ProjectState,
): Promise<Outcome<KeptSpec | undefined>> {
  const champion = await state.registry.champion('champion')
  if (!champion.ok) return unknown(registryFailureText(champion.failure))
  if (champion.value === undefined) return success(undefined)
  const { seq } = champion.value.gate
  const records = await state.ledger.select((record) => record.seq === seq)
  if (!records.ok) return unknown(failureText(records.failure))
  const digest = records.value[0]?.body['keptSpec']
  if (digest === undefined) return success(undefined)
  if (!isDigest(digest)) return unknown('the record of its gate names no digest')
  const read = await context.host.files.readFile(state.artifacts.path(digest))
  if (!read.ok) return unknown(read.error.message)
  if (digestBytes(read.value) !== digest) return unknown('its kept copy has been changed')
  const kept = JSON.parse(new TextDecoder().decode(read.value)) as {
    readonly program: JsonValue
    readonly signers: string
  }
  return success({ program: reviveTags(kept.program) as unknown as Program, signers: kept.signers })
}

/** Not to know is not to be free: what cannot be compared is not opened. */
function unknown(why: string): Outcome<never> {
  return failure(
    'cli/no-base',
    `The spec of the version in production cannot be read: ${why.replace(/\.$/, '')}.`,
    'A gate that does not know what held before could not see a clause become weaker.',
    'Bring back .plumb/artifacts from a copy, or name a revision with --base.',
    EXIT.environment,
  )
}
