import type { Outcome } from './implementation.ts'

const shift = (text: string, from: string, to: string, by: number): string =>
  [...text].map((char) => (char >= from && char <= to ? String.fromCharCode(char.charCodeAt(0) + by) : char)).join('')

/** Texts. Well-formed UTF-16 makes searching by unit the same as searching by code point. */
export const strings = {
  add_string: (a: string, b: string): Outcome => a + b,
  size_string: (a: string): Outcome => BigInt([...a].length),
  contains: (a: string, b: string): Outcome => a.includes(b),
  starts_with: (a: string, b: string): Outcome => a.startsWith(b),
  ends_with: (a: string, b: string): Outcome => a.endsWith(b),
  // Not toLowerCase: that also changes letters outside of ASCII.
  lower_ascii: (a: string): Outcome => shift(a, 'A', 'Z', 32),
  upper_ascii: (a: string): Outcome => shift(a, 'a', 'z', -32),
}
