import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Statement } from '@plumbline/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sql } from '../../packages/core/src/targets/sql/sql.ts'
import { datasetDigest } from '../../packages/engine/src/relations/dataset-digest.ts'
import { buildProgram, type TestClause, type TestDataset } from '../../packages/engine/src/testing/program-builder.ts'
import { connect, type PostgresqlClient } from '../differential/postgresql/client.ts'
import { describeWithServer } from '../differential/postgresql/with-server.ts'
import { addressOf, statementsOf, tableOf } from './run.ts'

const rows: TestDataset = {
  name: 'rows',
  source: tableOf('things'),
  key: ['id'],
  columns: [
    { name: 'id', type: 'integer' },
    { name: 'x', type: 'number' },
    { name: 'raw', type: 'number' },
  ],
}
const positive: TestClause = { id: 'positive', every: 'id > 0' }
const here: TestDataset = {
  name: 'here',
  source: { path: 'here.csv', format: 'csv' },
  columns: [{ name: 'id', type: 'integer' }],
}
const causeOf = (statement: Statement | undefined) =>
  statement?.verdict === 'error' ? { reason: statement.reason, cause: statement.cause } : statement

describeWithServer('what goes wrong on the way to a table', (server) => {
  let root = ''
  let client: PostgresqlClient
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'plumb-failures-'))
    await writeFile(join(root, 'here.csv'), 'id\n1\n')
    client = await connect(server())
    await client.query(
      sql`CREATE TABLE things AS SELECT i AS id, i / 2.0 AS x, decode('00', 'hex') AS raw FROM generate_series(1, 9) AS s(i)`,
    )
    await client.query(
      sql`CREATE VIEW slow AS SELECT i AS id FROM generate_series(1, 1) AS s(i), LATERAL (SELECT pg_sleep(i + 60)) AS t`,
    )
    await client.query(sql`CREATE VIEW broken AS SELECT i AS id, 1 / (i - 3) AS x FROM generate_series(1, 5) AS s(i)`)
    await client.query(sql`CREATE ROLE stranger LOGIN`)
    await client.query(sql`CREATE ROLE secretive LOGIN PASSWORD 'correct'`)
    const rules = join(server().host, 'data', 'pg_hba.conf')
    writeFileSync(rules, `local all secretive scram-sha-256\n${readFileSync(rules, 'utf8')}`)
    await client.query(sql`SELECT pg_reload_conf()`)
  })
  afterAll(async () => {
    await client.close()
    await rm(root, { recursive: true, force: true })
  })
  const run = (dataset: Partial<TestDataset>, clauses: readonly TestClause[], address?: string) =>
    statementsOf({ program: buildProgram([{ ...rows, ...dataset }], clauses), root }, address ?? addressOf(server()))
  const first = async (...given: Parameters<typeof run>) => causeOf((await run(...given))[0])

  it('nobody there, no variable, no such database: the environment is at fault, and says what to do', async () => {
    const program = buildProgram([rows], [positive])
    expect(causeOf((await statementsOf({ program, root }))[0])).toEqual({
      reason: 'engine-unreachable',
      cause: expect.stringMatching(/environment variable WAREHOUSE, which is not set/),
    })
    const nobody = await first({}, [positive], 'postgresql://reader:hunter2@127.0.0.1:1/risk')
    expect(nobody).toEqual({
      reason: 'engine-unreachable',
      cause: expect.stringMatching(
        /"warehouse" \(reader@127\.0\.0\.1:1\/risk\) cannot be reached: .*ECONNREFUSED.*Check host and port/,
      ),
    })
    expect(JSON.stringify(nobody)).not.toContain('hunter2')
    expect(await first({}, [positive], addressOf(server()).replace('/postgres?', '/nowhere?'))).toMatchObject({
      reason: 'engine-unreachable',
      cause: expect.stringMatching(/no such database/),
    })
    expect(await first({}, [positive], 'mysql://x@y/z')).toMatchObject({
      cause: expect.stringMatching(/no address of PostgreSQL/),
    })
  })

  it('a wrong password is told without it, and the right one is let in', async () => {
    await client.query(sql`GRANT SELECT ON things TO secretive`)
    const as = (login: string) => addressOf(server(), login)
    const wrong = await first({}, [positive], as('secretive:hunter2'))
    expect(wrong).toEqual({
      reason: 'engine-unreachable',
      cause: expect.stringMatching(/refused the login: .*"secretive".*PGPASSWORD/),
    })
    expect(JSON.stringify(wrong)).not.toContain('hunter2')
    expect(await first({}, [positive], as('secretive'))).toMatchObject({
      cause: expect.stringMatching(/asks for a password/),
    })
    expect(await first({}, [positive], as('secretive:correct'))).toMatchObject({ verdict: 'satisfied', n: 9 })
  })

  it('a password file that others may read is not used', async () => {
    const file = join(root, 'pgpass')
    await writeFile(file, '*:*:*:*:x\n')
    const variable = (name: string) => ({ WAREHOUSE: addressOf(server()), PGPASSFILE: file })[name]
    const ask = async () =>
      causeOf((await statementsOf({ program: buildProgram([rows], [positive]), root, variable }))[0])
    await chmod(file, 0o644)
    expect(await ask()).toMatchObject({ reason: 'engine-unreachable', cause: expect.stringMatching(/chmod 0600/) })
    await chmod(file, 0o600)
    expect(await ask()).toMatchObject({ verdict: 'satisfied' })
  })

  it('no such table, no right to read it, no such column, a type that is no number: of the source, not of the engine', async () => {
    expect(await first({ source: tableOf('thing') }, [positive])).toEqual({
      reason: 'source-missing',
      cause: expect.stringMatching(/has no table thing\. Did you mean things\?/),
    })
    expect(await first({}, [positive], addressOf(server(), 'stranger'))).toEqual({
      reason: 'source-unreadable',
      cause: expect.stringMatching(/may not read the table things\. Grant SELECT/),
    })
    const columns = [...rows.columns, { name: 'y', type: 'number' } as const]
    const clauses = [
      { id: 'ids', uniqueKey: ['id'] },
      { id: 'ys', every: 'y > 0.0' },
      { id: 'raws', must: 'max(raw) > 0.0', confidence: 'none' },
      { id: 'xs', must: 'max(x) == 4.5', confidence: 'none' },
    ] as const
    const found = await run({ columns }, clauses)
    expect(found.map(({ verdict }) => verdict)).toEqual(['satisfied', 'error', 'error', 'satisfied'])
    expect(causeOf(found[1])).toEqual({
      reason: 'column-missing',
      cause: expect.stringMatching(/has no column "y"\. It has: id, x, raw/),
    })
    expect(causeOf(found[2])).toEqual({
      reason: 'cast-failed',
      cause: expect.stringMatching(/"raw" has the type bytea of PostgreSQL, which cannot be read as number/),
    })
  })

  it('an expression that raises there spoils its own clause, and the transaction goes on', async () => {
    const found = await run({ source: tableOf('broken', { pinned: false }) }, [
      { id: 'ids', every: 'id > 0' },
      { id: 'xs', every: 'x < 5.0' },
      { id: 'sum', must: 'sum(id) == 15' },
    ])
    expect(found.map(({ verdict }) => verdict)).toEqual(['satisfied', 'error', 'satisfied'])
    expect(causeOf(found[1])).toMatchObject({
      reason: 'engine-failed',
      cause: expect.stringMatching(/division by zero/),
    })
  })

  it('a statement that takes too long is ended there', async () => {
    const source = tableOf('slow', { pinned: false, statementTimeoutMs: 100 })
    expect(await first({ source }, [positive])).toMatchObject({
      reason: 'engine-failed',
      cause: expect.stringMatching(/longer than 100 ms, which `statement_timeout`/),
    })
  })

  /** Resolves when the view is being read, with the process of the server that does. */
  async function reading(): Promise<bigint> {
    for (;;) {
      const [[pid] = []] = await client.query(
        sql`SELECT CAST(pid AS bigint) FROM pg_stat_activity WHERE state = 'active' AND wait_event = 'PgSleep' AND pid <> pg_backend_pid()`,
      )
      if (typeof pid === 'bigint') return pid
    }
  }
  const slowly = (signal?: AbortSignal) =>
    statementsOf(
      {
        program: buildProgram(
          [here, { ...rows, source: tableOf('slow') }],
          [
            { ...positive, id: 'here' },
            { ...positive, of: 'rows' },
            { id: 'more', of: 'rows', must: 'count() > 0' },
          ],
        ),
        root,
        ...(signal === undefined ? {} : { signal }),
      },
      addressOf(server()),
    )

  it('an interruption cancels what runs on the server; what was decided is kept, the rest skipped', async () => {
    const stop = new AbortController()
    const running = slowly(stop.signal)
    const pid = await reading()
    stop.abort()
    expect((await running).map(({ verdict }) => verdict)).toEqual(['satisfied', 'skipped', 'skipped'])
    const left = await client.query(
      sql`SELECT count(*) FROM pg_stat_activity WHERE application_name = 'plumb' AND state = 'active'`,
    )
    expect([typeof pid, left]).toEqual(['bigint', [[0n]]])
  })

  it('a connection that is lost in the middle is told; what needed no database is decided', async () => {
    const running = slowly()
    await reading()
    await client.query(sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'plumb'`)
    const found = await running
    expect(found.map(({ verdict }) => verdict)).toEqual(['satisfied', 'error', 'error'])
    expect(causeOf(found[1])).toEqual({
      reason: 'engine-unreachable',
      cause: expect.stringMatching(/connection to PostgreSQL was lost .*What was decided before is kept/),
    })
  })

  it('all of a run sees one state of the rows, and nothing can be written', async () => {
    await client.query(sql`CREATE TABLE moving AS SELECT i AS id, 1.0 AS x FROM generate_series(1, 3) AS s(i)`)
    const dataset: TestDataset = { ...rows, source: tableOf('moving'), splits: { low: 'id < 100' } }
    const program = buildProgram(
      [dataset],
      [
        { id: 'before', must: 'count() == 3' },
        { id: 'after', of: 'rows.low', must: 'count() == 3' },
      ],
    )
    const digests: string[] = []
    const { runDataStage } = await import('../../packages/engine/src/data-stage.ts')
    const variable = () => addressOf(server())
    for await (const statement of runDataStage({ program, root, toolVersion: '0', variable })) {
      expect(statement).toMatchObject({ verdict: 'satisfied', measured: 3 })
      digests.push(...Object.values(statement.digests.data))
      await client.query(sql`INSERT INTO moving VALUES (4, 1.0)`)
    }
    expect(new Set(digests).size).toBe(1)
  })

  it('the digest is of the rows, in whatever order, and of nothing where the spec asks for none', async () => {
    await client.query(sql`CREATE TABLE one AS SELECT i AS id, i / 2.0 AS x FROM generate_series(1, 9) AS s(i)`)
    await client.query(sql`CREATE TABLE other AS SELECT * FROM one ORDER BY id DESC`)
    process.env['WAREHOUSE'] = addressOf(server())
    const digest = (table: string, pinned = true) => {
      const [dataset] = buildProgram([{ ...rows, source: tableOf(table, { pinned }) }], [positive]).datasets
      if (dataset === undefined) throw new Error('no dataset')
      return datasetDigest(root, dataset)
    }
    const before = await digest('one')
    expect(before).toMatch(/^snapshot:rows:sha256:[0-9a-f]{64}$/)
    expect(await digest('other')).toBe(before)
    await client.query(sql`UPDATE other SET x = x + 1 WHERE id = 5`)
    expect(await digest('other')).not.toBe(before)
    expect(await digest('one', false)).toBe('unpinned')
    delete process.env['WAREHOUSE']
  })
})
