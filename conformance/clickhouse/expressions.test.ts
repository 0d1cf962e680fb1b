import { afterAll, beforeAll, it } from 'vitest'
import { clickhouseSupport } from '../../packages/core/src/targets/sql/clickhouse/index.ts'
import { clickhouseImplementation } from '../../packages/engine/src/fuzz/clickhouse.ts'
import { agreeOnGeneratedPairs } from '../differential/generated-pairs.ts'
import { type ClickhouseEngine, describeWithClickhouse, startClickhouse, storedRow } from './engine.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const groups = Number(process.env['PLUMB_FUZZ_CLICKHOUSE_GROUPS'] ?? 4)

describeWithClickhouse('reference evaluator = ClickHouse', () => {
  let engine: ClickhouseEngine
  beforeAll(() => {
    engine = startClickhouse()
  })
  afterAll(() => engine.close())

  it(`on ${groups * 1_200} generated (expression, row) pairs, values and errors`, {
    timeout: 600_000 + groups * 120_000,
  }, async () => {
    const clickhouse = clickhouseImplementation(engine, { folded: 1, filtered: 2, atOnce: 8 })
    await agreeOnGeneratedPairs({
      seed,
      stream: 'clickhouse',
      groups,
      targets: { javascript: false, others: [clickhouse] },
      support: clickhouseSupport,
      rowOf: storedRow,
    })
  })
})
