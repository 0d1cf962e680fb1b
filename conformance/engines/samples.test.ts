import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProgramDataset, Statement } from '@plumbline/core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { identifier, type Sql, sql, textLiteral } from '../../packages/core/src/targets/sql/sql.ts'
import { buildProgram, type TestClause, type TestDataset } from '../../packages/engine/src/testing/program-builder.ts'
import { duckdbEngine } from '../differential/aggregates/engines.ts'
import { connect, type PostgresqlClient } from '../differential/postgresql/client.ts'
import { describeWithServer } from '../differential/postgresql/with-server.ts'
import { bothSides } from './both-sides.ts'
import { disagreements } from './compare.ts'
import { addressOf, statementsOf, tableOf } from './run.ts'
import { watchRowsFetched } from './rows-fetched.ts'

// Two samples of more different values than a statement may give back here: what the database makes of them is what their values give.

/** Numbers that float64 holds exactly, so that both places have the same ones; every thirteenth is missing. */
const TABLES = [
  {
    name: 'rows',
    series: sql`generate_series(1, 6000)`,
    many: sql`CASE WHEN i % 13 > 0 THEN (i * 7919 % 100003) / 128.0e0 END`,
  },
  { name: 'others', series: sql`generate_series(1, 5500)`, many: sql`(i * 104729 % 99991) / 128.0e0 + 16.0e0` },
] as const

const must = (id: string, condition: string, more: Partial<TestClause> = {}): TestClause => ({
  id,
  must: condition,
  confidence: 'none',
  slices: { all: '', half: 'flag' },
  ...more,
})
const RANKED = ['ks_p', 'cramer_von_mises_p', 'anderson_darling_p', 'epps_singleton_p', 'mann_whitney_p', 't_p']
const exact: readonly TestClause[] = [
  ...RANKED.flatMap((name) => [
    must(name, `${name}(many, others) > 0.01`),
    must(`${name}-of-few`, `${name}(few, others) > 0.01`),
    must(`${name}-of-ints`, `${name}(whole, others) > 0.01`),
  ]),
  must('shift', 'shift_auc(many, others) <= 0.6', { confidence: 0.95 }),
  must('shift-of-few', 'shift_auc(few, others) <= 0.6', { confidence: 0.95 }),
  must('energy', 'energy(many, others) <= 0.1'),
  must('mmd', 'mmd(many, others) <= 0.1'),
]
/** What is drawn at random is drawn by the digest of the data, and that of a table is another than that of a file. */
const drawn: readonly TestClause[] = [
  must('permuted', 'mmd_p(many, others) > 0.0005', { slices: { all: '' } }),
  must('band', 'mmd(many, others) <= 0.1', { slices: { all: '' }, confidence: 0.95 }),
]

const declared = (name: string, source: ProgramDataset['source']): TestDataset => ({
  name,
  source,
  columns: [
    { name: 'many', type: 'number' },
    { name: 'few', type: 'number' },
    { name: 'whole', type: 'integer' },
    { name: 'flag', type: 'boolean' },
  ],
})
const rowsOf = (many: Sql, series: Sql): Sql =>
  sql`SELECT ${many} AS many, CAST(i * 31 % 17 AS double precision) AS few, i * 37 % 1009 AS whole, i % 2 = 0 AS flag FROM ${series} AS s(i)`

describeWithServer('two samples in a database', (server) => {
  let client: PostgresqlClient
  let root = ''
  let fetched = { most: 0 }
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'plumb-samples-'))
    client = await connect(server())
    const duckdb = await duckdbEngine()
    for (const { name, series, many } of TABLES) {
      await client.query(sql`CREATE TABLE ${identifier(name)} AS ${rowsOf(many, series)}`)
      const file = textLiteral(join(root, `${name}.parquet`))
      await duckdb.query(sql`COPY (${rowsOf(many, series)}) TO ${file} (FORMAT parquet)`)
    }
    await duckdb.close()
    fetched = watchRowsFetched()
  })
  afterAll(async () => {
    vi.restoreAllMocks()
    await client.close()
    await rm(root, { recursive: true, force: true })
  })

  const both = (clauses: readonly TestClause[]) =>
    bothSides(clauses, {
      names: TABLES.map(({ name }) => name),
      declared,
      root,
      tableOf: (name) => tableOf(name),
      address: addressOf(server()),
      between: () => {
        fetched.most = 0
      },
    })

  it('ranks, moments and the grid of norms give what the values give', async () => {
    const [here, there] = await both(exact)
    expect(here.filter(({ verdict }) => verdict === 'error')).toEqual([])
    expect(disagreements(here, there, () => 1).slice(0, 3)).toEqual([])
    // Of the norms the counts of the grid came, and of everything else numbers.
    expect(fetched.most).toBeLessThanOrEqual(4096)
    fetched.most = 0
    await statementsOf(
      {
        program: buildProgram(
          TABLES.map(({ name }) => declared(name, tableOf(name))),
          exact.filter(({ id }) => id !== 'energy' && id !== 'mmd'),
        ),
        root,
      },
      addressOf(server()),
    )
    expect(fetched.most).toBeLessThan(20)
  })

  it('what is drawn is drawn from the same counts', async () => {
    const [here, there] = await both(drawn)
    const valueOf = (statements: readonly Statement[], id: string): number => {
      const found = statements.find(({ clause }) => clause === id)
      return found !== undefined && 'measured' in found ? Number(found.measured) : Number.NaN
    }
    expect(there.map(({ verdict }) => verdict)).toEqual(here.map(({ verdict }) => verdict))
    expect(Math.abs(valueOf(here, 'permuted') - valueOf(there, 'permuted'))).toBeLessThan(0.05)
    expect(fetched.most).toBeLessThanOrEqual(4096)
  })
})
