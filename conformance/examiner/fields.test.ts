import { analyseConditions, analyseMetrics, type Finding, impliedMetrics } from '@plumbline/core/deep'
import { createSolver } from '@plumbline/solver'
import { afterAll, expect, test } from 'vitest'
import { ADS } from './fields/ads.ts'
import { AGRICULTURE } from './fields/agriculture.ts'
import type { Clause, Spec, Table } from './fields/case.ts'
import { ENERGY } from './fields/energy.ts'
import { HR } from './fields/hr.ts'
import { INSURANCE } from './fields/insurance.ts'
import { tablesOf } from './fields/tables.ts'
import { compiledSpec } from '../../packages/core/src/testing/compiled-spec.ts'

const solver = createSolver()
afterAll(() => solver.close())

const withBounds = (text: string, bounds: readonly number[], isWhole: boolean): string =>
  bounds.reduce((all, bound, i) => all.replace(`{${i}}`, isWhole ? `${bound}` : bound.toFixed(4)), text)
/** Columns of numbers are compared with numbers that have a fraction. */
const yamlOf = ({ yaml, bounds }: Clause): string =>
  withBounds(yaml, bounds, !/kwh|claim|deductible|ph |harvest|bonus|bid|mean|median|share/.test(yaml))

const specOf = ({ columns, slices, clauses }: Spec): string => `plumbline: 1
system: { name: fields, version: 1.0.0, purpose: A test. }
data: { log: { source: log.csv, columns: ${columns} } }
${slices === undefined ? '' : `slices: ${slices}\n`}clauses:
${clauses.map((each, i) => `  k${i}: { says: One., of: log, ${yamlOf(each).replaceAll("'", '"')} }`).join('\n')}
`

async function findingsOf(spec: Spec): Promise<readonly Finding[]> {
  const text = specOf(spec)
  const value = compiledSpec(text)
  const asking = { solver, limits: { milliseconds: 20_000 } }
  const before = [
    ...(await analyseConditions(value, asking)).findings,
    ...(await analyseMetrics(value, asking)).findings,
  ]
  const known = before.flatMap((each) => ('clauses' in each ? each.clauses : 'clause' in each ? [each.clause] : []))
  return [...before, ...(await impliedMetrics(value, asking, known)).findings]
}

type Bounds = ReadonlyMap<number, readonly number[]>
const NOT_MOVED: Bounds = new Map()

/** Whether a table meets the clauses of these places, some of their bounds being others. */
const meets = ({ clauses }: Spec, table: Table, places: readonly number[], moved: Bounds = NOT_MOVED): boolean =>
  places.every((i) => clauses[i]?.meets(table, moved.get(i) ?? clauses[i]?.bounds ?? []))

const placesOf = (ids: readonly { readonly id: string }[]): readonly number[] =>
  ids.flatMap(({ id }) => (/^k\d+$/.test(id) ? [Number(id.slice(1))] : []))

/** The total way of the least moves of one or two bounds, of those on a grid, with which some table meets the clauses. */
function leastMoves(spec: Spec, places: readonly number[], tables: readonly Table[]): number {
  const grid = [...new Set(Object.values(spec.values).flat())].filter((cell) => typeof cell === 'number')
  const steps = [...grid, 0.25, 0.4, 0.5, 0.6, 0.75]
  const options = places.flatMap((i) => {
    const from = spec.clauses[i]?.bounds[0]
    return from === undefined ? [] : steps.map((to) => ({ i, to, way: Math.abs(to - from) / Math.max(1, from) }))
  })
  const tries = [
    ...options.map((a) => [a]),
    ...options.flatMap((a) => options.flatMap((b) => (a.i < b.i ? [[a, b]] : []))),
  ]
    .map((moves) => ({ moves, way: moves.reduce((total, { way }) => total + way, 0) }))
    .toSorted((a, b) => a.way - b.way)
  const found = tries.find(({ moves }) => {
    const moved = new Map(moves.map(({ i, to }) => [i, [to]]))
    return tables.some((table) => meets(spec, table, places, moved))
  })
  return found?.way ?? Number.POSITIVE_INFINITY
}

/** Of several moves together a little more is taken for fewer; bounds are put in thousandths. */
const WORTH = 1.03

function judgeConflict(spec: Spec, finding: Extract<Finding, { kind: 'contradiction' | 'impossible-metrics' }>): void {
  const tables = tablesOf(spec.values, spec.most)
  const places = placesOf(finding.clauses)
  expect(
    tables.some((table) => meets(spec, table, places)),
    `${places.join()} is met`,
  ).toBe(false)
  for (const left of places) {
    const others = places.filter((i) => i !== left)
    expect(
      tables.some((table) => meets(spec, table, others)),
      `${others.join()} is not met`,
    ).toBe(true)
  }
  const moves = finding.repair?.moves ?? []
  const moved = new Map(moves.map(({ name, to }) => [Number(name.slice(1)), [Number(to.value)]]))
  const wider = Object.fromEntries(
    Object.entries(spec.values).map(([name, all]) => {
      const isNumber = all.some((cell) => typeof cell === 'number')
      return [name, isNumber ? [...new Set([...all, ...[...moved.values()].flat()])] : all]
    }),
  )
  const least = leastMoves(spec, places, tables)
  if (moves.length === 0) {
    expect(least, 'no repair').toBe(Number.POSITIVE_INFINITY)
    return
  }
  const text = moves.map(({ name, from, to }) => `${name} ${from.value} → ${to.value}`).join()
  expect(
    tablesOf(wider, spec.most).some((table) => meets(spec, table, places, moved)),
    `${text} repairs`,
  ).toBe(true)
  expect(finding.repair?.distance, `${text} is the least`).toBeLessThanOrEqual(least * WORTH + 1e-3)
}

const specs = [...INSURANCE, ...ENERGY, ...HR, ...AGRICULTURE, ...ADS]

test.each(specs.map((spec) => [spec.name, spec] as const))('%s', async (_, spec) => {
  const findings = await findingsOf(spec)
  const tables = tablesOf(spec.values, spec.most)
  const all = spec.clauses.map((_clause, i) => i)
  const impossible = findings.filter(({ kind }) => kind === 'contradiction' || kind === 'impossible-metrics')
  for (const finding of impossible)
    if (finding.kind === 'contradiction' || finding.kind === 'impossible-metrics') judgeConflict(spec, finding)
  const idle = findings.flatMap((finding) => {
    if (finding.kind === 'redundant' || finding.kind === 'vacuous') {
      const [place = -1] = placesOf([finding.clause])
      const by = placesOf(finding.by)
      const follows = (from: readonly number[]): boolean =>
        tables.every((table) => !meets(spec, table, from) || meets(spec, table, [place]))
      expect(follows(by), `k${place} from ${by.join()}`).toBe(true)
      for (const left of by) expect(follows(by.filter((i) => i !== left)), `k${place} without ${left}`).toBe(false)
      return [place]
    }
    return finding.kind === 'empty-slice' ? placesOf(finding.askedBy) : []
  })
  // What is tried says what there is to find, and nothing else does.
  if (!tables.some((table) => meets(spec, table, all))) {
    expect(impossible.length, spec.missed).toBe(spec.missed === undefined ? 1 : 0)
    return
  }
  expect(impossible).toEqual([])
  const left = all.filter((i) => !idle.includes(i))
  const follow = left.filter((i) => {
    const others = left.filter((other) => other !== i)
    return tables.every((table) => !meets(spec, table, others) || meets(spec, table, [i]))
  })
  expect(
    follow.map((i) => `k${i}`),
    'what follows and is not said',
  ).toEqual([])
})

test('thirty specs of five fields', () => {
  expect(specs.length).toBe(30)
})
