/**
 * What the compiler hands to the guard: the plan as `@plumbline/core` writes it (its `GuardPlan`; a test holds the two
 * equal, since this package imports nothing).
 */

/** The type of a cell. */
export type CellKind = 'int' | 'double' | 'string' | 'bool' | 'timestamp'

/** A field of a request, or an output. */
export interface GuardColumn {
  readonly name: string
  readonly kind: CellKind
}

/** A clause as it is enforced on one row. */
export interface GuardClause {
  readonly id: string
  readonly digest: string
  readonly phase: 'input' | 'output'
  readonly effect: 'enforce' | 'flag'
  readonly condition:
    | { readonly kind: 'rule'; readonly rule: number }
    | { readonly kind: 'type'; readonly column: string }
  readonly forgivesMissing: boolean
  readonly slices?: readonly { readonly name: string; readonly rule: number }[]
}

/** What is done with a row that violates an enforced clause. */
export type GuardAction = 'reject' | 'fallback' | 'flag'

/** Who answers instead of the model. */
export type GuardFallback =
  | { readonly kind: 'model'; readonly model: string; readonly decision?: number }
  | {
      readonly kind: 'value'
      readonly outputs: readonly { readonly name: string; readonly value: number | string | boolean }[]
      readonly decision?: number
    }

/** Everything that a guard needs beside the generated functions. */
export interface GuardPlan {
  readonly format: 'plumbline/guard-plan/1'
  readonly spec: { readonly name: string; readonly version: string; readonly digest: string }
  readonly model: string
  readonly keys: readonly GuardColumn[]
  readonly inputs: readonly GuardColumn[]
  readonly outputs: readonly GuardColumn[]
  readonly decision?: number
  /** Fields of the request that clauses on the answer, or a decision, read. */
  readonly carried: readonly string[]
  readonly clauses: readonly GuardClause[]
  readonly policy: {
    readonly input: GuardAction
    readonly output: GuardAction
    readonly onFailure: 'open' | 'closed'
    readonly fallback?: GuardFallback
    /** Time of the guard's own per request, in microseconds. */
    readonly budget?: { readonly micros: number; readonly severity: 'block' | 'warn' | 'info' }
  }
  readonly notEnforced: readonly { readonly id: string; readonly reason: string }[]
}

/** A generated function: a value, or an object that names the error (`missing`, `overflow`, …). */
export type Evaluate = (row: Row) => Cell | { readonly error: string }

/** What a generated module exports. */
export interface GuardRules {
  readonly evaluate: readonly Evaluate[]
  readonly plan: GuardPlan
  /** Whether every rule of a phase is true: the short way for rows with nothing to say. */
  readonly inputHolds?: (row: Row) => boolean
  readonly outputHolds?: (row: Row) => boolean
}

/** A value of a row: int and timestamp (microseconds since 1970) as number where safe, else bigint; null = missing. */
export type Cell = boolean | number | bigint | string | null

/** A row that was read: every column of the plan, and only those. It inherits nothing. */
export type Row = { readonly [column: string]: Cell }
