import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { digestBytes, digester, digestOf, isDigest } from './digest.ts'

// FIPS 180-4 examples (NIST CSRC, "SHA256.pdf") and the empty message.
test.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
])('the digest of %j', (text, hex) => {
  expect(digestBytes(text)).toBe(`sha256:${hex}`)
})

test('agrees with an independent implementation, whole and in pieces', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, at) => {
      const expected = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
      expect(digestBytes(bytes)).toBe(expected)
      const pieces = digester()
      pieces.update(bytes.subarray(0, at))
      pieces.update(bytes.subarray(at))
      expect(pieces.finish()).toBe(expected)
    }),
  )
})

test('the digest of a value is that of its canonical JSON', () => {
  expect(digestOf({ b: 1, a: 'é' })).toBe(digestBytes('{"a":"é","b":1}'))
  expect(digestOf({ a: 'é', b: 1 })).toBe(digestOf({ b: 1, a: 'é' }))
  expect(isDigest(digestOf(null))).toBe(true)
  expect(isDigest(digestOf(null).toUpperCase())).toBe(false)
})
