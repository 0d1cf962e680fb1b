/** A clause as YAML after `says:`, and whether something meets it. */
export type Clause<T> = readonly [yaml: string, meets: (of: T) => boolean]

/** Clauses that somebody wrote, judged by what is tried. */
export interface Case<T> {
  readonly name: string
  readonly clauses: readonly Clause<T>[]
  /** Column contracts that the conflict rests on, by ids; none where nothing is impossible. */
  readonly by?: readonly string[]
  /** Nothing meets it, and nothing is said of that: the reason. */
  readonly missed?: string
  /** Numbers that are not known are multiplied: it, or its repair, is looked for for seconds. Asked with `PLUMB_EXAMINER=all`. */
  readonly slow?: true
}
