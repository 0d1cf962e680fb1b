import { tmpdir } from 'node:os'
import { afterAll, beforeAll, it } from 'vitest'
import { identifier } from '../../packages/core/src/targets/sql/sql.ts'
import { type Engine, postgresqlEngine } from '../differential/aggregates/engines.ts'
import { describeWithServer } from '../differential/postgresql/with-server.ts'
import { addressOf, tableOf } from './run.ts'
import { sameVerdicts } from './same-verdicts.ts'
import { makeTable } from './tables.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const TABLES = Number(process.env['PLUMB_ENGINE_TABLES'] ?? 6)

describeWithServer('plans', (server) => {
  let postgresql: Engine
  beforeAll(async () => {
    postgresql = await postgresqlEngine(server())
  })
  afterAll(() => postgresql.close())

  it(
    `PostgreSQL says what DuckDB says, on ${TABLES} tables (seed ${seed})`,
    () =>
      sameVerdicts(
        {
          address: addressOf(server()),
          tableOf: (name) => tableOf(name),
          make: (name, rows) => makeTable(postgresql, identifier(name), rows),
        },
        { seed, stream: 'engines', tables: TABLES, folder: tmpdir() },
      ),
    60_000 + TABLES * 10_000,
  )
})
