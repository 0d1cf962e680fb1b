import type { Comparison, Term } from '../../expr/must.ts'
import { literalValue } from '../../expr/value.ts'
import { conjuncts } from '../aggregates/bounds.ts'
import { isLabel } from '../confusion.ts'
import type { Instance } from '../instance.ts'
import type { Known } from './world.ts'
import { deniedByBoxes, isBoxMetric, type Limit } from './boxes.ts'

/** How far off a share that was counted may be written. */
const COUNTED = 1e-12

/**
 * Instances that no decision on one and the same rows meets together, proved by intervals: those whose comparisons are of one metric of a decision with a
 * constant. Undefined where that is not proved; what else is asked only makes it harder to meet.
 */
export function deniedDecisions(instances: readonly Instance[], known: Known): readonly Instance[] | undefined {
  const asked = new Map<string, { readonly limit: Limit; readonly instance: Instance }[]>()
  for (const instance of instances) {
    if (instance.fact !== undefined || instance.given !== undefined) continue
    const { condition, comparisons, terms } = instance.clause.must
    for (const part of conjuncts(condition)) {
      const comparison = part.node === 'comparison' ? comparisons[part.index] : undefined
      const term = comparison && termBeside(comparison, terms)
      const metric = term && metricOf(term, known)
      if (comparison === undefined || term === undefined || metric === undefined) continue
      const { key } = known.populationOf(instance, term)
      const own = asked.get(key) ?? []
      asked.set(key, [...own, ...limitsOf(comparison, metric).map((limit) => ({ limit, instance }))])
    }
  }
  for (const [key, own] of asked) {
    const metrics = new Set(own.map(({ limit }) => limit.metric))
    if (metrics.size < 2) continue
    const denied = deniedByBoxes([...own.map(({ limit }) => limit), ...prevalenceOf(key, known)])
    if (denied === undefined) continue
    return [...new Set(own.flatMap(({ limit, instance }) => (denied.has(limit) ? [instance] : [])))]
  }
  return undefined
}

/** The one number that a comparison sets beside a constant. */
function termBeside({ left, right }: Comparison, terms: readonly Term[]): Term | undefined {
  const [side, other] = left.node === 'literal' ? [right, left] : [left, right]
  return side.node === 'term' && other.node === 'literal' ? terms[side.index] : undefined
}

function metricOf(term: Term, { label, model }: Known): Limit['metric'] | undefined {
  if (term.fn === 'share') return isLabel(term, label) ? 'prevalence' : undefined
  if (term.model !== undefined && term.model !== model) return undefined
  return isBoxMetric(term.fn) ? term.fn : undefined
}

function limitsOf({ op, left, right }: Comparison, metric: Limit['metric']): readonly Limit[] {
  const literal = left.node === 'literal' ? left : right
  const value = literal.node === 'literal' ? literalValue(literal) : undefined
  const bound = typeof value === 'bigint' || typeof value === 'number' ? Number(value) : Number.NaN
  if (Number.isNaN(bound) || op === '!=') return []
  if (op === '==') return [true, false].map((atLeast) => ({ metric, atLeast, bound }))
  return [{ metric, atLeast: op.startsWith('>') !== (left.node === 'literal'), bound }]
}

/** What was counted of the labels. */
function prevalenceOf(key: string, { counted }: Known): readonly Limit[] {
  const count = counted?.get(key)
  if (count === undefined || count.rows === 0) return []
  const bound = count.positives / count.rows
  return [
    { metric: 'prevalence', atLeast: true, bound: bound - COUNTED },
    { metric: 'prevalence', atLeast: false, bound: bound + COUNTED },
  ]
}
