import { describe, expect, it } from 'vitest'
import { collections } from './collections.ts'

describe('the norm of a vector', () => {
  it.each([
    [[3, -4], 5],
    [[], 0],
    [[-0], 0],
    [[1e-151, 1e-160], 0],
    [[1e-150], 1e-150],
    [[1e150, 1], 1e150],
    [[0.1, 0.2, 0.3], Math.sqrt(0.1 * 0.1 + 0.2 * 0.2 + 0.3 * 0.3)],
  ])('of %j is %d', (list, norm) => {
    expect(collections.norm_list({ list })).toBe(norm)
  })

  it.each([[[1.1e150]], [[0, -2e150]], [[Number.POSITIVE_INFINITY]]])('of %j is no number', (list) => {
    expect(collections.norm_list({ list })).toEqual({ error: 'non-finite' })
  })
})
