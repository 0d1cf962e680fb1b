import { describe, expect, it } from 'vitest'
import { verifyCovering } from './verify.ts'

/** All pairs of four factors of three values, in nine rows: by hand, x, y, x + y, x + 2y modulo 3. */
const ROWS = Array.from({ length: 9 }, (_, i) => {
  const x = Math.floor(i / 3)
  const y = i % 3
  return [x, y, (x + y) % 3, (x + 2 * y) % 3]
})
const MODEL = { levels: [3, 3, 3, 3], strength: 2 }

describe('verifyCovering', () => {
  it('finds nothing missing in an orthogonal array', () => {
    expect(verifyCovering(MODEL, ROWS)).toEqual({ malformed: [], forbidden: [], missing: [] })
  })

  it('names each pair of a row that was left out, for each stood in that row only', () => {
    for (const [i, row] of ROWS.entries()) {
      const { missing } = verifyCovering(MODEL, ROWS.toSpliced(i, 1))
      expect(missing.length).toBe(6)
      expect(missing[0]).toEqual([
        [0, row[0]],
        [1, row[1]],
      ])
    }
  })

  it('names rows that are none', () => {
    expect(verifyCovering(MODEL, [...ROWS, [0, 0, 0], [0, 0, 0, 3]]).malformed).toEqual([9, 10])
  })

  it('asks for no pair that the conditions make impossible, also through another factor', () => {
    // 0 = 1 makes 2 = 1, which makes 3 ≠ 0: so 0 = 1 never stands beside 3 = 0.
    const conditions = [
      { factors: [0, 2], allows: ([a, b]: readonly number[]) => a !== 1 || b === 1 },
      { factors: [2, 3], allows: ([a, b]: readonly number[]) => a !== 1 || b !== 0 },
    ]
    const allowed = ROWS.filter(([a, , c, d]) => (a !== 1 || c === 1) && (c !== 1 || d !== 0))
    const judged = verifyCovering({ ...MODEL, conditions }, allowed)
    expect(judged.forbidden).toEqual([])
    expect(judged.missing.length).toBeGreaterThan(0)
    expect(judged.missing).not.toContainEqual([
      [0, 1],
      [3, 0],
    ])
    expect(verifyCovering({ ...MODEL, conditions }, ROWS).forbidden.length).toBe(ROWS.length - allowed.length)
  })
})
