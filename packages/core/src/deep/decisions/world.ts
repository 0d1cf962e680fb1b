import type { ProgramColumn } from '../../clause/program.ts'
import type { Literal } from '../../expr/expr.ts'
import type { Comparison, Term } from '../../expr/must.ts'
import {
  balancedAccuracy,
  type Confusion,
  expectedCost,
  f1,
  kappa,
  mcc,
  proportion,
  type ProportionMetric,
} from '../../stats/metrics/confusion.ts'
import { columnsOf } from '../../targets/children.ts'
import { conjuncts } from '../aggregates/bounds.ts'
import { isLabel } from '../confusion.ts'
import type { Instance } from '../instance.ts'
import { numberOf } from '../lack.ts'
import type { LabelCount, Population } from '../populations.ts'

/** What instances are tried on: confusion matrices made of so many numbers in [0, 1]. */
export interface World {
  readonly size: number
  /** How many parts the rows have: as many times the numbers mean the same of another part. */
  readonly parts: number
  readonly demands: readonly Demand[]
  /** Puts the numbers in place; what demands read then are the metrics of this decision. */
  place(numbers: ArrayLike<number>): void
}

/** One comparison of an instance. */
export interface Demand {
  readonly instance: Instance
  readonly comparison: Comparison
  /** The constant it compares with, where it does: the bound that can be moved. */
  readonly bound?: Literal
  /** How far it is from being met, in what is compared; at most 0 where it is. Infinite where something has no value. */
  lack(): number
  /** The number beside the constant. */
  value(): number | undefined
}

/** What is known of the rows. */
export interface Known {
  readonly label: string
  readonly model: string | undefined
  readonly columns: readonly ProgramColumn[]
  readonly populationOf: (instance: Instance, term: Term) => Population
  /** Rows and labels by key of the population; absent: of any data. */
  readonly counted?: ReadonlyMap<string, LabelCount>
}

/** Parts beyond which no decision is tried: numbers are four a part where nothing is counted, else two. */
const MOST_PARTS = { any: 3, counted: 5 } as const
/** What is drawn as 0 is a little more: of no rows nothing is measured. */
const LEAST_SHARE = 1e-6

/**
 * The decisions on which instances can be tried; undefined where they ask for something else than metrics of one decision, of all rows and
 * of groups of one column, joined by `and`.
 */
export function worldOf(instances: readonly Instance[], known: Known): World | undefined {
  const groups = new Map<string, Population>()
  for (const instance of instances) {
    if (instance.fact !== undefined || instance.given !== undefined) continue
    for (const term of instance.clause.must.terms) {
      const population = known.populationOf(instance, term)
      if (!population.whole) groups.set(population.key, population)
    }
  }
  const columns = new Set([...groups.values()].map(({ group }) => group?.column))
  if (columns.has(undefined) || columns.size > 1) return undefined
  const [column] = columns
  // Contracts of other columns say nothing of a decision; of what divides the rows, that it is one of the values is seen to.
  const isMade = ({ given }: Instance): boolean => {
    if (given === undefined) return true
    const { origin, condition, id } = given.by
    if (origin === 'authored' || condition.kind !== 'expr') return false
    return column === undefined || !columnsOf(condition.expr).has(column) || /\.(required|values)$/.test(id)
  }
  if (!instances.every((each) => each.fact !== undefined || isMade(each))) return undefined
  const rows = rowsOf([...groups.values()], column, known)
  if (rows === undefined) return undefined
  const { counted } = known
  const matrices = new Map<string, Cells>([['', emptyCells()], ...rows.map(({ key }) => [key, emptyCells()] as const)])
  const demands: Demand[] = []
  for (const instance of instances) {
    if (instance.fact !== undefined || instance.given !== undefined) continue
    const { condition, comparisons, terms } = instance.clause.must
    const parts = conjuncts(condition)
    if (parts.some(({ node }) => node !== 'comparison')) return undefined
    const reads = terms.map((term) => {
      const cells = matrices.get(known.populationOf(instance, term).key)
      return cells === undefined ? undefined : metricOf(term, cells, known)
    })
    if (!reads.every((each) => each !== undefined)) return undefined
    const valueOf = (index: number) => reads[index] ?? (() => undefined)
    for (const comparison of comparisons) {
      const [left, right] = [numberOf(comparison.left, valueOf), numberOf(comparison.right, valueOf)]
      if (comparison.op === '!=' || comparison.op === '==') return undefined
      const mirrored = comparison.left.node === 'literal'
      const bound = mirrored ? comparison.left : comparison.right
      const atLeast = comparison.op.startsWith('>')
      demands.push({
        instance,
        comparison,
        ...(bound.node === 'literal' ? { bound } : {}),
        lack: () => {
          const [a, b] = [left(), right()]
          if (a === undefined || b === undefined || Number.isNaN(a - b)) return Number.POSITIVE_INFINITY
          return atLeast ? b - a : a - b
        },
        value: mirrored ? right : left,
      })
    }
  }
  const each = counted === undefined ? 4 : 2
  const all = counted?.get('')
  return {
    size: rows.length * each,
    parts: rows.length,
    demands,
    place: (numbers) => {
      const whole = matrices.get('') as Cells
      clear(whole)
      let weights = 0
      if (all === undefined) for (let i = 0; i < rows.length; i++) weights += within(numbers[4 * i + 2] ?? 0)
      for (const [i, { key, count }] of rows.entries()) {
        const at = i * each
        const share = count === undefined ? within(numbers[at + 2] ?? 0) / weights : count.rows / (all?.rows ?? 1)
        const prevalence = count === undefined ? within(numbers[at + 3] ?? 0) : count.positives / count.rows
        const [positives, negatives] = [share * prevalence, share * (1 - prevalence)]
        const [right, wrong] = [numbers[at] ?? 0, numbers[at + 1] ?? 0]
        const cells = matrices.get(key) as Cells
        cells.truePositives = positives * right
        cells.falseNegatives = positives * (1 - right)
        cells.falsePositives = negatives * wrong
        cells.trueNegatives = negatives * (1 - wrong)
        if (key === '') continue
        whole.truePositives += cells.truePositives
        whole.falseNegatives += cells.falseNegatives
        whole.falsePositives += cells.falsePositives
        whole.trueNegatives += cells.trueNegatives
      }
    },
  }
}

type Cells = { -readonly [Kind in keyof Confusion]: number }

const emptyCells = (): Cells => ({ truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 })
const clear = (cells: Cells): void => void Object.assign(cells, emptyCells())

const within = (share: number): number => Math.min(1 - LEAST_SHARE, Math.max(LEAST_SHARE, share))

interface Part {
  readonly key: string
  readonly count?: LabelCount
}

/** The key of rows that are in no group. */
const REST = 'rest'

/** The parts of which all rows consist: the groups, and what is left of them. */
function rowsOf(
  groups: readonly Population[],
  column: string | undefined,
  { columns, counted }: Known,
): readonly Part[] | undefined {
  const most = counted === undefined ? MOST_PARTS.any : MOST_PARTS.counted
  const all = counted?.get('')
  if (counted !== undefined && (all === undefined || all.rows === 0)) return undefined
  if (groups.length === 0) return [{ key: '', ...(all === undefined ? {} : { count: all }) }]
  const values = columns.find(({ name }) => name === column)?.values?.map(({ code }) => String(code))
  const named = new Set(groups.map(({ group }) => group?.value ?? ''))
  if (named.size < groups.length || (values !== undefined && [...named].some((each) => !values.includes(each))))
    return undefined
  if (counted === undefined) {
    const isAll = values !== undefined && values.every((each) => named.has(each))
    const parts = [...groups.map(({ key }) => ({ key })), ...(isAll ? [] : [{ key: REST }])]
    return parts.length > most ? undefined : parts
  }
  let [left, positives] = [all?.rows ?? 0, all?.positives ?? 0]
  const parts: Part[] = []
  for (const { key } of groups) {
    const count = counted.get(key)
    if (count === undefined || count.rows === 0) return undefined
    left -= count.rows
    positives -= count.positives
    parts.push({ key, count })
  }
  if (left < 0 || positives < 0 || positives > left) return undefined
  if (left > 0) parts.push({ key: REST, count: { rows: left, positives } })
  return parts.length > most ? undefined : parts
}

/** Reads a metric of cells; undefined for what is none of a decision. */
function metricOf(term: Term, cells: Cells, { label, model }: Known): (() => number | undefined) | undefined {
  const { fn, args } = term
  if (fn === 'share' && isLabel(term, label)) {
    return () => {
      const positives = cells.truePositives + cells.falseNegatives
      return positives / (positives + cells.falsePositives + cells.trueNegatives)
    }
  }
  if (term.model !== undefined && term.model !== model) return undefined
  switch (fn) {
    case 'accuracy':
    case 'precision':
    case 'recall':
    case 'specificity':
    case 'negative_predictive_value':
    case 'positive_rate':
    case 'false_positive_rate':
    case 'false_negative_rate':
    case 'false_discovery_rate':
    case 'jaccard':
      return () => proportion(fn satisfies ProportionMetric, cells)
    case 'f1':
      return () => f1(cells)
    case 'mcc':
      return () => mcc(cells)
    case 'kappa':
      return () => kappa(cells)
    case 'balanced_accuracy':
      return () => balancedAccuracy(cells)
    case 'expected_cost': {
      const [first, second] = args
      if (first?.kind !== 'value' || second?.kind !== 'value') return undefined
      return () => expectedCost(first.value, second.value, cells)
    }
    default:
      return undefined
  }
}
