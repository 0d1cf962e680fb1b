import { compile } from '@plumbline/core'
import { analyseMetrics } from '@plumbline/core/deep'
import { createSolver } from '@plumbline/solver'
import { afterAll, expect, test } from 'vitest'
import { createRandom } from '../../packages/core/src/stats/prng.ts'

const solver = createSolver()
afterAll(() => solver.close())
const random = createRandom(process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline', 'aggregates')
const SPECS = Number(process.env['PLUMB_AGGREGATES'] ?? 24)
const pick = <T>(items: readonly T[]): T => items[random.int(items.length)] as T

/** Halves as well as wholes where the column holds numbers. */
const KINDS = { integer: [0, 1, 2, 3, null], number: [-0.5, 0, 1.25, 3, null] } as const
type Kind = keyof typeof KINDS

interface Row {
  readonly c: number | null
  readonly b: boolean
}
type Table = readonly Row[]

/** Every table of up to three rows. */
function tablesOf(kind: Kind): readonly Table[] {
  const rows: readonly Row[] = KINDS[kind].flatMap((c) => [true, false].map((b) => ({ c, b })))
  return [[], ...rows.flatMap((x) => [[x], ...rows.flatMap((y) => [[x, y], ...rows.map((z) => [x, y, z])])])]
}
const TABLES: Readonly<Record<Kind, readonly Table[]>> = { integer: tablesOf('integer'), number: tablesOf('number') }

const cellsOf = (table: Table): readonly number[] =>
  table.flatMap(({ c }) => (c === null ? [] : [c])).toSorted((a, b) => a - b)
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const mean = (values: readonly number[]): number => sum(values) / values.length
const variance = (values: readonly number[]): number =>
  sum(values.map((value) => (value - mean(values)) ** 2)) / (values.length - 1)
function quantile(values: readonly number[], q: number): number {
  const at = (values.length - 1) * q
  const [low, high] = [values[Math.floor(at)] ?? Number.NaN, values[Math.ceil(at)] ?? Number.NaN]
  return low + (high - low) * (at - Math.floor(at))
}
const groupSize = (table: Table, c: number | null): number => table.filter((row) => row.c === c).length
const share = (table: Table, condition: (c: number) => boolean): number =>
  table.filter(({ c }) => c !== null && condition(c)).length / table.length

/** Each aggregate by its definition; NaN where it has no value. */
const AGGREGATES: Readonly<Record<string, (table: Table) => number>> = {
  'count()': (table) => table.length,
  'distinct(c)': (table) => new Set(cellsOf(table)).size,
  'present(c)': (table) => cellsOf(table).length,
  'null_share(c)': (table) => 1 - cellsOf(table).length / table.length,
  'duplicates(c)': (table) => table.filter(({ c }) => groupSize(table, c) > 1).length,
  'mode_count(c)': (table) => Math.max(0, ...cellsOf(table).map((c) => groupSize(table, c))),
  'sum(c)': (table) => (cellsOf(table).length === 0 ? Number.NaN : sum(cellsOf(table))),
  'min(c)': (table) => cellsOf(table)[0] ?? Number.NaN,
  'max(c)': (table) => cellsOf(table).at(-1) ?? Number.NaN,
  'mean(c)': (table) => mean(cellsOf(table)),
  'median(c)': (table) => quantile(cellsOf(table), 0.5),
  'quantile(c, 0.9)': (table) => quantile(cellsOf(table), 0.9),
  'variance(c)': (table) => variance(cellsOf(table)),
  'stddev(c)': (table) => Math.sqrt(variance(cellsOf(table))),
  'share(c >= 2)': (table) => share(table, (c) => c >= 2),
  'share(!(c >= 2))': (table) => share(table, (c) => !(c >= 2)),
  'share(c > 2)': (table) => share(table, (c) => c > 2),
  'share(c == 1)': (table) => share(table, (c) => c === 1),
  'share(c == 0)': (table) => share(table, (c) => c === 0),
  'share(c >= 2 || c == 1)': (table) => share(table, (c) => c >= 2 || c === 1),
  'share(c in [0, 3])': (table) => share(table, (c) => c === 0 || c === 3),
}
const EVERY: Readonly<Record<string, (c: number) => boolean>> = {
  'c >= 2': (c) => c >= 2,
  'c < 2': (c) => c < 2,
  'c in [0, 1]': (c) => c === 0 || c === 1,
}

interface Asked {
  readonly text: string
  meets(table: Table): boolean
}

/** A bound of an aggregate, of all rows or of those where b is true, or a condition on each row. */
function anyClause(): Asked {
  if (random.int(4) === 0) {
    const [condition, missing] = [pick(Object.keys(EVERY)), pick(['fail', 'pass', 'exclude'])]
    const holds = EVERY[condition] as (c: number) => boolean
    return {
      text: `missing: ${missing}, every: "${condition}"`,
      meets: (table) => table.length > 0 && table.every(({ c }) => (c === null ? missing !== 'fail' : holds(c))),
    }
  }
  const [aggregate, isLess, isSlice] = [pick(Object.keys(AGGREGATES)), random.int(2) === 0, random.int(5) === 0]
  const bound = aggregate.includes('share') ? pick([0.2, 0.4, 0.6, 0.8]) : pick([0.5, 1, 1.5, 2, 2.5])
  const value = AGGREGATES[aggregate] as (table: Table) => number
  return {
    text: `${isSlice ? 'slices: [part], ' : ''}must: "${aggregate} ${isLess ? '<=' : '>='} ${bound}"`,
    meets: (table) => {
      const rows = isSlice ? table.filter(({ b }) => b) : table
      const measured = value(rows)
      // Of no rows nothing is satisfied.
      if (rows.length === 0) return false
      return isLess ? measured <= bound : measured >= bound
    },
  }
}

const specOf = (kind: Kind, clauses: readonly Asked[]): string => `plumbline: 1
system: { name: s, version: 1.0.0, purpose: A test. }
data:
  rows: { source: rows.csv, columns: { c: { type: ${kind}, optional: true }, b: { type: boolean } } }
slices: { part: b }
clauses:
${clauses.map(({ text }, i) => `  k${i}: { says: One., of: rows, ${text} }`).join('\n')}
`

type Finding = Awaited<ReturnType<typeof analyseMetrics>>['findings'][number]
const idsOf = (finding: Finding): string =>
  finding.kind === 'impossible-metrics' ? finding.clauses.map(({ id }) => id).join(', ') : ''

test('no table of three rows meets aggregates that are called impossible together', async () => {
  const found = { possible: 0, impossible: 0, repaired: 0 }
  for (let i = 0; i < SPECS; i++) {
    const kind = pick(['integer', 'number'] as const)
    const clauses = Array.from({ length: 4 }, anyClause)
    const text = specOf(kind, clauses)
    const { value, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
    if (value === undefined) throw new Error(`${diagnostics.map(({ message }) => message).join('\n')}\n${text}`)
    const { findings } = await analyseMetrics(value, { solver, limits: { milliseconds: 5_000 } })
    const impossible = findings.filter((finding) => finding.kind === 'impossible-metrics')
    if (impossible.length === 0) found.possible++
    for (const finding of impossible) {
      found.impossible++
      const among = finding.clauses.flatMap(({ id }) => (id.startsWith('k') ? [clauses[Number(id.slice(1))]] : []))
      // Of b nothing is missing: the contract that a finding may name is met by each table.
      const met = TABLES[kind].find((table) => among.every((each) => each?.meets(table)))
      expect(met, `${idsOf(finding)} in ${text}`).toBeUndefined()
      if (finding.repair === undefined) continue
      found.repaired++
      const moved = finding.repair.moves.reduce((all, { name, from, to }) => {
        const line = all.split('\n').find((each) => each.startsWith(`  ${name}:`)) ?? ''
        const last = line.lastIndexOf(`${from.value}`)
        return all.replace(line, `${line.slice(0, last)}${to.value}${line.slice(last + `${from.value}`.length)}`)
      }, text)
      const again = compile({ main: { path: 'plumb.yaml', text: moved }, others: [] }).value
      if (again === undefined) throw new Error(moved)
      const left = await analyseMetrics(again, { solver, limits: { milliseconds: 5_000 } })
      const ids = idsOf(finding)
      expect(left.findings.map(idsOf), `${ids} of ${text} as ${moved}`).not.toContain(ids)
    }
  }
  expect(found.possible, JSON.stringify(found)).toBeGreaterThan(2)
  expect(found.impossible, JSON.stringify(found)).toBeGreaterThan(4)
  expect(found.repaired, JSON.stringify(found)).toBeGreaterThan(2)
})
