import type { Classes } from './counts.ts'

/**
 * Combinations of `strength` values that the cyclic group on all values but the last `fixed` carries into each other count as one:
 * a suite of rows that covers one of each, with every row's images, covers all. Those of fixed values only count not at all.
 * Source: M. A. Chateauneuf, C. J. Colbourn, D. L. Kreher, "Covering arrays of strength three" (1999), with a smaller group.
 */
export function classesOf(values: number, strength: number, fixed: number): Classes {
  const size = values ** strength
  const group = values - fixed
  const of = new Int32Array(size).fill(-1)
  const members: number[] = []
  let count = 0
  for (let tuple = 0; tuple < size; tuple++) {
    if (of[tuple] !== -1) continue
    const digits = digitsOf(tuple, values, strength)
    if (digits.every((each) => each >= group)) continue
    for (let by = 0; by < group; by++) {
      const image = numberOf(turned(digits, group, by), values)
      of[image] = count
      members.push(image)
    }
    count++
  }
  return { of, count, size: group, members: Int32Array.from(members) }
}

/** Every row with its images under the group, and the constant rows of the fixed values (of which there is one at most). */
export function imagesOf(rows: readonly Int16Array[], values: number, fixed: number): Int16Array[] {
  const group = values - fixed
  const width = rows[0]?.length ?? 0
  return [
    ...rows.flatMap((row) =>
      Array.from({ length: group }, (_, by) => Int16Array.from(turned(Array.from(row), group, by))),
    ),
    ...Array.from({ length: fixed }, (_, i) => new Int16Array(width).fill(group + i)),
  ]
}

const turned = (digits: readonly number[], group: number, by: number): number[] =>
  digits.map((each) => (each < group ? (each + by) % group : each))

const numberOf = (digits: readonly number[], values: number): number =>
  digits.reduce((sum, each) => sum * values + each, 0)

function digitsOf(tuple: number, values: number, strength: number): number[] {
  return Array.from({ length: strength }, (_, i) => Math.floor(tuple / values ** (strength - 1 - i)) % values)
}
