import type { Evidence, GateDecision, Program } from '@plumbline/core'
import type { Bin } from './svg/histogram.ts'

/** A record of the ledger: its number and the digest of the chain up to it. */
export interface LedgerPoint {
  readonly seq: number
  readonly digest: string
}

/** A version that was made the champion; structurally what the registry's history holds. */
export interface PromotionEntry {
  /** The role it was promoted to, `champion`. */
  readonly model: string
  readonly digest: string
  readonly promotedAt: string
  readonly source?: string
  readonly record?: LedgerPoint
}

/** How the values of one column lie. */
export interface Distribution {
  readonly relation: string
  readonly column: string
  readonly bins: readonly Bin[]
}

/** Everything a document is rendered from. */
export interface ReportInput {
  readonly program: Program
  /** Oldest first, as the ledger has it; the last answer to a question is the one shown. */
  readonly evidence: readonly Evidence[]
  readonly gate?: GateDecision
  /** Digest of the version the gate decided about; without it, the version of the evidence that the gate names. */
  readonly candidate?: string
  /** Digest of the version in production; without it, the last one promoted to `champion`. */
  readonly champion?: string
  readonly ledgerHead?: LedgerPoint
  /** Oldest first; the last one of `champion` is in production. */
  readonly promotions?: readonly PromotionEntry[]
  readonly distributions?: readonly Distribution[]
  /** ISO 8601, UTC. */
  readonly generatedAt: string
  readonly toolVersion: string
}
