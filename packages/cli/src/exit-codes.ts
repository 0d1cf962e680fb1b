/** What the process says to whoever called it; documented in `docs/cli.md`. */
export const EXIT = {
  /** All blocking clauses satisfied, or the gate open. */
  ok: 0,
  /** A blocking clause violated, or the gate closed. */
  violated: 1,
  /** The spec or the usage is wrong. */
  usage: 2,
  /** Nothing violated, but a blocking clause undecided. */
  undecided: 3,
  /** The environment failed: disk, permissions, a missing program. */
  environment: 4,
  /** Interrupted by the user. */
  interrupted: 130,
} as const

/** One of the codes of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
