import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import {
  clickhouse,
  clickhouseSupport,
  clickhouseTypes,
  microsOf,
} from '../../packages/core/src/targets/sql/clickhouse/index.ts'
import { sql } from '../../packages/core/src/targets/sql/sql.ts'
import { differences } from '../differential/aggregates/differences.ts'
import type { Cell, Engine } from '../differential/aggregates/engines.ts'
import { questions } from '../differential/aggregates/questions.ts'
import { lists, randomTable, type Row } from '../differential/aggregates/tables.ts'
import { describeWithClickhouse, startClickhouse } from './engine.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const TABLES = Number(process.env['PLUMB_FUZZ_CLICKHOUSE_TABLES'] ?? 30)

/** A row as ClickHouse stores it: a list that is missing is empty there. */
const withLists = (row: Row): Row =>
  new Map([...row].map(([name, cell]) => [name, cell ?? (Object.hasOwn(lists, name) ? { list: [] } : null)]))

describeWithClickhouse('aggregates of ClickHouse', () => {
  let engine: Engine
  beforeAll(() => {
    const session = startClickhouse()
    engine = {
      name: 'clickhouse',
      dialect: clickhouse,
      types: clickhouseTypes,
      list: (elements) => sql`[${elements}]`,
      // What a user may have as well as elements that cannot be NULL.
      listOf: (type) => sql`Array(${type})`,
      micros: microsOf,
      stored: (rows) => sql`CREATE TABLE r ENGINE = Memory AS ${rows}`,
      query: async (statement) => (await session.query(statement)) as readonly (readonly Cell[])[],
      close: session.close,
    }
  })
  afterAll(() => engine.close())

  it(
    `ClickHouse = a loop over the rows, on ${TABLES} tables with slices and groups (seed ${seed})`,
    async () => {
      const random = createRandom(seed, 'clickhouse-aggregates')
      const tables = Array.from({ length: TABLES }, () => randomTable(random).map(withLists))
      const asked = questions.filter(({ args }) => args.every((arg) => clickhouseSupport(arg).supported))
      expect(asked.length).toBeGreaterThan(20)
      for (let first = 0; first < asked.length; first += 8)
        expect((await differences(engine, tables, asked.slice(first, first + 8))).slice(0, 5)).toEqual([])
    },
    300_000 + TABLES * 4_000,
  )
})
