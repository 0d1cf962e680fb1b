import type {
  Evidence,
  GateDecision,
  Program,
  SystemEvent,
  ClauseAdequacy,
  ConfirmedSegments,
  FaultResult,
  MutationScore,
  TraceMatrix,
} from '@plumbline/core'
import type { DatasetPicture } from './picture.ts'

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
  /** The record of the open gate that allowed it. */
  readonly gate?: LedgerPoint
  /** Datasets as they were then, by name: what drift of this version is measured against. */
  readonly data?: Readonly<Record<string, { readonly digest: string }>>
  /** It brought an older version back: the evidence that asked for it, and the version it replaced. */
  readonly rollback?: { readonly reason: string; readonly from: string }
}

/** Something that happened to the system in production, and which record of the ledger says so. */
export type EventEntry = SystemEvent & { readonly record?: number; readonly clock?: 'simulated' }

/** A file by its name in the project, and its digest. */
export interface FileDigest {
  readonly path: string
  readonly digest: string
}

/** A run of the pipeline: which stages, from which files, to which files. */
export interface RunEntry {
  readonly record: number
  readonly status: string
  readonly startedAt: string
  readonly stages: readonly {
    readonly name: string
    readonly needs: readonly FileDigest[]
    readonly makes: readonly FileDigest[]
    /** What it failed with; absent where it came to its end. */
    readonly failure?: string
    /** Its files were restored, not made anew. */
    readonly cached?: boolean
  }[]
}

/** A recorded decision of the gate. */
export interface GateEntry {
  readonly record: number
  readonly open: boolean
  /** Digest of the version it decided about. */
  readonly candidate?: string
  /** Absent in records of earlier versions, as is the environment it was to be released to. */
  readonly at?: string
  readonly environment?: string
  /** Clauses that kept it closed. */
  readonly against: readonly string[]
  /** Blocking questions that were answered for it. */
  readonly supporting: number
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
  readonly pictures?: readonly DatasetPicture[]
  /** In the order of the ledger, as are the two below. */
  readonly events?: readonly EventEntry[]
  readonly runs?: readonly RunEntry[]
  readonly gates?: readonly GateEntry[]
  /** States of requirements, where links and foreign results were read, too. */
  readonly trace?: TraceMatrix
  /** What is known of each clause. */
  readonly levels?: readonly ClauseAdequacy[]
  /** What the last `plumb mutate` of this spec measured. */
  readonly mutation?: { readonly score: MutationScore; readonly faults: readonly FaultResult[] }
  /** Weak segments of the model that were confirmed, where they were searched for. */
  readonly segments?: ConfirmedSegments
  /** ISO 8601, UTC. */
  readonly generatedAt: string
  readonly toolVersion: string
}
