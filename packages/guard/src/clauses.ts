import type { Evaluate, GuardClause, GuardRules, Row } from './plan.ts'
import type { Violation } from './violation.ts'

/** The violations of one row: those of enforced clauses, and those that are only flagged. */
export interface RowFindings {
  readonly enforced: Violation[]
  readonly flagged: Violation[]
}

/** A clause with its functions at hand. */
interface Bound {
  readonly clause: GuardClause
  readonly evaluate: Evaluate
  readonly slices?: readonly { readonly name: string; readonly evaluate: Evaluate }[]
}

/** Asks the rule clauses of one phase of a row. Type clauses are answered where cells are read. */
export type AskClauses = (row: Row, into: RowFindings) => void

/** Binds the clauses of a phase to their functions, once. */
export function bindClauses({ evaluate, plan, ...rules }: GuardRules, phase: GuardClause['phase']): AskClauses {
  const bound = plan.clauses.flatMap((clause): readonly Bound[] => {
    if (clause.phase !== phase || clause.condition.kind !== 'rule') return []
    const slices = clause.slices?.map(({ name, rule }) => ({ name, evaluate: functionOf(evaluate, rule) }))
    const own = functionOf(evaluate, clause.condition.rule)
    return [{ clause, evaluate: own, ...(slices === undefined ? {} : { slices }) }]
  })
  const holds = phase === 'input' ? rules.inputHolds : rules.outputHolds
  return (row, into) => {
    if (holds?.(row) === true) return
    for (const each of bound) {
      const value = each.evaluate(row)
      if (value !== true) note(each, value, row, into)
    }
  }
}

/** The generated function of an index; a plan and a module that do not belong together are not run. */
export function functionOf(evaluate: readonly Evaluate[], rule: number): Evaluate {
  const found = evaluate[rule]
  if (found === undefined) throw new TypeError(`The guard plan asks for rule ${rule}, which the module does not have.`)
  return found
}

function note({ clause, slices }: Bound, value: ReturnType<Evaluate>, row: Row, into: RowFindings): void {
  const error = typeof value === 'object' && value !== null ? value.error : undefined
  if (error === 'missing' && clause.forgivesMissing) return
  const inside = slices?.filter((slice) => slice.evaluate(row) === true).map(({ name }) => name)
  if (inside?.length === 0) return
  const violation: Violation = {
    kind: 'clause',
    clause: clause.id,
    ...(error === undefined ? {} : { error }),
    ...(inside === undefined ? {} : { slices: inside }),
  }
  ;(clause.effect === 'enforce' ? into.enforced : into.flagged).push(violation)
}
