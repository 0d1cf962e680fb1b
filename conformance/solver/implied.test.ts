import { compile } from '@plumbline/core'
import { impliedMetrics } from '@plumbline/core/deep'
import { createSolver } from '@plumbline/solver'
import { afterAll, expect, test } from 'vitest'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { anyClause, type Asked, type Kind, type Table, TABLES } from './small-tables.ts'
import { compiledSpec } from '../../packages/core/src/testing/compiled-spec.ts'

const solver = createSolver()
afterAll(() => solver.close())
const random = createRandom(process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline', 'implied')
const SPECS = Number(process.env['PLUMB_IMPLIED'] ?? 40)
const pick = <T>(items: readonly T[]): T => items[random.int(items.length)] as T

/** With cells beyond each end among those that are tried. */
const RANGES: Readonly<Record<Kind, readonly Pick<Contract, 'low' | 'high'>[]>> = {
  integer: [
    { low: 1, high: 2 },
    { low: 1, high: 3 },
    { low: 0, high: 2 },
  ],
  number: [
    { low: 0, high: 2 },
    { low: 1, high: 2.5 },
  ],
}

interface Contract {
  readonly kind: Kind
  readonly optional: boolean
  readonly low: number
  readonly high: number
}

const specOf = ({ kind, optional, low, high }: Contract, clauses: readonly Asked[]): string => `plumbline: 1
system: { name: s, version: 1.0.0, purpose: A test. }
data:
  rows: { source: rows.csv, columns: { c: { type: ${kind}, optional: ${optional}, range: [${low}, ${high}] }, b: { type: boolean } } }
slices: { part: b, rest: "!b" }
clauses:
${clauses.map(({ text }, i) => `  k${i}: { says: One., of: rows, ${text} }`).join('\n')}
`

/** Contracts are clauses on each row: of no row nothing is satisfied. */
const contracts = ({ low, high }: Contract): Readonly<Record<string, (table: Table) => boolean>> => ({
  'rows.c.required': (table) => table.length > 0 && table.every(({ c }) => c !== null),
  'rows.c.range': (table) => table.length > 0 && table.every(({ c }) => c === null || (c >= low && c <= high)),
  'rows.b.required': (table) => table.length > 0,
})

test('what is said to follow follows on every table of three rows, from no fewer clauses', async () => {
  const found = { implied: 0, unlessEmpty: 0, byOthers: 0, always: 0 }
  for (let i = 0; i < SPECS; i++) {
    const kind = pick(['integer', 'number'] as const)
    const contract: Contract = { kind, optional: random.int(2) === 0, ...pick(RANGES[kind]) }
    const clauses = Array.from({ length: 4 }, () => anyClause(random))
    const text = specOf(contract, clauses)
    const value = compiledSpec(text)
    const tables = TABLES[kind].filter((table) => table.length > 0)
    const truths = new Map<string, (table: Table) => boolean>([
      ...clauses.map((each, at) => [`k${at}`, (table: Table) => each.meets(table)] as const),
      ...Object.entries(contracts(contract)),
    ])
    const asking = { solver, limits: { milliseconds: 20_000 } }
    const { findings } = await impliedMetrics(value, asking, [])
    const follows = (id: string, by: readonly string[], unlessEmpty: boolean): boolean => {
      const own = clauses[Number(id.slice(1))] as Asked
      const met = tables.filter((table) => by.every((each) => truths.get(each)?.(table)))
      return met.every((table) => own.meets(table) || (unlessEmpty && own.isEmpty(table)))
    }
    for (const finding of findings) {
      if (finding.kind !== 'redundant') throw new Error(finding.kind)
      const { clause, unlessEmpty = false } = finding
      const by = finding.by.map(({ id }) => id)
      found.implied++
      if (unlessEmpty) found.unlessEmpty++
      if (by.length === 0) found.always++
      if (by.some((id) => id.startsWith('k'))) found.byOthers++
      expect(follows(clause.id, by, unlessEmpty || by.length === 0), `${clause.id} by ${by.join()} in ${text}`).toBe(
        true,
      )
      // No table that is tried lacks a cell of b.
      for (const left of by.filter((id) => id !== 'rows.b.required'))
        expect(
          follows(
            clause.id,
            by.filter((id) => id !== left),
            unlessEmpty,
          ),
          `${clause.id} by ${by.join()} without ${left} in ${text}`,
        ).toBe(false)
    }
  }
  expect(found.implied, JSON.stringify(found)).toBeGreaterThan(5)
  expect(found.byOthers, JSON.stringify(found)).toBeGreaterThan(1)
  expect(found.unlessEmpty, JSON.stringify(found)).toBeGreaterThan(1)
})

const RANGE = { kind: 'integer', low: 1, high: 3 } as const

test.each([
  ['of rows that are there, with a cell in each', { ...RANGE, optional: false }, ['must: distinct(c) >= 1'], ['k0']],
  ['of cells that may all be missing', { ...RANGE, optional: true }, ['must: distinct(c) >= 1'], []],
  [
    'of cells of which half are there',
    { ...RANGE, optional: true },
    ['must: distinct(c) >= 1', 'must: null_share(c) <= 0.5'],
    ['k0'],
  ],
  ['of rows that need not be there', { ...RANGE, optional: false }, ['allow_empty: true, must: distinct(c) >= 1'], []],
  ['of no rows, the count', { ...RANGE, optional: false }, ['allow_empty: true, must: count() >= 1'], []],
  ['a part that may have no row', { ...RANGE, optional: false }, ['slices: [part], must: distinct(c) >= 1'], []],
] as const)('%s', async (_, contract, clauses, expected) => {
  const text = specOf(
    contract,
    clauses.map((each) => ({ text: each, meets: () => false, isEmpty: () => false })),
  )
  const { value } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  if (value === undefined) throw new Error(text)
  const { findings } = await impliedMetrics(value, { solver, limits: { milliseconds: 20_000 } }, [])
  expect(findings.flatMap((finding) => (finding.kind === 'redundant' ? [finding.clause.id] : []))).toEqual(expected)
})
