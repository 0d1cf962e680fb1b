import type { PatternProgram } from './program.ts'

/** A set of code points: ascending pairs of first and last. */
export type RuneSet = readonly number[]

const NEWLINE: RuneSet = [10, 10]
const WORD: RuneSet = [48, 57, 65, 90, 95, 95, 97, 122]

/**
 * The coarsest division of all code points that no set cuts (nor, with `kinds`, the newline and the word characters):
 * characters of one class are alike for the whole pattern.
 */
export function classesOf(
  sets: readonly RuneSet[],
  kinds: boolean,
): Pick<PatternProgram, 'bounds' | 'classes' | 'kinds' | 'sets'> {
  const all = kinds ? [...sets, NEWLINE, WORD] : sets
  const starts = new Set([0])
  for (const set of all) for (const [i, edge] of set.entries()) starts.add(i % 2 === 0 ? edge : edge + 1)
  const bounds = [...starts].filter((start) => start <= 0x10ffff).toSorted((a, b) => a - b)
  // The bounds ascend, so each set is walked along once.
  const cursors = all.map(() => 0)
  const numbers = new Map<string, number>()
  const classes = bounds.map((start) => {
    const signature = all.map((set, i) => {
      let cursor = cursors[i] ?? 0
      while (cursor < set.length && (set[cursor + 1] ?? 0) < start) cursor += 2
      cursors[i] = cursor
      return cursor < set.length && (set[cursor] ?? 0) <= start ? '1' : '0'
    })
    const key = signature.join('')
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, numbers.size)
    return numbers.size - 1
  })
  const signatures = [...numbers.keys()]
  const merged = bounds.flatMap((_, i) => (i > 0 && classes[i] === classes[i - 1] ? [] : [i]))
  return {
    bounds: merged.map((i) => bounds[i] ?? 0),
    classes: merged.map((i) => classes[i] ?? 0),
    kinds: signatures.map((signature) => {
      if (!kinds) return 0
      return signature[sets.length] === '1' ? 1 : signature[sets.length + 1] === '1' ? 2 : 0
    }),
    sets: sets.map((_, i) => signatures.map((signature) => signature[i] ?? '0').join('')),
  }
}
