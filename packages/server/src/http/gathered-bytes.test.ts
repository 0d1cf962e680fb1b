import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gatherBytes } from './gathered-bytes.ts'

describe('bytes in pieces', () => {
  it('are all there, in their order, and taken once', () => {
    const gathered = gatherBytes()
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 30 }), (pieces) => {
        for (const piece of pieces) gathered.add(Buffer.from(piece))
        const whole = Buffer.concat(pieces)
        expect(gathered.length).toBe(whole.length)
        expect(gathered.take().equals(whole)).toBe(true)
        expect([gathered.length, gathered.take().length]).toEqual([0, 0])
      }),
    )
  })

  it('do not write into the pieces they came in', () => {
    const gathered = gatherBytes()
    const piece = Buffer.from('abcdef')
    gathered.add(piece.subarray(0, 2))
    gathered.add(Buffer.from('XY'))
    expect([gathered.take().toString(), piece.toString()]).toEqual(['abXY', 'abcdef'])
  })

  it('take no longer one by one than in one', () => {
    const gathered = gatherBytes()
    const one = Buffer.from('x')
    for (let i = 0; i < 1 << 20; i++) gathered.add(one)
    expect(gathered.take().equals(Buffer.alloc(1 << 20, 'x'))).toBe(true)
  })
})
