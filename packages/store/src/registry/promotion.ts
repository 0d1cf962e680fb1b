import { type Digest, isDigest, type JsonValue } from '@plumbline/core'
import type { LedgerRecord } from '../ledger/record.ts'
import type { LedgerHead } from '../ledger/scan.ts'

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
  return { model, digest, path: pathOf(digest), source, promotedAt, gate: gateHead, evidenceHead: head, record: own }
}

function readHead(value: JsonValue | undefined): LedgerHead | undefined {
  if (typeof value !== 'object' || value === null || !('seq' in value) || !('digest' in value)) return undefined
  const { seq, digest } = value
  return typeof seq === 'number' && isDigest(digest) ? { seq, digest } : undefined
}
