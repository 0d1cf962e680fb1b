/** A clause as it is written, in plain values: conditions as CEL texts, durations in microseconds. */
export type SpokenClause = SpokenCommon & SpokenBody

interface SpokenCommon {
  /** Relations or models it is asked of. */
  readonly of: readonly string[]
  /** `young`, or `by education`. */
  readonly slices: readonly string[]
  readonly severity: 'block' | 'warn' | 'info'
  readonly allowEmpty: boolean
  /** Rows that are drawn: how many, or a share as decimal text. */
  readonly drawn?: { readonly rows: number } | { readonly share: string }
}

type SpokenBody =
  | {
      readonly form: 'every'
      readonly condition: string
      /** Decimal text in (0, 1]. */
      readonly mostly?: string
      readonly missing: 'fail' | 'pass' | 'exclude'
    }
  | {
      readonly form: 'must'
      readonly condition: string
      readonly confidence?: number | 'none'
      readonly sample: boolean
      readonly cluster?: string
      readonly weights?: string
      readonly anytime?: true
    }
  | {
      readonly form: 'always'
      readonly condition: string
      /** Default: that of the monitor. */
      readonly window?: number
      readonly inARow: number
      readonly confidence?: number | 'none'
      readonly cluster?: string
      readonly weights?: string
      readonly anytime?: true
    }
  | {
      readonly form: 'forall'
      readonly binders: readonly (readonly [name: string, domain: string])[]
      readonly assume?: string
      readonly lets: readonly (readonly [name: string, value: string])[]
      readonly condition: string
      readonly mostly?: string
      /** What `mostly` is a share of: `uniform`, or a relation. */
      readonly over?: string
    }
  | { readonly form: 'whenever'; readonly whenever: string; readonly condition: string; readonly within: number }
  | { readonly form: 'eventually'; readonly condition: string; readonly within: number }
