import { METRICS, type Cells } from '../examiner/decisions.ts'
import type { Random } from '../../packages/core/src/stats/prng.ts'

/** The rows of a group, and how many of them have a positive label. */
export interface Group {
  readonly rows: number
  readonly positives: number
}

/** A bound of all rows, of one group or each, or of what lies between the groups. */
export interface Bounded {
  readonly metric: string
  readonly how: 'all' | 'each' | '1' | '2' | 'gap' | 'ratio'
  readonly op: '<=' | '>='
  readonly bound: number
}

const CALLS: Readonly<Record<string, keyof typeof METRICS>> = {
  'accuracy()': 'accuracy',
  'precision()': 'precision',
  'recall()': 'recall',
  'specificity()': 'specificity',
  'negative_predictive_value()': 'npv',
  'false_positive_rate()': 'fpr',
  'balanced_accuracy()': 'balanced',
  'f1()': 'f1',
  'kappa()': 'kappa',
  'positive_rate()': 'rate',
  'mcc()': 'mcc',
}
export const DECISION_METRICS: readonly string[] = Object.keys(CALLS)

/** A clause as YAML after `of:`. */
export function clauseText({ metric, how, op, bound }: Bounded): string {
  switch (how) {
    case 'all':
      return `must: "${metric} ${op} ${bound}"`
    case 'each':
      return `slices: [by t], must: "${metric} ${op} ${bound}"`
    case 'gap':
    case 'ratio':
      return `must: "${how}_across(t, ${metric}) ${op} ${bound}"`
    default:
      return `slices: [t-${how}], must: "${metric} ${op} ${bound}"`
  }
}

export const specOf = (clauses: readonly Bounded[]): string => `plumbline: 1
system: { name: s, version: 1.0.0, purpose: A test. }
data:
  rows:
    source: rows.csv
    columns: { t: { type: category, values: [1, 2] }, age: { type: integer }, bought: { type: boolean, role: label } }
slices: { t-1: t == 1, t-2: t == 2 }
models:
  m:
    artifact: m.onnx
    task: binary-classification
    input: { from: rows, columns: [age] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: bought
    decision: risk >= 0.5
clauses:
${clauses.map((each, i) => `  k${i}: { says: One., of: m.rows, ${clauseText(each)} }`).join('\n')}
`

const added = (a: Cells, b: Cells): Cells => ({ tp: a.tp + b.tp, fp: a.fp + b.fp, fn: a.fn + b.fn, tn: a.tn + b.tn })

/** How far the number of a clause lies on the side that is not allowed, below 0 on the other; infinite where it has no value. */
export function shortfall({ metric, how, op, bound }: Bounded, one: Cells, two: Cells): number {
  const value = METRICS[CALLS[metric] as keyof typeof METRICS]
  const beyond = (measured: number): number => {
    const way = op === '>=' ? bound - measured : measured - bound
    return Number.isNaN(way) ? Number.POSITIVE_INFINITY : way
  }
  switch (how) {
    case 'all':
      return beyond(value(added(one, two)))
    case 'each':
      return Math.max(beyond(value(one)), beyond(value(two)))
    case '1':
      return beyond(value(one))
    case '2':
      return beyond(value(two))
    case 'gap':
      return beyond(Math.abs(value(one) - value(two)))
    case 'ratio':
      return beyond(Math.min(value(one), value(two)) / Math.max(value(one), value(two)))
  }
}

/** A decision on the rows of a group, from its rates of true and false positives, each in [0, 1]. */
const decided = ({ rows, positives }: Group, right: number, wrong: number): Cells => ({
  tp: positives * right,
  fn: positives * (1 - right),
  fp: (rows - positives) * wrong,
  tn: (rows - positives) * (1 - wrong),
})

/**
 * The least of a number over all decisions of two groups: a coarse grid, then steps that shrink, from the best places of the grid and
 * from others drawn. What is found is reached; that nothing less is there is not proved. `groups`: with their rows and labels, or of any.
 */
export function leastOver(
  groups: readonly [Group, Group] | undefined,
  measure: (one: Cells, two: Cells) => number,
  random: Random,
  tries = 30,
): number {
  const size = groups === undefined ? 7 : 4
  const inner = (x: number): number => Math.min(1 - 1e-6, Math.max(1e-6, x))
  const at = (x: readonly number[]): number => {
    const [a = 0, b = 0, c = 0, d = 0, share = 0.5, p = 0.5, q = 0.5] = x
    if (groups !== undefined) return measure(decided(groups[0], a, b), decided(groups[1], c, d))
    const [first, second] = [inner(share), 1 - inner(share)]
    return measure(
      decided({ rows: first, positives: first * inner(p) }, a, b),
      decided({ rows: second, positives: second * inner(q) }, c, d),
    )
  }
  const starts: (readonly [number, readonly number[]])[] = []
  const draw = (): number => (random.int(4) === 0 ? random.int(2) : random.int(1_000_001) / 1e6)
  for (let i = 0; i < 6_000; i++) {
    const x = Array.from({ length: size }, draw)
    starts.push([at(x), x])
  }
  starts.sort(([a], [b]) => a - b)
  let least = Number.POSITIVE_INFINITY
  for (const [value, from] of starts.slice(0, tries)) {
    let [best, x, step] = [value, from, 0.25]
    while (step > 1e-7) {
      let moved = false
      for (let i = 0; i < 24; i++) {
        const some = 1 + random.int(size)
        const to = x.map((each) => {
          const way = random.int(size) < some ? (random.int(2_001) / 1_000 - 1) * step : 0
          return Math.min(1, Math.max(0, each + way))
        })
        const found = at(to)
        if (found < best) [best, x, moved] = [found, to, true]
      }
      step = moved ? step * 1.2 : step / 2
    }
    least = Math.min(least, best)
  }
  return least
}
