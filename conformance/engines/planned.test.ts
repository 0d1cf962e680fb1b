import { afterAll, beforeAll, expect, it } from 'vitest'
import { sql } from '../../packages/core/src/targets/sql/sql.ts'
import { planTest } from '../../packages/engine/src/planning/data-plan.ts'
import { buildProgram } from '../../packages/engine/src/testing/program-builder.ts'
import { connect, type PostgresqlClient } from '../differential/postgresql/client.ts'
import { describeWithServer } from '../differential/postgresql/with-server.ts'
import { addressOf, tableOf } from './run.ts'

describeWithServer('the plan of a test on PostgreSQL', (server) => {
  let client: PostgresqlClient
  beforeAll(async () => {
    client = await connect(server())
    await client.query(
      sql`CREATE TABLE planned AS SELECT i AS id, i / 7.0e0 AS x FROM generate_series(1, 3000) AS s(i)`,
    )
    await client.query(sql`ANALYZE planned`)
    await client.query(sql`CREATE VIEW planned_view AS SELECT * FROM planned`)
  })
  afterAll(() => client.close())

  const planOf = (table: string, address = addressOf(server())) => {
    const columns = [
      { name: 'id', type: 'integer' },
      { name: 'x', type: 'number' },
    ] as const
    const program = buildProgram(
      [{ name: 'd', source: tableOf(table), key: ['id'], columns }],
      [
        { id: 'small', must: 'mean(x) < 4.0' },
        { id: 'middle', must: 'median(x) < 4.0', confidence: 0.95 },
        { id: 'shifted', must: 'mean(x) - mean(id) < 4.0', confidence: 0.95 },
      ],
    )
    const variable = (name: string) => (name === 'WAREHOUSE' ? address : undefined)
    return planTest({ program, root: '.', stages: ['data'], variable })
  }

  it('says passes, the rows of the catalog, and who fetches values and why', async () => {
    const { relations } = await planOf('planned')
    expect(relations).toHaveLength(1)
    const [d] = relations
    expect(d).toMatchObject({ relation: 'd', rows: 3000, exact: false })
    expect(d?.failure).toBeUndefined()
    expect(d?.passes.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['scan', 'group']))
    expect(d?.passes.map(({ kind }) => kind)).not.toContain('parse')
    expect(d?.fetched).toEqual([
      {
        clause: 'middle',
        fetches: 'values',
        most: 4096,
        because: expect.stringMatching(/^`median\(x\)` has an interval/),
      },
      { clause: 'shifted', fetches: 'rows', most: 500_000, because: expect.stringMatching(/resampled row by row/) },
    ])
  })

  it('knows no rows of a view, and says why a table cannot be planned', async () => {
    const [view] = (await planOf('planned_view')).relations
    expect(view).toMatchObject({ rows: null })
    expect(view?.failure).toBeUndefined()
    const [none] = (await planOf('plannned')).relations
    expect(none).toMatchObject({ passes: [], failure: expect.stringMatching(/plannned/) })
    const [away] = (await planOf('planned', 'postgresql://nobody@localhost:1/none')).relations
    expect(away).toMatchObject({ passes: [], failure: expect.stringMatching(/localhost/) })
  })
})
