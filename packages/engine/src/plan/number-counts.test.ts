import { sql } from '@plumbline/core'
import { describe, expect, it } from 'vitest'
import { openSession } from '../duckdb/session.ts'
import { countNumbers, expanded, numberCounts } from './number-counts.ts'

describe('numbers counted', () => {
  it('leaves missing cells out and counts them', () => {
    const counted = countNumbers(Float64Array.from([3, Number.NaN, 1, 3, Number.NaN]))
    expect([...counted.values]).toEqual([1, 3])
    expect([...counted.counts]).toEqual([1, 2])
    expect([counted.missing, counted.total]).toEqual([2, 3])
    expect([...expanded(counted)]).toEqual([1, 3, 3])
  })

  it('comes to the same where it reads and where the engine groups', async () => {
    const session = await openSession()
    if (!session.ok) throw new Error(session.error.cause)
    const rows = sql`FROM (SELECT CASE WHEN i % 7 > 0 THEN CAST(hash(i) % 1000 AS BIGINT) - 500 END AS "x" FROM range(5000) AS "r"(i)) AS "t"`
    const read = await numberCounts(session.value, rows, sql`"x"`, { kind: 'double' })
    const there = { ...session.value, spelling: { ...session.value.spelling, countsThere: true } }
    const grouped = await numberCounts(there, rows, sql`"x"`, { kind: 'double' })
    session.value.close()
    expect(read.ok && read.value.missing).toBe(715)
    expect(read.ok && read.value.values.length).toBeGreaterThan(900)
    expect(read).toEqual(grouped)
  })

  it('counts nothing of nothing', () => {
    expect(countNumbers(new Float64Array())).toMatchObject({ missing: 0, total: 0 })
  })
})
