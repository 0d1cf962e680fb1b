/**
 * The randomness a search draws from. Made by the caller from a seed; nothing here creates its own, so that the same
 * seed gives the same search.
 */
export interface Random {
  /** Uniform in [0, 1). */
  readonly float: () => number
  /** Uniform integer in [0, n), n ≥ 1. */
  readonly int: (n: number) => number
  /** Standard normal. */
  readonly normal: () => number
}
