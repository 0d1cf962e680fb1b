/** What is read of one feature file; more is refused with a finding. */
export const LIMITS = {
  /** UTF-16 units of a file. */
  characters: 2 * 1024 * 1024,
  /** Scenarios after outlines are written out. */
  scenarios: 2_000,
  /** Steps after outlines are written out. */
  steps: 20_000,
  /** UTF-16 units of a step. */
  step: 2_000,
  /** Findings of one file. */
  findings: 100,
} as const
