import { join } from 'node:path'
import { canonicalJson, type Evidence, type JsonObject, reviveTags } from '@plumbline/core'
import {
  type Artifacts,
  failureText,
  type Ledger,
  type LedgerBody,
  type LedgerFailure,
  openArtifacts,
  openLedger,
  openRegistry,
  type Registry,
} from '@plumbline/store'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'

/** What a project remembers, under `.plumb/`. */
export interface ProjectState {
  readonly ledger: Ledger
  readonly artifacts: Artifacts
  readonly registry: Registry
}

/** Opens the state of a project; nothing is read or written yet. */
export function openState(context: Pick<CommandContext, 'host' | 'root'>): ProjectState {
  const ledger = openLedger(context.host, join(context.root, '.plumb', 'ledger'))
  const artifacts = openArtifacts(context.host, join(context.root, '.plumb', 'artifacts'))
  return { ledger, artifacts, registry: openRegistry(context.host, ledger, artifacts) }
}

/** A value as a plain JSON object, its int64 and non-finite numbers tagged, as the ledger keeps it. */
export function toJson(value: object): JsonObject {
  return JSON.parse(canonicalJson(value)) as JsonObject
}

/** The body of an evidence record. */
export function evidenceBody(evidence: Evidence): LedgerBody {
  return { kind: 'evidence', evidence: toJson(evidence) }
}

/** All evidence of the ledger, oldest first. A broken ledger is a failure: evidence that cannot be trusted decides nothing. */
export async function readEvidence(ledger: Ledger): Promise<Outcome<readonly Evidence[]>> {
  const records = await readEvidenceRecords(ledger)
  return records.ok ? success(records.value.map(({ evidence }) => evidence)) : records
}

/** A piece of evidence and the number of its record. */
export interface EvidenceRecord {
  readonly seq: number
  readonly evidence: Evidence
}

/** All evidence of the ledger with where it stands, oldest first. */
export async function readEvidenceRecords(ledger: Ledger): Promise<Outcome<readonly EvidenceRecord[]>> {
  const records = await ledger.select(({ body }) => body.kind === 'evidence')
  if (!records.ok) return ledgerFailure(records.failure)
  return success(
    records.value.map(({ seq, body }) => ({
      seq,
      evidence: reviveTags(body['evidence'] ?? null) as unknown as Evidence,
    })),
  )
}

/** What a ledger that cannot be read, or not be trusted, means to a user. */
export function ledgerFailure(found: LedgerFailure): Outcome<never> {
  const unread = found.kind === 'host'
  return failure(
    'cli/ledger',
    unread ? `The ledger cannot be read: ${failureText(found)}.` : failureText(found),
    unread
      ? 'Decisions read evidence and nothing else.'
      : 'Decisions read evidence and nothing else; this ledger cannot be trusted.',
    unread ? 'Check that .plumb/ is a folder, and its permissions.' : 'Run `plumb verify` to see the place.',
    EXIT.environment,
  )
}

/** Appends records, or says why the disk refused. */
export async function appendRecords(
  ledger: Ledger,
  bodies: readonly LedgerBody[],
): Promise<Outcome<{ readonly seq: number; readonly digest: `sha256:${string}` } | undefined>> {
  const written = await ledger.append(bodies)
  if (written.ok) return success(written.value.at(-1))
  return failure(
    'cli/not-written',
    `The ledger could not be written: ${failureText(written.failure).replace(/\.$/, '')}.`,
    'A verdict counts only once it is in the ledger.',
    'Make room or give write permission to .plumb/, then run again.',
    EXIT.environment,
  )
}
