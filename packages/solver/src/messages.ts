/** A question as the child gets it. */
export interface ChildQuestion {
  readonly id: number
  readonly script: string
  readonly cores: boolean
  readonly read: readonly string[]
  readonly minimize?: string
  readonly milliseconds: number
  readonly steps?: number
}

/** What the child says: that it waits for questions, that it cannot, or what z3 answered to one. */
export type ChildMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'not-installed'; readonly detail: string }
  | {
      readonly kind: 'answer'
      readonly id: number
      /** What z3 printed to `check-sat`, and to the question after it (values, core, or why it is unknown). */
      readonly verdict: string
      readonly more: string
      /** It ends after this answer, for it has grown. */
      readonly last: boolean
    }

/** Exit code of a child that took more memory than it may. */
export const OUT_OF_MEMORY = 86
