import type { Bytes } from '../value.ts'
import { error, type Outcome } from './implementation.ts'

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** RFC 4648 §4. */
function encode(octets: Uint8Array): string {
  let text = ''
  for (let i = 0; i < octets.length; i += 3) {
    const [a = 0, b, c] = octets.slice(i, i + 3)
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0)
    const digit = (shift: number): string => DIGITS[(bits >> shift) & 63] ?? ''
    text += digit(18) + digit(12) + (b === undefined ? '=' : digit(6)) + (c === undefined ? '=' : digit(0))
  }
  return text
}

function decode(text: string): Uint8Array | undefined {
  const digits = text.replace(/={1,2}$/, '')
  if (/[^A-Za-z0-9+/]/.test(digits) || digits.length % 4 === 1) return undefined
  if (digits.length !== text.length && text.length % 4 !== 0) return undefined
  const octets: number[] = []
  let bits = 0
  let held = 0
  for (const digit of digits) {
    bits = ((bits << 6) | DIGITS.indexOf(digit)) & 0xffffff
    held += 6
    if (held >= 8) {
      held -= 8
      octets.push((bits >> held) & 255)
    }
  }
  return Uint8Array.from(octets)
}

/** Encodings. */
export const encoders = {
  base64_encode: (a: Bytes): Outcome => encode(a.bytes),
  base64_decode: (a: string): Outcome => {
    const bytes = decode(a)
    return bytes === undefined ? error('invalid-argument') : { bytes }
  },
}
