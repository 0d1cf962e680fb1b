import type { Row } from '@plumbline/guard'
import { describe, expect, it } from 'vitest'
import type { InputTensor } from './signature.ts'
import { requestWriter } from './write-request.ts'

const tensor = (datatype: string, names: readonly string[], flat = false): InputTensor => ({
  name: `t "${datatype}"`,
  datatype,
  flat,
  columns: names.map((name) => ({ name, kind: 'double' })),
})

describe('a request to another server', () => {
  const write = requestWriter({
    inputs: [
      tensor('FP64', ['a', 'b']),
      tensor('BOOL', ['c'], true),
      tensor('BYTES', ['d'], true),
      tensor('INT64', ['e']),
    ],
    outputs: [],
  })
  const rows: readonly Row[] = [
    { a: 1.5, b: -0, c: true, d: 'x "ü"', e: 7 },
    { a: null, b: Number.POSITIVE_INFINITY, c: null, d: null, e: 9_007_199_254_740_993n },
    { a: 0.1, b: 1e300, c: false, d: '', e: true },
  ]
  const read = (text: string) => JSON.parse(text) as { id: string; inputs: { data: unknown[]; shape: number[] }[] }

  it('of one row holds the cells of that row of several, in tensors of the same names', () => {
    const all = read(write(rows, 'r'))
    expect(all.inputs.map(({ shape }) => shape)).toEqual([[3, 2], [3], [3], [3, 1]])
    for (const [i, row] of rows.entries()) {
      const one = read(write([row], 'r'))
      expect(one.inputs.map(({ shape }) => shape)).toEqual([[1, 2], [1], [1], [1, 1]])
      const width = (k: number): number => (k === 0 ? 2 : 1)
      const cut = all.inputs.map((each, k) => ({
        ...each,
        shape: one.inputs[k]?.shape,
        data: each.data.slice(i * width(k), (i + 1) * width(k)),
      }))
      expect(one).toEqual({ id: 'r', inputs: cut })
    }
  })

  it('says what JSON cannot say as missing, and every integer as it is', () => {
    expect(write(rows.slice(1, 2), 'r')).toMatch(/"data":\[null,null\].*"data":\[null\].*"data":\[9007199254740993\]/)
  })
})
