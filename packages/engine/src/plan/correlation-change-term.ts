import { type Expr, stats, type Term } from '@plumbline/core'
import type { MeasuredTerm, TermOutcome } from '../decide/measured.ts'
import type { GroupRequest } from './group-terms.ts'
import { other } from './other-relation.ts'
import { askRowTerm, columnExpr, failedTerm } from './row-terms.ts'
import { scanOf } from './scan.ts'
import type { Scope } from './scope.ts'

/** `correlation_change`: the correlation of two columns here less that of the same columns in another relation. */
export async function measureCorrelationChange(request: GroupRequest): Promise<TermOutcome> {
  const { scope, term } = request
  const [first, second, relation] = term.args
  if (first?.kind !== 'column' || second?.kind !== 'column' || relation?.kind !== 'relation')
    throw new Error('correlation_change takes two columns and a relation.')
  const found = await other(request, relation.relation, [first.name, second.name])
  if ('failed' in found) return found.failed
  const sides: MeasuredTerm[] = []
  for (const asked of [scope, found.scope]) {
    const side = await correlationOf(request, asked, [first.name, second.name])
    if (!side.ok) return side
    sides.push(side.value)
  }
  const [own, reference] = sides as [MeasuredTerm, MeasuredTerm]
  const missing = own.missing + reference.missing
  const [a, b] = [own.value, reference.value]
  if (typeof a !== 'number' || typeof b !== 'number') {
    const undefinedSide = [own, reference].find(({ value }) => value === null)
    const estimate = undefinedSide?.estimate ?? stats.undefinedEstimate('undefined-metric')
    return { ok: true, value: { term, value: null, missing, estimate } }
  }
  const base = { term, value: a - b, missing }
  if (own.estimate === undefined || reference.estimate === undefined) return { ok: true, value: base }
  return { ok: true, value: { ...base, estimate: stats.correlationDifference(own.estimate, reference.estimate) } }
}

async function correlationOf(
  { session, slice, term }: GroupRequest,
  scope: Scope,
  columns: readonly [string, string],
): Promise<TermOutcome> {
  const scan = scanOf(scope)
  const args = columns.map((name) => ({ kind: 'expr', expr: numberOf(scope, name) }) as const)
  const asked = askRowTerm(scan, { ...term, fn: 'correlation', args } satisfies Term, slice)
  if (asked === undefined) return failedTerm('evaluation-failed', `${term.expression} was not asked.`)
  await scan.run(scope.relation.database ?? session)
  return asked.read()
}

/** A truth value as 1 or 0; a missing one is missing. */
function numberOf(scope: Scope, name: string): Expr {
  const cell = columnExpr(scope, name)
  if (cell.type.kind !== 'bool') return cell
  const double = { kind: 'double' } as const
  return {
    node: 'conditional',
    type: double,
    args: [cell, { node: 'literal', type: double, value: 1 }, { node: 'literal', type: double, value: 0 }],
  }
}
