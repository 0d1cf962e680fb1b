import { type Digest, isDigest, type JsonObject, type JsonValue } from '@plumbline/core'
import type { LedgerRecord } from '../ledger/record.ts'
import type { LedgerHead } from '../ledger/scan.ts'

/** A dataset as it was when a version was promoted: the reference that drift of this version is measured against. */
export type PromotedData = {
  /** As evidence names the dataset: `bytes:sha256:…`. */
  readonly digest: string
  /** Its files, relative to the project, in the order they are read; each is kept as an artifact under its digest. */
  readonly files: readonly { readonly name: string; readonly digest: Digest }[]
}

/** That a promotion brought an older version back, and why. */
export type Rollback = {
  /** Id of the evidence that speaks against the version it replaced. */
  readonly reason: string
  /** The version it replaced. */
  readonly from: Digest
}

/** A version of a model that was promoted. */
export type Promotion = {
  readonly model: string
  /** Digest of the model file. */
  readonly digest: Digest
  /** Where the kept copy is. */
  readonly path: string
  /** The file it was promoted from, as it was given. */
  readonly source: string
  /** When, in ISO 8601 UTC. */
  readonly promotedAt: string
  /** The record of the open gate that allowed it. */
  readonly gate: LedgerHead
  /** Head of the ledger at the promotion: all evidence it could rest on. */
  readonly evidenceHead: LedgerHead
  /** The record of the promotion itself. */
  readonly record: LedgerHead
  /** By dataset name; absent where it was not recorded. */
  readonly data?: Readonly<Record<string, PromotedData>>
  /** Absent for a version that was promoted on its own merits. */
  readonly rollback?: Rollback
}

/**
 * Reads a promotion record; `undefined` if it does not have the form. Anybody may append records, and a digest becomes
 * part of a path, so the form is checked although the chain is whole.
 */
export function readPromotion(record: LedgerRecord, pathOf: (digest: Digest) => string): Promotion | undefined {
  const { model, digest, source, promotedAt, gate, evidenceHead } = record.body
  const [gateHead, head] = [readHead(gate), readHead(evidenceHead)]
  if (typeof model !== 'string' || typeof source !== 'string' || typeof promotedAt !== 'string') return undefined
  if (!isDigest(digest) || gateHead === undefined || head === undefined) return undefined
  const own = { seq: record.seq, digest: record.digest }
  const [data, rollback] = [readData(record.body['data']), readRollback(record.body['rollback'])]
  if (data === 'malformed' || rollback === 'malformed') return undefined
  return {
    model,
    digest,
    path: pathOf(digest),
    source,
    promotedAt,
    gate: gateHead,
    evidenceHead: head,
    record: own,
    ...(data === undefined ? {} : { data }),
    ...(rollback === undefined ? {} : { rollback }),
  }
}

function readData(value: JsonValue | undefined): Promotion['data'] | 'malformed' {
  if (value === undefined) return undefined
  if (!isObject(value)) return 'malformed'
  const datasets = Object.entries(value).map(([name, each]) => [name, readDataset(each)] as const)
  const read = datasets.filter((each): each is readonly [string, PromotedData] => each[1] !== undefined)
  return read.length < datasets.length ? 'malformed' : Object.fromEntries(read)
}

function readDataset(value: JsonValue): PromotedData | undefined {
  if (!isObject(value)) return undefined
  const { digest, files } = value
  if (typeof digest !== 'string' || !Array.isArray(files)) return undefined
  const read = files.flatMap((file: JsonValue) => {
    if (!isObject(file) || typeof file['name'] !== 'string' || !isDigest(file['digest'])) return []
    return [{ name: file['name'], digest: file['digest'] }]
  })
  return read.length < files.length ? undefined : { digest, files: read }
}

function readRollback(value: JsonValue | undefined): Rollback | undefined | 'malformed' {
  if (value === undefined) return undefined
  if (!isObject(value) || typeof value['reason'] !== 'string' || !isDigest(value['from'])) return 'malformed'
  return { reason: value['reason'], from: value['from'] }
}

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readHead(value: JsonValue | undefined): LedgerHead | undefined {
  if (typeof value !== 'object' || value === null || !('seq' in value) || !('digest' in value)) return undefined
  const { seq, digest } = value
  return typeof seq === 'number' && isDigest(digest) ? { seq, digest } : undefined
}
