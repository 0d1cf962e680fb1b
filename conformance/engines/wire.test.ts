import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { instancesOf } from '@plumbline/core'
import { type Aggregate, aggregates } from '../../packages/core/src/expr/functions/aggregates.ts'
import { sql } from '../../packages/core/src/targets/sql/sql.ts'
import { type FetchedValues, fetchedValues } from '../../packages/engine/src/planning/fetched.ts'
import { buildProgram, type TestClause, type TestDataset } from '../../packages/engine/src/testing/program-builder.ts'
import { connect, type PostgresqlClient } from '../differential/postgresql/client.ts'
import { describeWithServer } from '../differential/postgresql/with-server.ts'
import { addressOf, statementsOf, tableOf } from './run.ts'
import { watchRowsFetched } from './rows-fetched.ts'

/** Rows of each table: more than any statement that only counts and adds gives. */
const ROWS = 2_000
/** Distinct values of the column `few`, and at most so many numbers of bins, ranks and sums. */
const FEW = 40

/** How much of the rows leaves the database: numbers alone, its distinct values with their counts, or rows. */
type Wire = 'numbers' | 'counts of values' | 'rows'

/**
 * What needs more than numbers of so few rows, with what else it takes: `confidence` for an interval. All other functions of data need numbers
 * alone; what becomes of these where values are many is in `large-samples.test.ts`.
 */
const MORE_THAN_NUMBERS: Readonly<Record<string, Wire>> = {
  // The order of the values of both sides.
  ks: 'counts of values',
  wasserstein: 'counts of values',
  energy: 'counts of values',
  mmd: 'counts of values',
  energy_p: 'counts of values',
  mmd_p: 'counts of values',
  // Intervals by order statistics or resampling.
  'sum with an interval': 'counts of values',
  'variance with an interval': 'counts of values',
  'stddev with an interval': 'counts of values',
  'median with an interval': 'counts of values',
  'quantile with an interval': 'counts of values',
  // A classifier learns from rows; texts are compared as they are written.
  classifier_auc: 'rows',
}

const ARGUMENTS: Readonly<Record<Aggregate['args'][number], (column: string) => string>> = {
  column: (column) => column,
  foreign: (column) => column,
  expr: (column) => column,
  relation: () => 'others',
  value: () => '0.5',
  text: () => '"many"',
  list: () => '[1.0, 2.0]',
  class: () => '"a"',
}
/** Calls whose arguments are not of the usual kinds. */
const SPELLED: Readonly<Record<string, (column: string) => string>> = {
  fisher_p: () => 'fisher_p(flag, others)',
  z_p: () => 'z_p(flag, others)',
  overlap: (column) => `overlap(rows, others, ${column})`,
  share: (column) => `share(${column} > 0.5)`,
  correlation_change: (column) => `correlation_change(${column}, half, others)`,
  correlation: (column) => `correlation(${column}, half)`,
  mutual_information: (column) => `mutual_information(${column}, half)`,
  kl_values: (column) => `kl_values(${column}, [1.0, 2.0], [0.5, 0.4], 0.1)`,
  kl_bins: (column) => `kl_bins(${column}, [1.0, 2.0], [0.5, 0.4, 0.1])`,
}
/** The order of rows, which a table has not; texts, which the tables here have not. */
const NOT_ASKED = new Set(['ascents', 'descents', 'repeats', 'variants', 'new_variants'])

const ofData = Object.entries<Aggregate>(aggregates).filter(
  ([name, { needs }]) => needs === undefined && !NOT_ASKED.has(name),
)

const dataset = (name: string): TestDataset => ({
  name,
  source: tableOf(name, { pinned: false }),
  columns: [
    { name: 'many', type: 'number' },
    { name: 'few', type: 'number' },
    { name: 'half', type: 'number' },
    { name: 'flag', type: 'boolean' },
  ],
})

describeWithServer('what crosses the wire', (server) => {
  let client: PostgresqlClient
  let fetched = { most: 0 }
  beforeAll(async () => {
    client = await connect(server())
    for (const [name, shift] of [
      [sql`rows`, sql`0`],
      [sql`others`, sql`3`],
    ] as const)
      await client.query(
        sql`CREATE TABLE ${name} AS SELECT i / 7.0e0 + ${shift} AS many, CAST((i + ${shift}) % 40 AS float8) AS few, CAST(i % 2 AS float8) AS half, i % 3 = 0 AS flag FROM generate_series(1, 2000) AS s(i)`,
      )
    fetched = watchRowsFetched()
  })
  afterAll(async () => {
    vi.restoreAllMocks()
    await client.close()
  })

  const programOf = (call: string, more: Partial<TestClause>) =>
    buildProgram([dataset('rows'), dataset('others')], [{ id: 'asked', must: `${call} >= 0.0`, ...more }])

  /** What `--plan` says that it fetches. */
  function fetchedBy(call: string, more: Partial<TestClause>): readonly FetchedValues[] {
    const program = programOf(call, more)
    return instancesOf(program, ['data']).flatMap((instance) => fetchedValues(instance, program))
  }

  /** The most rows that one statement gives, where a clause asks a function of a column. */
  async function rowsFor(call: string, more: Partial<TestClause>): Promise<number> {
    fetched.most = 0
    const program = programOf(call, more)
    const [statement] = await statementsOf({ program, root: '.' }, addressOf(server()))
    expect({
      call,
      verdict: statement?.verdict,
      ...(statement?.verdict === 'error' ? { cause: statement.cause } : {}),
    }).toEqual({
      call,
      verdict: expect.stringMatching(/satisfied|violated|inconclusive/),
    })
    return fetched.most
  }

  it('numbers alone, but for what is listed', async () => {
    const found: Record<string, Wire> = {}
    const foretold: Record<string, Wire> = {}
    for (const [name, { args, speaksOf, interval }] of ofData) {
      const call = (column: string): string =>
        SPELLED[name]?.(column) ?? `${name}(${args.map((kind) => ARGUMENTS[kind](column)).join(', ')})`
      const asked: readonly (readonly [string, Partial<TestClause>])[] = [
        [name, speaksOf === 'population' ? {} : { confidence: 'none' }],
        ...(speaksOf === 'rows-or-population' && interval !== 'none'
          ? [[`${name} with an interval`, { confidence: 0.95 }] as const]
          : []),
      ]
      for (const [title, more] of asked) {
        const [plan] = fetchedBy(call('many'), more)
        if (plan !== undefined) foretold[title] = plan.fetches === 'values' ? 'counts of values' : 'rows'
        const many = await rowsFor(call('many'), more)
        if (many <= FEW * 3) continue
        found[title] = (await rowsFor(call('few'), more)) <= FEW * 3 ? 'counts of values' : 'rows'
        expect(many, title).toBeLessThanOrEqual(ROWS)
      }
    }
    expect(found).toEqual(MORE_THAN_NUMBERS)
    expect(foretold).toEqual(MORE_THAN_NUMBERS)
  })

  it('several estimates of the same rows in one clause need the rows themselves', async () => {
    expect(await rowsFor('mean(many) - mean(few)', { confidence: 0.95 })).toBe(ROWS)
    expect(await rowsFor('mean(many) - mean(few)', { confidence: 'none' })).toBeLessThanOrEqual(FEW)
    expect(fetchedBy('mean(many) - mean(few)', { confidence: 0.95 })).toMatchObject([{ fetches: 'rows' }])
    expect(fetchedBy('mean(many) - mean(few)', { confidence: 'none' })).toEqual([])
  })
})
