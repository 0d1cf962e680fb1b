import type { Clause, Evidence, Program, Statement } from '@plumbline/core'

/** The exit codes of a run that came to its end. */
export type TestExit = 0 | 1 | 3 | 4

/**
 * What a run says to its caller: 1 when a blocking question is violated and no baseline accepts it; else 4 when the database of
 * one could not be reached; else 3 when one is
 * undecided (`skipped: no-champion` excepted: there is nothing to compare with before the first promotion); else 0.
 * Questions that were not asked (other stages) are not in the evidence and do not count; the gate counts them.
 */
export function exitCodeOf(
  program: Program,
  evidence: readonly Evidence[],
  accepted: readonly string[] = [],
): TestExit {
  const clauses = clausesById(program)
  const taken = new Set(accepted)
  const blocking = evidence.filter(({ statement }) => blocks(clauses, statement))
  if (blocking.some(({ id, statement }) => statement.verdict === 'violated' && !taken.has(id))) return 1
  if (blocking.some(({ statement }) => statement.verdict === 'error' && statement.reason === 'engine-unreachable'))
    return 4
  return blocking.some(({ statement }) => isUndecided(statement)) ? 3 : 0
}

/** An exit code in one sentence. */
export function exitMeaningOf(exit: TestExit, accepted = 0): string {
  const known = accepted === 0 ? '' : ` (${accepted} accepted by the baseline)`
  switch (exit) {
    case 0:
      return `Nothing that blocks is violated or undecided${known}.`
    case 1:
      return `A blocking clause is violated${known}.`
    case 3:
      return `No blocking clause is violated${known}, but one is undecided.`
    case 4:
      return `A database that holds rows could not be reached; what it was not needed for is decided${known}.`
  }
}

/** Whether a statement leaves its question open in a way that counts. */
export function isUndecided(statement: Statement): boolean {
  if (statement.verdict === 'skipped') return statement.reason !== 'no-champion'
  return statement.verdict === 'error' || statement.verdict === 'inconclusive'
}

/** The severity is the clause's as the spec has it now; a clause that is gone speaks for itself. */
function blocks(clauses: ReadonlyMap<string, Clause>, statement: Statement): boolean {
  return (clauses.get(statement.clause)?.severity ?? statement.severity) === 'block'
}

/** The clauses of a program by id. */
export function clausesById(program: Program): ReadonlyMap<string, Clause> {
  return new Map(program.clauses.map((clause) => [clause.id, clause]))
}
