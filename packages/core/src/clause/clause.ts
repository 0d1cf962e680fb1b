import type { ForeignTool } from '../evidence/foreign-tool.ts'
import type { Expr } from '../expr/expr.ts'
import type { MustCondition } from '../expr/must.ts'
import type { Type } from '../expr/type.ts'
import type { DrawnSample } from '../language/spec.ts'

/** When a clause instance is decided; it follows from its relation. */
export type Stage = 'data' | 'model' | 'release' | 'runtime'
/** What a failed clause does: close the gate, be shown, or be noted. */
export type ClauseSeverity = 'block' | 'warn' | 'info'
/** What a row whose condition ends in the error `missing` does: it fails the clause, passes it, or is left out of the count. */
export type MissingPolicy = 'fail' | 'pass' | 'exclude'
/** The form of a clause; the last three speak of time. */
export type Form = 'every' | 'must' | 'forall' | 'always' | 'eventually' | 'whenever'

/** A named subset of rows. `condition` null = all rows. */
export interface SliceRef {
  /** `all`, `young`, `sex=1`, `sex=null`. */
  readonly name: string
  readonly condition: Expr | null
}

/** A relation a clause is asked of, with the stage that follows from it. */
export interface Target {
  /** Canonical name in `Program.relations`. */
  readonly relation: string
  readonly stage: Stage
}

interface ClauseBase {
  /** Authored and stable; contracts are `<relation>.<column>.<required|type|range|values>`, `<relation>.key`, `<relation>.splits`; built-in ones begin with `release.` or `system.`. */
  readonly id: string
  readonly says: string
  readonly severity: ClauseSeverity
  readonly origin: 'authored' | 'contract' | 'profiled' | 'built-in'
  /** Instances = targets × slices. */
  readonly of: readonly Target[]
  readonly slices: readonly SliceRef[]
  readonly meets: readonly string[]
  readonly hazards: readonly string[]
  readonly rationale?: string
  /** Who answers for it; words, in no digest. */
  readonly owner?: string
  /** Tools whose recorded results may answer it at a gate where there is no evidence; in no digest, since it asks nothing else. */
  readonly accepts?: readonly ForeignTool[]
  readonly allowEmpty: boolean
  /** Where it is written; not part of the digest. */
  readonly place: { readonly file: string; readonly line: number; readonly column: number }
  /** Models it reads whatever it is asked of, by role name; `challenger` among them decides how roles are bound. */
  readonly models: readonly string[]
  /** Declared but not yet enforced: why it is not decided; its verdict is then `skipped: unenforced`. */
  readonly unenforced?: string
  /** sha256 of everything the clause resolves to (types and domains read, slice conditions, model signature, function versions, confidence). */
  readonly digest: string
}

/** What an `every` clause asks of each row. */
export type RowCondition =
  | { readonly kind: 'expr'; readonly expr: Expr; readonly text: string }
  /** The column's source cell can be read as its declared type. */
  | { readonly kind: 'castable'; readonly column: string }
  /** No other row has the same key, and no part of it is missing. */
  | { readonly kind: 'unique-key'; readonly columns: readonly string[] }
  /** At most one of the relation's splits claims the row. */
  | {
      readonly kind: 'disjoint-splits'
      readonly splits: readonly { readonly name: string; readonly condition: Expr }[]
    }
  | { readonly kind: 'release'; readonly check: ReleaseCheck }

/**
 * What a built-in clause asks of each generated request and the staged candidate's answer to it. `contract`: a valid
 * request is answered with every declared output, in its type, shape and range, and an invalid one is refused as the
 * protocol says. `parity`: what is served equals what the same model file predicts offline. `guard`: each clause the
 * guard enforces bites on a request made to violate it, and on no valid one.
 */
export type ReleaseCheck = 'contract' | 'parity' | 'guard'

/** A condition on each row of a relation. */
export interface EveryClause extends ClauseBase {
  readonly form: 'every'
  readonly condition: RowCondition
  readonly missing: MissingPolicy
  /** Least share of rows that must satisfy it, as an exact decimal text in (0, 1]; '1' = every row. */
  readonly mostly: string
  /** Decided on drawn rows: then `confidence` is that of the interval of the failing share. */
  readonly sample?: DrawnSample
  readonly confidence?: number
}

/** A condition on aggregates, metrics and distances of a relation. */
export interface MustClause extends ClauseBase {
  readonly form: 'must'
  readonly must: MustCondition
  readonly text: string
  /** Two-sided confidence in (0, 1), or 'none' for a descriptive clause. */
  readonly confidence: number | 'none'
  /** Measured on drawn rows. */
  readonly sample?: DrawnSample
  /** The intervals hold however often the rows are looked at while they grow. */
  readonly anytime?: true
}

/** What a bound variable ranges over. */
export type Domain =
  /** The declared domain of a dataset's (or model's input) columns. */
  | { readonly kind: 'declared'; readonly dataset: string }
  /** The actual rows. */
  | { readonly kind: 'rows'; readonly relation: string }
  /** Around the actual rows: numbers moved by at most `radius` (a share of the width of their declared range), codes kept. */
  | { readonly kind: 'near'; readonly relation: string; readonly radius: number }
  /** The declared values of one column. */
  | { readonly kind: 'column'; readonly dataset: string; readonly column: string }

/** A bound variable of a `forall`: its name, what it ranges over, and its type. */
export interface Binder {
  readonly name: string
  readonly domain: Domain
  readonly type: Type
}

/** A condition on all inputs of a domain, or on pairs of them. `mostly` (with `over`) asks for a share, as exact decimal text in (0, 1]. */
export interface ForallClause extends ClauseBase {
  readonly form: 'forall'
  readonly binders: readonly Binder[]
  readonly assume?: Expr
  readonly let: readonly { readonly name: string; readonly value: Expr }[]
  readonly holds: Expr
  readonly text: string
  readonly mostly?: string
  readonly over?: string
}

/** A condition on each window of production traffic: violated when `for` decided windows in a row violate it. */
export interface AlwaysClause extends ClauseBase {
  readonly form: 'always'
  readonly must: MustCondition
  /** The condition as written. */
  readonly text: string
  /** As for `must`. */
  readonly confidence: number | 'none'
  /** As for `must`. */
  readonly anytime?: true
  /** Length of a window in microseconds. */
  readonly window: number
  /** Decided windows in a row that must violate the condition; at least 1. */
  readonly for: number
}

/** Each time `trigger` holds, an event for which `response` holds follows in time. Both are read over the events of `system`. */
export interface WheneverClause extends ClauseBase {
  readonly form: 'whenever'
  /** The condition under `whenever`. */
  readonly trigger: Expr
  /** The condition under `then`. */
  readonly response: Expr
  /** Time for the response in microseconds; counted from the trigger's event, or the end of the window that decided. */
  readonly within: number
  readonly text: string
}

/** An event for which the condition holds comes in time, counted from the first event of `system`. */
export interface EventuallyClause extends ClauseBase {
  readonly form: 'eventually'
  readonly condition: Expr
  /** Microseconds. */
  readonly within: number
  readonly text: string
}

/** The clauses that speak of time. */
export type TemporalClause = AlwaysClause | WheneverClause | EventuallyClause

/** One quantified statement with an id. The waist: everything below reads this and nothing of YAML. Plain frozen JSON. */
export type Clause = EveryClause | MustClause | ForallClause | TemporalClause
