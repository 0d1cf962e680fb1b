import { clockMark, type Digest, type Host, type JsonObject } from '@plumbline/core'
import type { ArtifactFailure, Artifacts } from '../artifacts/artifacts.ts'
import { artifactFailureText } from '../artifacts/artifacts.ts'
import type { Acknowledgement } from '../ledger/append.ts'
import { failureText, type LedgerFailure } from '../ledger/broken.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { LedgerBody, LedgerRecord } from '../ledger/record.ts'
import type { LedgerHead } from '../ledger/scan.ts'
import { versionBefore } from './lineage.ts'
import { type PromotedData, type Promotion, readPromotion } from './promotion.ts'

/** Why a promotion was refused, or a champion cannot be named. */
export type RegistryFailure =
  | { readonly kind: 'ledger'; readonly failure: LedgerFailure }
  | { readonly kind: 'artifact'; readonly failure: ArtifactFailure }
  /** The file does not have the digest that the gate decided on. */
  | { readonly kind: 'digest-mismatch'; readonly expected: Digest; readonly found: Digest }
  /** No such record, no gate record, a closed gate, or a gate for another candidate. */
  | { readonly kind: 'no-open-gate'; readonly why: string }
  /** The version in production is another one, or there is none before it. */
  | { readonly kind: 'not-before'; readonly why: string }
  /** A promotion record was not written by this registry. */
  | { readonly kind: 'malformed'; readonly seq: number }

/** A value, or the failure of a registry operation. */
export type RegistryResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: RegistryFailure }

/** What to promote, and by what right. */
export type PromoteRequest = {
  /** Name of the model in the spec. */
  readonly model: string
  readonly artifactPath: string
  /** How the record names the file; default `artifactPath`. Relative to the project, so that a ledger can move. */
  readonly source?: string
  /** Digest that the gate decided on. */
  readonly digest: Digest
  /** The acknowledged record `{kind: 'gate', open: true, model, candidate: <digest>, …}`. */
  readonly gateRecord: LedgerHead
  /** The datasets as they are now; their files are kept as artifacts already. */
  readonly data?: Readonly<Record<string, PromotedData>>
  /** More for the record, such as who asked; it may not redefine the members above. */
  readonly details?: JsonObject
  /** Records written with the promotion, or not at all. */
  readonly also?: readonly LedgerBody[]
}

/** Which version to bring back, and why. */
export type RollbackRequest = {
  readonly model: string
  /** The version that is in production now. */
  readonly from: Digest
  /** The version before it, as `versionBefore` of the history says. */
  readonly to: Digest
  /** Id of the evidence that speaks against the version in production. */
  readonly reason: string
  /** Records written with the promotion, or not at all. */
  readonly also?: readonly LedgerBody[]
}

/** The roles of models, read from the ledger. */
export type Registry = {
  /** The version now in production, its copy checked; `undefined` if none was ever promoted. */
  readonly champion: (model: string) => Promise<RegistryResult<Promotion | undefined>>
  /** All promotions of a model, oldest first; copies are not checked. */
  readonly history: (model: string) => Promise<RegistryResult<readonly Promotion[]>>
  /** Keeps a copy of the file and makes it the champion. */
  readonly promote: (request: PromoteRequest) => Promise<RegistryResult<Promotion>>
  /** Promotes the version before the one in production again, by the right it was promoted with then. */
  readonly rollback: (request: RollbackRequest) => Promise<RegistryResult<Promotion>>
}

/** Opens the registry over a ledger and an artifact store. Every call reads the ledger from its start. */
export function openRegistry(host: Host, ledger: Ledger, artifacts: Artifacts): Registry {
  const history = async (model: string): Promise<RegistryResult<readonly Promotion[]>> => {
    const found = await ledger.select(({ body }) => body.kind === 'promotion' && body['model'] === model)
    if (!found.ok) return { ok: false, failure: { kind: 'ledger', failure: found.failure } }
    const promotions: Promotion[] = []
    for (const record of found.value) {
      const promotion = readPromotion(record, artifacts.path)
      if (promotion === undefined) return { ok: false, failure: { kind: 'malformed', seq: record.seq } }
      promotions.push(promotion)
    }
    return { ok: true, value: promotions }
  }

  const champion = async (model: string): Promise<RegistryResult<Promotion | undefined>> => {
    const all = await history(model)
    if (!all.ok) return all
    const last = all.value.at(-1)
    if (last === undefined) return { ok: true, value: undefined }
    const checked = await artifacts.check(last.digest)
    return checked.ok
      ? { ok: true, value: last }
      : { ok: false, failure: { kind: 'artifact', failure: checked.failure } }
  }

  const promote = async (request: PromoteRequest): Promise<RegistryResult<Promotion>> => {
    const kept = await artifacts.put(request.artifactPath)
    if (!kept.ok) return { ok: false, failure: { kind: 'artifact', failure: kept.failure } }
    if (kept.value !== request.digest) {
      return { ok: false, failure: { kind: 'digest-mismatch', expected: request.digest, found: kept.value } }
    }
    return untilUnmoved(() => decide(request))
  }

  const decide = async (request: PromoteRequest): Promise<RegistryResult<Promotion>> => {
    const records = await ledger.select()
    if (!records.ok) return { ok: false, failure: { kind: 'ledger', failure: records.failure } }
    const refusal = gateRefusal(records.value, request)
    const last = records.value.at(-1)
    if (refusal !== undefined || last === undefined) {
      return { ok: false, failure: { kind: 'no-open-gate', why: refusal ?? 'the ledger is empty' } }
    }
    const body = {
      ...request.details,
      ...(request.data === undefined ? {} : { data: request.data }),
      kind: 'promotion',
      model: request.model,
      digest: request.digest,
      source: request.source ?? request.artifactPath,
      gate: headOf(request.gateRecord),
      evidenceHead: headOf(last),
      promotedAt: new Date(host.clock.now()).toISOString(),
      ...clockMark(host.clock),
    }
    return write(body, last.digest, request)
  }

  /** Writes a promotion and what belongs to it, unless somebody wrote since `after`. */
  const write = async <B extends Omit<Promotion, 'path' | 'record'> & LedgerBody>(
    body: B,
    after: Digest,
    { also = [] }: { readonly also?: readonly LedgerBody[] },
  ): Promise<RegistryResult<Promotion>> => {
    const written = await ledger.append([body, ...also], { after })
    if (!written.ok) return { ok: false, failure: { kind: 'ledger', failure: written.failure } }
    const [record] = written.value as [Acknowledgement]
    return { ok: true, value: { ...body, path: artifacts.path(body.digest), record } }
  }

  const rollback = (request: RollbackRequest): Promise<RegistryResult<Promotion>> =>
    untilUnmoved(() => bringBack(request))

  const bringBack = async (request: RollbackRequest): Promise<RegistryResult<Promotion>> => {
    const head = await ledger.head()
    if (!head.ok) return { ok: false, failure: { kind: 'ledger', failure: head.failure } }
    const all = await history(request.model)
    if (!all.ok) return all
    const now = all.value.at(-1)
    const before = versionBefore(all.value)
    const refuse = (why: string): RegistryResult<never> => ({ ok: false, failure: { kind: 'not-before', why } })
    if (now?.digest !== request.from)
      return refuse(`${now?.digest ?? 'no version'} is in production, not ${request.from}`)
    if (before === undefined) return refuse(`there is no version before ${request.from}`)
    if (before.digest !== request.to)
      return refuse(`the version before ${request.from} is ${before.digest}, not ${request.to}`)
    const checked = await artifacts.check(before.digest)
    if (!checked.ok) return { ok: false, failure: { kind: 'artifact', failure: checked.failure } }
    const { model, digest, source, gate, data } = before
    const body = {
      ...(data === undefined ? {} : { data }),
      kind: 'promotion',
      model,
      digest,
      source,
      gate,
      evidenceHead: headOf(head.value),
      promotedAt: new Date(host.clock.now()).toISOString(),
      ...clockMark(host.clock),
      rollback: { reason: request.reason, from: request.from },
    }
    return write(body, head.value.digest, request)
  }

  return { champion, history, promote, rollback }
}

/** How often a decision is made anew because others wrote meanwhile. */
const TRIES = 20

/** Somebody wrote between reading and writing, perhaps the record of a gate that closed: read again. */
async function untilUnmoved(decide: () => Promise<RegistryResult<Promotion>>): Promise<RegistryResult<Promotion>> {
  for (let tries = 1; ; tries++) {
    const decided = await decide()
    const moved = !decided.ok && decided.failure.kind === 'ledger' && decided.failure.failure.kind === 'moved'
    if (!moved || tries === TRIES) return decided
  }
}

/** Why this record gives no right to promote; `undefined` if it does. */
function gateRefusal(records: readonly LedgerRecord[], request: PromoteRequest): string | undefined {
  const { seq, digest } = request.gateRecord
  const record = records[seq - 1]
  if (record?.digest !== digest) return `the ledger has no record ${seq} with the digest ${digest}`
  const { body } = record
  if (body.kind !== 'gate') return `record ${seq} is not the decision of a gate`
  if (!isForProduction(record)) return `the gate of record ${seq} decided for staging`
  if (body['open'] !== true) return `the gate of record ${seq} is closed`
  if (body['model'] !== request.model) return `the gate of record ${seq} decided on another model`
  if (body['candidate'] !== request.digest) return `the gate of record ${seq} decided on other bytes`
  const later = records
    .slice(seq)
    .find(
      (next) =>
        next.body.kind === 'gate' &&
        isForProduction(next) &&
        next.body['model'] === request.model &&
        next.body['candidate'] === request.digest,
    )
  return later === undefined ? undefined : `record ${later.seq} decided on the same bytes again, after record ${seq}`
}

/** Records of 0.1.0 name no environment: there was one. */
const isForProduction = ({ body }: LedgerRecord): boolean => (body['environment'] ?? 'production') === 'production'

function headOf({ seq, digest }: LedgerHead): { readonly seq: number; readonly digest: Digest } {
  return { seq, digest }
}

/** One sentence for a failure. */
export function registryFailureText(failure: RegistryFailure): string {
  switch (failure.kind) {
    case 'ledger':
      return failureText(failure.failure)
    case 'artifact':
      return artifactFailureText(failure.failure)
    case 'digest-mismatch':
      return `The file has the digest ${failure.found}, but the gate decided on ${failure.expected}.`
    case 'malformed':
      return `Record ${failure.seq} of the ledger says it is a promotion but does not have the form of one.`
    case 'not-before':
      return `It cannot be rolled back: ${failure.why}.`
    case 'no-open-gate':
      return `There is no open gate for this promotion: ${failure.why}.`
  }
}
