/** One question to a solver: whether the assertions of a script can hold together. Pure text; whoever asks reads it back. */
export interface SmtQuery {
  /** SMT-LIB 2.6 declarations, definitions and assertions: no option, no logic, no `check-sat`. */
  readonly script: string
  /** Names of assertions in it of which an unsatisfiable core is wanted; none where it is empty. */
  readonly named: readonly string[]
  /** Terms whose values are wanted of a model. */
  readonly read: readonly string[]
  /** A term to be made as small as possible; an extension that z3 has. */
  readonly minimize?: string
}

/** What a question may take. */
export interface SolverLimits {
  /** Of wall-clock time; the solver is ended some time after it when it does not stop by itself. */
  readonly milliseconds: number
  /**
   * Of the solver's own steps, as many on every machine and under every load (z3's `rlimit`; some 300 000 are a second). A
   * question with it costs a few milliseconds more, for it begins in a context of its own.
   */
  readonly steps?: number
  readonly signal?: AbortSignal
}

/** Why there is no answer. */
export type SolverFailure = 'timeout' | 'memory' | 'incomplete' | 'crashed' | 'interrupted' | 'not-installed'

/** What a solver said. */
export type SolverAnswer =
  /** Values in the order of `read`, as SMT-LIB terms. */
  | { readonly kind: 'sat'; readonly values: readonly string[] }
  /** The names of assertions that cannot hold together, a subset of `named`; not necessarily a smallest one. */
  | { readonly kind: 'unsat'; readonly core: readonly string[] }
  | { readonly kind: 'unknown'; readonly reason: SolverFailure; readonly detail: string }

/** Decides questions; outside of core, since it is a program of its own. It never rejects: a failure is an answer. */
export interface Solver {
  check(query: SmtQuery, limits: SolverLimits): Promise<SolverAnswer>
}
