import type { FaultResult, Reaction, Statement } from '@plumbline/core'

/** Statements by question: `[clause, relation, slice]`. */
export type Answers = ReadonlyMap<string, Statement>

/** The name of a question. */
export function questionOf({ clause, relation, slice }: Pick<Statement, 'clause' | 'relation' | 'slice'>): string {
  return JSON.stringify([clause, relation, slice])
}

/** Statements by the question they answer. */
export function answersOf(statements: readonly Statement[]): Answers {
  return new Map(statements.map((statement) => [questionOf(statement), statement]))
}

/** Who noticed a fault, and who can no longer tell. */
export type Judged = Pick<FaultResult, 'kills' | 'undecided'>

/** Compares answers with and without a fault. What was not satisfied before can show nothing. */
export function reactions(before: Answers, after: readonly Statement[]): Judged {
  const kills: Reaction[] = []
  const undecided: Reaction[] = []
  for (const statement of after) {
    if (before.get(questionOf(statement))?.verdict !== 'satisfied') continue
    const { clause, severity, relation, slice, verdict } = statement
    const reaction: Reaction = { clause, severity, relation, slice }
    if (verdict === 'violated') kills.push(reaction)
    else if (verdict !== 'satisfied') undecided.push(reaction)
  }
  return { kills, undecided }
}
