import type { RecordValue } from '../expr/value.ts'
import type { Demand } from '../targets/smt/index.ts'
import { type Asking, type Columns, satisfiable } from './satisfiable.ts'

/** Whether every row that meets the premises meets the conclusion. */
export type Implication =
  /** Proved; these premises are enough for it (with `cores`), and of the conclusion itself none but it may be needed. */
  | { readonly kind: 'implied'; readonly by: readonly string[] }
  /** This row meets the premises and not the conclusion. */
  | { readonly kind: 'not-implied'; readonly row: RecordValue }
  | { readonly kind: 'unknown'; readonly reason: string }

/** Asks for a row that meets the premises and fails the conclusion. */
export async function implies(
  premises: readonly Demand[],
  conclusion: Demand,
  columns: Columns,
  asking: Asking,
): Promise<Implication> {
  const answer = await satisfiable([...premises, { ...conclusion, holds: !conclusion.holds }], columns, asking)
  switch (answer.kind) {
    case 'satisfiable':
      return { kind: 'not-implied', row: answer.row }
    case 'unsatisfiable':
      return { kind: 'implied', by: answer.core.filter((name) => name !== conclusion.name) }
    case 'unknown':
      return answer
  }
}
