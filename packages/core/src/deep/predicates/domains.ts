/** Bits of a word of a set of values. */
const WORD = 32

/** A set of values, by their places. */
export type Domain = Uint32Array

export const emptyDomain = (size: number): Domain => new Uint32Array(Math.ceil(size / WORD))

export function add(domain: Domain, value: number): void {
  domain[value >> 5] = (domain[value >> 5] as number) | (1 << (value & 31))
}

export const has = (domain: Domain, value: number): boolean =>
  ((domain[value >> 5] as number) & (1 << (value & 31))) !== 0

export const placesIn = (domain: Domain): number[] => {
  const found: number[] = []
  for (const [word, bits] of domain.entries())
    for (let left = bits; left !== 0; left &= left - 1) found.push(word * WORD + (31 - Math.clz32(left & -left)))
  return found
}

/** Whether some value is in both. */
export function meet(a: Domain, b: Domain): boolean {
  for (let i = 0; i < a.length; i++) if (((a[i] as number) & (b[i] as number)) !== 0) return true
  return false
}

export function sizeOf(domain: Domain): number {
  let size = 0
  for (const word of domain) for (let left = word; left !== 0; left &= left - 1) size++
  return size
}

/** Whether it has two values or more. */
export function isOpen(domain: Domain): boolean {
  let found = false
  for (const word of domain) {
    if (word === 0) continue
    if (found || (word & (word - 1)) !== 0) return true
    found = true
  }
  return false
}

/** Of so many values one alone. */
export function only(value: number, size: number): Domain {
  const domain = emptyDomain(size)
  add(domain, value)
  return domain
}
