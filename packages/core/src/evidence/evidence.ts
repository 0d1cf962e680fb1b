import type { ClauseSeverity, Form, Stage } from '../clause/clause.ts'
import type { ScoreCurves } from '../stats/curves/score-curves.ts'
import type { AssumptionCheck } from '../stats/label-free/assumptions.ts'

/** What was found for a clause on one relation and slice. Only `satisfied` opens a gate. */
export type Verdict = 'satisfied' | 'violated' | 'inconclusive' | 'error' | 'skipped'

/** Why a verdict is not decided; a closed list. */
export type InconclusiveReason =
  | 'interval-straddles-bound'
  /** The value exists, but these rows give it no interval. */
  | 'too-few-rows'
  /** The value exists, but resampled rows all give the same: nothing shows how far it may be off. */
  | 'no-variation'
  | 'too-close-to-call'
  | 'empty-relation'
  | 'undefined-metric'
  | 'holm-stopped'
  | 'not-proved'
  | 'contradictory-evidence'
  /** Time clauses: what would violate it has begun, and still has windows or time left. */
  | 'pending'
  /** Too few labels of the window have arrived. */
  | 'too-few-labels'
  /** Labels of the window are missing, and still have time to arrive. */
  | 'labels-pending'
  /** What an estimate without labels rests on does not hold for these rows. */
  | 'assumption-failed'

/** What kept a clause from being measured; a closed list. */
export type ErrorReason =
  | 'source-missing'
  | 'source-unreadable'
  | 'column-missing'
  | 'cast-failed'
  | 'engine-failed'
  /** The database that holds the rows could not be asked at all: it does not answer, or lets nobody in. */
  | 'engine-unreachable'
  | 'evaluation-failed'
  | 'model-missing'
  | 'model-unreadable'
  | 'model-mismatch'
  | 'model-failed'
  | 'prediction-not-finite'
  | 'runner-missing'
  /** No staged candidate could be asked, or it is another version. */
  | 'staging-failed'
  /** A program or server that the spec names would have to be asked, and nobody said that it may. */
  | 'not-trusted'
  /** A statement about all inputs needs a function; the model answered the same input in two ways. */
  | 'model-nondeterministic'
/** Why a clause was not looked at; a closed list. */
export type SkippedReason = 'no-champion' | 'no-candidate' | 'interrupted' | 'unenforced' | 'not-selected'

/** A two-sided interval and how it was made. */
export interface Interval {
  readonly low: number
  readonly high: number
  readonly level: number
  readonly method: string
}

/** A number of the evidence: safe integers and finite floats as JSON numbers, the rest tagged by canonical JSON. Texts for text columns. */
export type Measured = number | bigint | string | boolean | null

/** What is shown of a cell that is there, of a column that the spec calls sensitive. */
export const MASKED = '‹masked›'

/** One failing row: where it is and what it holds in the columns the clause reads; of `sensitive` columns `MASKED`. */
export interface Witness {
  /** 1-based position in the source as read. */
  readonly row: number
  readonly key: Readonly<Record<string, Measured>>
  readonly cells: Readonly<Record<string, Measured>>
  /** `false`, or the error the condition ended in. */
  readonly because: string
}

/** One aggregate, metric or distance that a `must` reads, as measured. */
export interface TermValue {
  readonly expression: string
  readonly value: Measured
  readonly interval?: Interval
  /** Cells (or rows) left out because missing. */
  readonly missing: number
  /** Of an estimate without labels: what it rests on, as checked. */
  readonly assumptions?: readonly AssumptionCheck[]
}

/** One comparison of a `must`: both sides, and how far it is from being violated. */
export interface ComparisonResult {
  readonly expression: string
  readonly left: Measured
  readonly right: Measured
  /** > 0 on the allowed side. */
  readonly margin: {
    readonly value: number | null
    readonly interval?: { readonly low: number; readonly high: number }
    readonly level?: number
    readonly method?: string
  }
  readonly verdict: 'satisfied' | 'violated' | 'inconclusive'
  /** Rows that would decide it, if the margin stayed as measured. */
  readonly rowsNeeded?: number
}

/** What is known of a model that no file of this process is, or of a file (`kind: file`) that is no function of its inputs. */
export interface RunnerReport {
  readonly kind: 'command' | 'http' | 'file'
  /** What it called itself: versions of its program and libraries, name and version on its server. Its word, not ours. */
  readonly says: Readonly<Record<string, string>>
  /** Rows of a seeded sample that were asked again, and how many were then answered otherwise: above 0 it is no function of its inputs. */
  readonly repeated: { readonly rows: number; readonly differing: number }
}

/** How a `forall` was proved, and what the proof assumes. */
export interface Proof {
  readonly method: string
  readonly notes: readonly string[]
}

/** A pair (or tuple) of inputs that breaks a `forall`, with what the model answered when replayed on the real runtime. */
export interface Counterexample {
  readonly bindings: Readonly<Record<string, Readonly<Record<string, Measured>> | Measured>>
  readonly answers: readonly {
    readonly expression: string
    readonly value: Readonly<Record<string, Measured>> | Measured
  }[]
  readonly shrinkSteps: number
}

/** What a verdict was reached on. */
export interface Digests {
  readonly spec: string
  readonly clause: string
  /** By relation name; each says its kind: `bytes:sha256:…`, `snapshot:…`, `unpinned`. */
  readonly data: Readonly<Record<string, string>>
  /** By role or model name. */
  readonly models: Readonly<Record<string, string>>
  /** Version of the tool. */
  readonly tool: string
}

interface StatementBase {
  readonly clause: string
  readonly form: Form
  readonly stage: Stage
  readonly severity: ClauseSeverity
  readonly relation: string
  readonly slice: string
  readonly window?: string
  /** How it was decided: `scan`, `interval`, `exact`, `proof:…`, `falsification`, `exhaustion`, `exhaustion:…` and `sampling:…` (of this measure), `none`. */
  readonly method: string
  readonly digests: Digests
  readonly exploratory?: true
  /** How often this instance was already looked at on the same data, for the same model. */
  readonly looks?: number
  readonly supersedes?: string
}

interface Counts {
  /** Rows decided on (after exclusion). */
  readonly n: number
  /** Main number: satisfied share for `every`, the left side of the only comparison for `must`. */
  readonly measured: Measured
  readonly missing: number
  readonly excluded: number
  /** Rows in no slice or split because its condition was an error. */
  readonly unassigned_rows: number
  /** What a reader has to know of how it was decided (the load of a latency, answers that were made up); a sentence each. */
  readonly notes?: readonly string[]
  /** Models that a command or server ran, by name: what they said they are, and whether they answered alike when asked again. */
  readonly runners?: Readonly<Record<string, RunnerReport>>
  /** Rows that were drawn, where the clause says so, and from how many; the same seed draws the same. */
  readonly sample?: { readonly rows: number; readonly of: number; readonly seed: string }
  /** `every` on drawn rows: the failing share of all rows. */
  readonly failing_share?: Interval
  /** `every` */
  readonly failing?: number
  readonly witnesses?: readonly Witness[]
  /** More of the failing rows, largest violation first, as Parquet: where it was written (from the project folder), its rows, and the digest of its bytes. */
  readonly witness_file?: { readonly path: string; readonly rows: number; readonly digest: string }
  /** `must` */
  readonly terms?: readonly TermValue[]
  readonly comparisons?: readonly ComparisonResult[]
  /** `must` with a metric of a score, on all rows of a model: what calibration, threshold and cost curves are drawn from. */
  readonly curves?: ScoreCurves
  /** `forall` */
  readonly proof?: Proof
  readonly tried?: number
  readonly discarded?: number
  readonly upper_bound?: { readonly value: number; readonly level: number }
  readonly counterexample?: Counterexample
  /** Metrics on `requests`: how many of the window's rows have their label. */
  readonly labels?: { readonly arrived: number; readonly of: number }
  /** Windows: rows that came after the window had been decided before. */
  readonly late?: number
  /** `always`: decided windows in a row, up to this one, that violate the condition. */
  readonly streak?: number
  /** `whenever`, `eventually`: what did not follow in time, or still has time; at most the first hundred. */
  readonly obligations?: readonly OpenObligation[]
}

/** Something that had to follow and has not. Instants are RFC 3339. */
export interface OpenObligation {
  readonly at: string
  readonly deadline: string
  /** What began it, in words. */
  readonly because: string
  readonly overdue: boolean
}

/** A clause that holds, or does not. */
export interface Decided extends StatementBase, Counts {
  readonly verdict: 'satisfied' | 'violated'
}
/** A clause that was measured, and what was measured decides nothing; `Counts` as far as known. */
export interface Inconclusive extends StatementBase, Partial<Counts> {
  readonly verdict: 'inconclusive'
  readonly reason: InconclusiveReason
  /** `not-proved`: why the model file gives no proof, in one sentence. */
  readonly cause?: string
}
/** A clause that could not be measured. */
export interface Failed extends StatementBase {
  readonly verdict: 'error'
  readonly reason: ErrorReason
  /** What, why, what to do; one sentence each where known. */
  readonly cause: string
}
/** A clause that was not looked at. */
export interface Skipped extends StatementBase {
  readonly verdict: 'skipped'
  readonly reason: SkippedReason
  readonly cause?: string
}

/** The deterministic part: digested, and compared by replay. */
export type Statement = Decided | Inconclusive | Failed | Skipped

/** The part that differs between two runs of the same thing. */
export interface RunInfo {
  readonly at: string
  readonly durationMs: number
  readonly host: { readonly os: string; readonly arch: string; readonly node: string }
  /** Ran with `--trust`. */
  readonly trusted?: true
  /** The time was that of `--clock`: nothing here happened when it says. */
  readonly clock?: 'simulated'
  readonly session: string
}

/** The second waist. `id` is the digest of the statement without measured floats. */
export interface Evidence {
  readonly schema: 'plumbline/evidence/1'
  readonly id: string
  readonly statement: Statement
  readonly run: RunInfo
  readonly signatures: readonly never[]
}
