import { afterAll, beforeAll, vi } from 'vitest'
import { identifier, sql } from '../../packages/core/src/targets/sql/sql.ts'
import { connect, type PostgresqlClient } from '../differential/postgresql/client.ts'
import { describeWithServer } from '../differential/postgresql/with-server.ts'
import { largeSamples } from './large-samples.ts'
import { watchRowsFetched } from './rows-fetched.ts'
import { addressOf, tableOf } from './run.ts'

describeWithServer('large samples in PostgreSQL', (server) => {
  let client: PostgresqlClient
  let watched = { most: 0 }
  beforeAll(async () => {
    client = await connect(server())
    watched = watchRowsFetched()
  })
  afterAll(async () => {
    vi.restoreAllMocks()
    await client.close()
  })
  largeSamples({
    address: () => addressOf(server()),
    tableOf,
    make: (name, rows) => client.query(sql`CREATE TABLE ${identifier(name)} AS ${rows}`),
    series: (last) =>
      last === 64_000 ? sql`generate_series(1, 64000) AS s(i)` : sql`generate_series(1, 60000) AS s(i)`,
    fetched() {
      const { most } = watched
      watched.most = 0
      return most
    },
  })
})
