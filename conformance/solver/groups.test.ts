import { analyseMetrics, countablePopulations, type LabelCounts } from '@plumbline/core/deep'
import { createSolver } from '@plumbline/solver'
import { afterAll, expect, test } from 'vitest'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { compiledSpec } from '../../packages/core/src/testing/compiled-spec.ts'

const solver = createSolver()
afterAll(() => solver.close())
const random = createRandom(process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline', 'groups')
const SPECS = Number(process.env['PLUMB_GROUPS'] ?? 8)
const pick = <T>(items: readonly T[]): T => items[random.int(items.length)] as T

interface Cells {
  readonly tp: number
  readonly fp: number
  readonly fn: number
  readonly tn: number
}

/** Each metric by its definition; NaN where it has no value. */
const METRICS: Readonly<Record<string, (cells: Cells) => number>> = {
  'accuracy()': ({ tp, fp, fn, tn }) => (tp + tn) / (tp + fp + fn + tn),
  'precision()': ({ tp, fp }) => tp / (tp + fp),
  'recall()': ({ tp, fn }) => tp / (tp + fn),
  'specificity()': ({ tn, fp }) => tn / (tn + fp),
  'f1()': ({ tp, fp, fn }) => (2 * tp) / (2 * tp + fp + fn),
  'positive_rate()': ({ tp, fp, fn, tn }) => (tp + fp) / (tp + fp + fn + tn),
}

interface Group {
  readonly rows: number
  readonly positives: number
}

/** What a decision can make of the rows of a group. */
const decisionsOf = ({ rows, positives }: Group): readonly Cells[] =>
  Array.from({ length: positives + 1 }, (_, tp) => tp).flatMap((tp) =>
    Array.from({ length: rows - positives + 1 }, (_, fp) => ({
      tp,
      fp,
      fn: positives - tp,
      tn: rows - positives - fp,
    })),
  )

const STEPS = 16

/** The same of many rows of which so many are positive: shares of them. */
const sharesOf = ({ rows, positives }: Group): readonly Cells[] =>
  Array.from({ length: (STEPS + 1) ** 2 }, (_, i) => {
    const tp = (positives * (i % (STEPS + 1))) / STEPS
    const fp = ((rows - positives) * Math.floor(i / (STEPS + 1))) / STEPS
    return { tp, fp, fn: positives - tp, tn: rows - positives - fp }
  })

/** The greatest margin of all that is asked, over what can be made of two groups. */
function bestMargin(asked: readonly Asked[], ones: readonly Cells[], twos: readonly Cells[]): number {
  let most = Number.NEGATIVE_INFINITY
  for (const one of ones)
    for (const two of twos) {
      const margin = Math.min(...asked.map((each) => each.margin(one, two)))
      if (margin > most) most = margin
    }
  return most
}

const added = (a: Cells, b: Cells): Cells => ({ tp: a.tp + b.tp, fp: a.fp + b.fp, fn: a.fn + b.fn, tn: a.tn + b.tn })

interface Asked {
  readonly text: string
  /** How far on the allowed side the worst of what is asked lies; NaN where something has no value. */
  margin(one: Cells, two: Cells): number
}

/** A bound of all rows, of each group, or of what lies between the groups. */
function anyClause(): Asked {
  const [metric, isLess, how] = [pick(Object.keys(METRICS)), random.int(2) === 0, pick(['all', 'each', 'gap', 'ratio'])]
  const value = METRICS[metric] as (cells: Cells) => number
  const bound = how === 'gap' ? pick([0.05, 0.3]) : pick([0.2, 0.5, 0.7, 0.9])
  // A gap is asked to be small and a ratio to be great.
  const less = how === 'gap' || (how !== 'ratio' && isLess)
  const op = less ? '<=' : '>='
  const side = (measured: number): number => (less ? bound - measured : measured - bound)
  switch (how) {
    case 'all':
      return { text: `must: "${metric} ${op} ${bound}"`, margin: (one, two) => side(value(added(one, two))) }
    case 'each':
      return {
        text: `slices: [by t], must: "${metric} ${op} ${bound}"`,
        margin: (one, two) => Math.min(side(value(one)), side(value(two))),
      }
    case 'gap':
      return {
        text: `must: "gap_across(t, ${metric}) ${op} ${bound}"`,
        margin: (one, two) => side(Math.abs(value(one) - value(two))),
      }
    default:
      return {
        text: `must: "ratio_across(t, ${metric}) ${op} ${bound}"`,
        margin: (one, two) => side(Math.min(value(one), value(two)) / Math.max(value(one), value(two))),
      }
  }
}

const specOf = (clauses: readonly Asked[]): string => `plumbline: 1
system: { name: s, version: 1.0.0, purpose: A test. }
data:
  rows:
    source: rows.csv
    columns: { t: { type: category, values: [1, 2] }, age: { type: integer }, bought: { type: boolean, role: label } }
models:
  m:
    artifact: m.onnx
    task: binary-classification
    input: { from: rows, columns: [age] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: bought
    decision: risk >= 0.5
clauses:
${clauses.map(({ text }, i) => `  k${i}: { says: One., of: m.rows, ${text} }`).join('\n')}
`

test('what no decision of the counted rows can meet is found, and nothing else', async () => {
  const found = { possible: 0, impossible: 0, open: 0 }
  for (let i = 0; i < SPECS; i++) {
    const groups = [0, 1].map((): Group => {
      const rows = 10 + random.int(8)
      return { rows, positives: 1 + random.int(rows - 1) }
    })
    const [one, two] = groups as [Group, Group]
    const clauses = Array.from({ length: 6 }, anyClause)
    const text = `${JSON.stringify(groups)} ${specOf(clauses)}`
    const value = compiledSpec(specOf(clauses))
    const known = countablePopulations(value).map(({ key }) => {
      const group = /"value":"?([12])"?/.exec(key)?.[1]
      const all = { rows: one.rows + two.rows, positives: one.positives + two.positives }
      return [key, group === undefined ? all : group === '1' ? one : two] as const
    })
    const labels: LabelCounts = new Map([['rows', new Map(known)]])
    const { findings, undecided } = await analyseMetrics(value, { solver, limits: { milliseconds: 20_000 } }, labels)
    const conflicts = findings.filter((finding) => finding.kind === 'impossible-metrics')
    const best = (asked: readonly Asked[]): number => bestMargin(asked, decisionsOf(one), decisionsOf(two))
    if (best(clauses) > 1e-9) expect(conflicts, text).toEqual([])
    for (const { clauses: named } of conflicts) {
      found.impossible++
      const among = named.flatMap(({ id }) => clauses[Number(id.slice(1))] ?? [])
      expect(best(among), `${named.map(({ id }) => id).join()} of ${text}`).toBeLessThanOrEqual(1e-9)
    }
    if (conflicts.length > 0) continue
    if (undecided > 0) found.open++
    else expect(bestMargin(clauses, sharesOf(one), sharesOf(two)), text).toBeGreaterThan(-0.1)
    found.possible++
  }
  expect(found.possible, JSON.stringify(found)).toBeGreaterThan(1)
  expect(found.impossible, JSON.stringify(found)).toBeGreaterThan(1)
  expect(found.open, JSON.stringify(found)).toBeLessThan(SPECS / 5)
})
