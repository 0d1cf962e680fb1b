import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Expr } from '../../packages/core/src/expr/expr.ts'
import { type RowFunctionName, rowFunctions } from '../../packages/core/src/expr/functions/row-functions.ts'
import { parseDuration, parseTimestamp } from '../../packages/core/src/expr/time.ts'
import { DOUBLE, DURATION, INT, STRING, TIMESTAMP, type Type } from '../../packages/core/src/expr/type.ts'
import { literalOf, type Value } from '../../packages/core/src/expr/value.ts'
import { compare } from '../../packages/core/src/fuzz/compare.ts'
import type { Implementation, RowColumn } from '../../packages/core/src/fuzz/implementation.ts'
import { marginImplementation } from '../../packages/core/src/fuzz/margin.ts'
import { referenceAnswers } from '../../packages/core/src/fuzz/reference.ts'
import { marginOf } from '../../packages/core/src/targets/margin/index.ts'
import { evaluate } from '../../packages/core/src/expr/evaluate/evaluate.ts'
import { type Restriction, restrictions } from '../../packages/core/src/targets/restrictions.ts'
import { nodeJavascript } from '../../packages/engine/src/fuzz/javascript.ts'
import { duckdbEngine, type Engine } from './aggregates/engines.ts'
import { type DuckdbRunner, openDuckdb } from './duckdb.ts'
import { sql } from '../../packages/core/src/targets/sql/sql.ts'

const column = (name: string, type: Type): Expr => ({ node: 'column', type, name })
const call = (fn: RowFunctionName, ...args: readonly Expr[]): Expr => ({
  node: 'call',
  type: rowFunctions[fn].result,
  fn,
  args,
})
const [a, x, s, at] = [column('a', INT), column('x', DOUBLE), column('s', STRING), column('at', TIMESTAMP)]
const columns: readonly RowColumn[] = [
  { name: 'a', kind: 'int' },
  { name: 'x', kind: 'double' },
  { name: 's', kind: 'string' },
  { name: 'at', kind: 'timestamp' },
]

describe('what cannot be equal is refused, made equal by rule, or told less exactly', () => {
  let duckdb: DuckdbRunner
  let engine: Engine
  beforeAll(async () => {
    duckdb = await openDuckdb(1)
    engine = await duckdbEngine()
  })
  afterAll(async () => {
    duckdb.close()
    await engine.close()
  })

  const all = (): readonly Implementation[] => [nodeJavascript(), duckdb.with(), marginImplementation()]
  /** Every implementation gives what the reference gives, which is returned. */
  async function agreed(expr: Expr, cells: Readonly<Record<string, Value | null>>) {
    const row = new Map(Object.entries(cells))
    const { disagreements } = await compare({ columns, exprs: [expr], rows: [row] }, all())
    expect(disagreements).toEqual([])
    return referenceAnswers(expr, [row])[0]
  }

  const shown: Readonly<Record<Restriction, () => Promise<void>>> = {
    'below-a-microsecond': async () => {
      expect(parseTimestamp('2024-01-01T00:00:00.0000001Z')).toHaveProperty('problem')
      expect(parseDuration('1ns')).toHaveProperty('problem')
      expect(parseTimestamp('2024-01-01T00:00:00.0000010Z')).toHaveProperty('value')
    },
    'years-1-to-9999': async () => {
      expect(parseTimestamp('0000-12-31T23:59:59Z')).toHaveProperty('problem')
      const last = { timestamp: 253402300799999999n }
      const later = call('add_timestamp_duration', at, literalOf(DURATION, { duration: 1n }))
      expect(await agreed(later, { at: last })).toEqual({ error: 'overflow' })
    },
    'negative-zero': async () => {
      const zero = literalOf(DOUBLE, 0)
      expect(await agreed(call('eq_double', x, zero), { x: -0 })).toEqual({ value: true })
      expect(await agreed(call('div_double', literalOf(DOUBLE, 1), x), { x: -0 })).toEqual({
        error: 'division-by-zero',
      })
    },
    'error-codes': async () => {
      const sum = call('add_int', a, literalOf(INT, 1n))
      const row = new Map<string, Value | null>([['a', 2n ** 63n - 1n]])
      const batch = { columns, exprs: [sum], rows: [row] }
      expect(await nodeJavascript().answers(batch)).toEqual([[{ error: 'overflow' }]])
      expect(await duckdb.with().answers(batch)).toEqual([[{ error: 'other' }]])
      expect(await agreed(sum, { a: null })).toEqual({ error: 'missing' })
    },
    'half-a-pair': async () => {
      const half = '\ud83d'
      expect(duckdb.with().cannotHold(half)).toContain('UTF-8')
      const batch = { columns, exprs: [call('size_string', s)], rows: [new Map([['s', half]])] }
      expect((await compare(batch, all())).tallies[0]?.asked).toEqual({ javascript: 1 })
    },
    'border-of-the-margin': async () => {
      const row = new Map<string, Value | null>([['x', 5]])
      const margin = (fn: RowFunctionName) =>
        marginOf(call(fn, x, literalOf(DOUBLE, 5)), (part) => evaluate(part, { row }))
      expect(margin('lt_double')).toBe(margin('le_double'))
      expect(await agreed(call('lt_double', x, literalOf(DOUBLE, 5)), { x: 5 })).toEqual({ value: false })
      expect(await agreed(call('le_double', x, literalOf(DOUBLE, 5)), { x: 5 })).toEqual({ value: true })
    },
    'order-of-sums': async () => {
      const [[up, down] = []] = await engine.query(
        sql`SELECT sum(v ORDER BY i), sum(v ORDER BY j) FROM (VALUES (1e16, 1, 1), (-1e16, 2, 3), (1e0, 3, 2)) AS t(v, i, j)`,
      )
      expect(up).not.toBe(down)
    },
  }

  it.each(Object.entries(restrictions))('%s: %s', async (name) => {
    await shown[name as Restriction]()
  })
})
