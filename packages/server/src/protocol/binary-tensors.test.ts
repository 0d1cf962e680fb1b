import { describe, expect, it } from 'vitest'
import { readElements, writeElements } from './binary-tensors.ts'
import { bfloatToNumber, halfToNumber } from './half.ts'

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

describe('elements of binary tensors', () => {
  // The bytes are those of Python's struct.pack('<…').
  it.each([
    ['BOOL', '00 01', [0, 1]],
    ['UINT8', '00 ff', [0, 255]],
    ['UINT16', '0102 ffff', [513, 65535]],
    ['UINT32', 'ffffffff', [4294967295]],
    ['UINT64', 'ffffffffffffffff 0100000000000000', [18446744073709551615n, 1]],
    ['INT8', '80 7f', [-128, 127]],
    ['INT16', '0080', [-32768]],
    ['INT32', '00000080', [-2147483648]],
    [
      'INT64',
      'ffffffffffff1f00 0000000000002000 0000000000000080',
      [9007199254740991, 9007199254740992n, -(2n ** 63n)],
    ],
    ['FP16', '003e ff7b 0100 00fc', [1.5, 65504, 2 ** -24, -Infinity]],
    ['BF16', 'c03f 80ff', [1.5, -Infinity]],
    ['FP32', '0000c03f 0000c07f', [1.5, Number.NaN]],
    ['FP64', '9a9999999999b93f', [0.1]],
    ['BYTES', '02000000 6869 00000000 02000000 c3bc', ['hi', '', 'ü']],
    ['BYTES', '03000000 efbbbf', ['\ufeff']],
    ['FP64', '', []],
  ] as const)('%s %s', (datatype, hex, elements) => {
    expect(readElements(datatype, bytes(hex), elements.length)).toEqual(elements)
    // Bytes stand anywhere in a body.
    const shifted = Uint8Array.of(9, 9, 9, ...bytes(hex)).subarray(3)
    expect(readElements(datatype, shifted, elements.length)).toEqual(elements)
  })

  it.each([
    ['FP32', '000000', 1, 'has 3 bytes and not 4'],
    ['FP32', '0000000000000000', 1, 'has 8 bytes and not 4'],
    ['INT64', '', 2, 'has 0 bytes and not 16'],
    ['FP64', '00', 1e15, 'has 1 bytes'],
    ['BYTES', '020000', 1, 'ends before element 0'],
    ['BYTES', '02000000 68', 1, 'ends within element 0'],
    ['BYTES', 'ffffffff 68', 1, 'ends within element 0'],
    ['BYTES', '01000000 68 00', 1, 'has 1 bytes after its last element'],
    ['BYTES', '01000000 ff', 1, 'is not UTF-8 in element 0'],
    ['BYTES', '00000000', 1e9, 'ends before element 1'],
    ['FP8', '00', 1, 'cannot be sent as binary data'],
  ] as const)('%s %s of %d elements is refused', (datatype, hex, count, why) => {
    expect(readElements(datatype, bytes(hex), count)).toContain(why)
  })

  it('half precision is what the engine of JavaScript makes of it, bit for bit', () => {
    const all = Uint16Array.from({ length: 65_536 }, (_, i) => i)
    const view = new DataView(all.buffer) as DataView & { getFloat16?(at: number, little: boolean): number }
    const single = new DataView(new ArrayBuffer(4))
    const wrong = [...all].filter((bits) => {
      single.setUint16(2, bits, true)
      // Older engines do not know half precision; then the table above speaks alone.
      const half = view.getFloat16?.(bits * 2, true) ?? halfToNumber(bits)
      return !Object.is(halfToNumber(bits), half) || !Object.is(bfloatToNumber(bits), single.getFloat32(0, true))
    })
    expect(wrong).toEqual([])
  })

  it('cells are written as they are read', () => {
    const written = (kind: Parameters<typeof writeElements>[0], cells: Parameters<typeof writeElements>[1]) =>
      Buffer.from(writeElements(kind, cells) ?? []).toString('hex')
    expect(written('double', [0.1, null])).toBe('9a9999999999b93f000000000000f87f')
    expect(written('int', [-1, 2n])).toBe('ffffffffffffffff0200000000000000')
    expect(written('bool', [true, false])).toBe('0100')
    expect(written('string', ['hi', 'ü'])).toBe('02000000686902000000c3bc')
    expect(writeElements('int', [null])).toBeUndefined()
    expect(writeElements('bool', [true, null])).toBeUndefined()
  })
})
