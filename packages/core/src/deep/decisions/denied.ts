import type { Literal } from '../../expr/expr.ts'
import type { Comparison, Term } from '../../expr/must.ts'
import { literalValue } from '../../expr/value.ts'
import { conjuncts } from '../aggregates/bounds.ts'
import { isLabel } from '../confusion.ts'
import type { Instance } from '../instance.ts'
import type { Known } from './world.ts'
import { sizeOf } from '../repair/repair.ts'
import { deniedByBoxes, isBoxMetric, type Limit, movesAtLeast } from './boxes.ts'

/** How far off a share that was counted may be written. */
const COUNTED = 1e-12

/** A demand of an instance on one metric, and the constant that bounds it. */
interface Asked {
  readonly limit: Limit
  readonly instance: Instance
  readonly literal: Literal
}

/**
 * Instances that no decision on one and the same rows meets together, proved by intervals: those whose comparisons are of one metric of a decision with a
 * constant. Undefined where that is not proved; what else is asked only makes it harder to meet.
 */
export function deniedDecisions(instances: readonly Instance[], known: Known): readonly Instance[] | undefined {
  for (const [key, own] of askedOf(instances, known)) {
    const metrics = new Set(own.map(({ limit }) => limit.metric))
    if (metrics.size < 2) continue
    const denied = deniedByBoxes([...own.map(({ limit }) => limit), ...prevalenceOf(key, known)])
    if (denied === undefined) continue
    return [...new Set(own.flatMap(({ limit, instance }) => (denied.has(limit) ? [instance] : [])))]
  }
  return undefined
}

/** Whether it is proved that no bounds of the instances, moved by less than `total` together, are met by some decision on one and the same rows. */
export function isLeastMove(instances: readonly Instance[], known: Known, total: number): boolean {
  return [...askedOf(instances, known)].some(([key, own]) => {
    const bounds = [...Map.groupBy(own, ({ literal }) => literal)].map(([{ value }, limits]) => ({
      limits: limits.map(({ limit }) => limit),
      weight: 1 / sizeOf(Number(value)),
    }))
    // What was counted does not move.
    const counted = prevalenceOf(key, known)
    return movesAtLeast(counted.length === 0 ? bounds : [...bounds, { limits: counted, weight: FIXED }], total)
  })
}

/** What moving costs that cannot be moved. */
const FIXED = 1e6

/** What instances ask of metrics of a decision, by key of the rows. */
function askedOf(instances: readonly Instance[], known: Known): ReadonlyMap<string, readonly Asked[]> {
  const asked = new Map<string, Asked[]>()
  for (const instance of instances) {
    if (instance.fact !== undefined || instance.given !== undefined) continue
    const { condition, comparisons, terms } = instance.clause.must
    for (const part of conjuncts(condition)) {
      const comparison = part.node === 'comparison' ? comparisons[part.index] : undefined
      const sides = comparison && sidesOf(comparison, terms)
      const metric = sides && metricOf(sides.term, known)
      if (comparison === undefined || sides === undefined || metric === undefined) continue
      const { key } = known.populationOf(instance, sides.term)
      const limits = limitsOf(comparison, sides.literal, metric)
      asked.set(key, [
        ...(asked.get(key) ?? []),
        ...limits.map((limit) => ({ limit, instance, literal: sides.literal })),
      ])
    }
  }
  return asked
}

/** The one number that a comparison sets beside a constant. */
function sidesOf({ left, right }: Comparison, terms: readonly Term[]) {
  const [side, literal] = left.node === 'literal' ? [right, left] : [left, right]
  const term = side.node === 'term' ? terms[side.index] : undefined
  return term === undefined || literal.node !== 'literal' ? undefined : { term, literal }
}

function metricOf(term: Term, { label, model }: Known): Limit['metric'] | undefined {
  if (term.fn === 'share') return isLabel(term, label) ? 'prevalence' : undefined
  if (term.model !== undefined && term.model !== model) return undefined
  return isBoxMetric(term.fn) ? term.fn : undefined
}

function limitsOf({ op, left }: Comparison, literal: Literal, metric: Limit['metric']): readonly Limit[] {
  const value = literalValue(literal)
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
