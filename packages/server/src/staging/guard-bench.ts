import type { GuardBench } from '@plumbline/engine'
import { type Answerer, clausesOf, type Guard, serve } from '@plumbline/guard'

/** The guard in process, before answers that a test makes up; absent answers stand for a model that fails. */
export function guardBench(guard: Guard): GuardBench {
  const answering =
    (rows: readonly object[] | undefined): Answerer =>
    () =>
      rows === undefined ? Promise.reject(new Error('It fails on purpose.')) : rows
  return {
    answer: async (rows, model, fallback) => {
      const answer = await serve(guard, rows, { model: answering(model), fallback: answering(fallback) })
      const clauses = clausesOf(answer.findings.map(({ violation }) => violation))
      if (answer.kind !== 'answered') return { kind: answer.kind, clauses }
      return { kind: 'answered', by: answer.by, clauses, rows: answer.rows }
    },
  }
}
