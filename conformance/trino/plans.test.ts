import { tmpdir } from 'node:os'
import { afterAll, beforeAll, it } from 'vitest'
import { identifier } from '../../packages/core/src/targets/sql/sql.ts'
import type { Engine } from '../differential/aggregates/engines.ts'
import { tableOf } from '../engines/run.ts'
import { sameVerdicts } from '../engines/same-verdicts.ts'
import { makeTable } from '../engines/tables.ts'
import { trinoEngine } from './engine.ts'
import { describeWithServer } from './with-server.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const TABLES = Number(process.env['PLUMB_TRINO_TABLES'] ?? 1)
const SLICED = Number(process.env['PLUMB_TRINO_SLICED'] ?? 2)

describeWithServer('plans on Trino', (address) => {
  let trino: Engine
  beforeAll(async () => {
    trino = await trinoEngine(address)
  })
  afterAll(() => trino.close())

  it(
    `Trino says what DuckDB says, on ${TABLES} tables (seed ${seed})`,
    () =>
      sameVerdicts(
        {
          address,
          tableOf: (name) => tableOf(name, { dialect: 'trino' }),
          make: (name, rows) => makeTable(trino, identifier(name), rows),
        },
        { seed, stream: 'trino-plans', tables: TABLES, folder: tmpdir(), sizes: [80, 60], sliced: SLICED },
      ),
    600_000 + TABLES * 300_000,
  )
})
