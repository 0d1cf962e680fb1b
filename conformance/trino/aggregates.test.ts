import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { differences } from '../differential/aggregates/differences.ts'
import { duckdbEngine, type Engine } from '../differential/aggregates/engines.ts'
import { questions } from '../differential/aggregates/questions.ts'
import { randomTable } from '../differential/aggregates/tables.ts'
import { trinoEngine } from './engine.ts'
import { describeWithServer } from './with-server.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const TABLES = Number(process.env['PLUMB_FUZZ_TRINO_TABLES'] ?? 8)
/** A statement becomes code of the JVM, of which a method may have so much only. */
const AT_ONCE = 8

describeWithServer('aggregates of Trino', (address) => {
  let engines: readonly Engine[] = []
  beforeAll(async () => {
    engines = [await duckdbEngine(), await trinoEngine(address)]
  })
  afterAll(() => Promise.all(engines.map((engine) => engine.close())))

  it(
    `Trino = DuckDB = a loop over the rows, on ${TABLES} tables with slices and groups (seed ${seed})`,
    async () => {
      const random = createRandom(seed, 'trino-aggregates')
      const tables = Array.from({ length: TABLES }, () => randomTable(random))
      for (const engine of engines)
        for (let first = 0; first < questions.length; first += AT_ONCE)
          expect((await differences(engine, tables, questions.slice(first, first + AT_ONCE))).slice(0, 5)).toEqual([])
    },
    300_000 + TABLES * 4_000,
  )
})
