import type { TermOutcome } from '../decide/measured.ts'
import type { GroupRequest } from './group-terms.ts'
import { failedTerm } from './row-terms.ts'

/** Measures `column_count` and `column_position`: what the data itself has as columns, declared or not. */
export function measureColumns({ scope, term }: GroupRequest): TermOutcome {
  const { present, name } = scope.relation
  if (present === undefined) {
    return failedTerm(
      'evaluation-failed',
      `${term.expression} asks for the columns of the data, and ${name} is no dataset. Ask it of the dataset.`,
    )
  }
  const [argument] = term.args
  const value = argument?.kind === 'text' ? present.indexOf(argument.text) + 1 : present.length
  return { ok: true, value: { term, value, missing: 0 } }
}
