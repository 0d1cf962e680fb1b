import { RE2JS } from 're2js'
import { classesOf, type RuneSet } from './classes.ts'

/** What an instruction does: its number in `PatternProgram.code`. */
export const OPERATION = { match: 0, split: 1, look: 2, char: 3, fail: 4 } as const

/**
 * A regular expression as a nondeterministic automaton over classes of code points. Plain JSON.
 *
 * `code` holds three numbers an instruction: `match 0 0`; `split a b` goes on at both; `look flags next` goes on where all
 * flags hold (1 line begins, 2 line ends, 4 text begins, 8 text ends, 16 word boundary, 32 none); `char set next` reads one
 * code point of the set; `fail 0 0`. The pattern matches a text where `match` is reached from `start`, begun anywhere.
 */
export interface PatternProgram {
  readonly code: readonly number[]
  readonly start: number
  /** It can begin at the first character only. */
  readonly anchored: boolean
  /** First code points of intervals in ascending order, from 0, and the class of each interval. */
  readonly bounds: readonly number[]
  readonly classes: readonly number[]
  /** Of each class: 0, or 1 for the newline, or 2 for letters, digits and `_` of ASCII. */
  readonly kinds: readonly number[]
  /** Of each set: a character for each class, `1` where it is a member. */
  readonly sets: readonly string[]
}

/** An instruction of re2js, which holds the same operations as RE2 (and Go's regexp/syntax). */
interface Instruction {
  readonly op: number
  readonly out: number
  readonly arg: number
  readonly runes: Int32Array
  matchRune(rune: number): boolean
}

const MAX_RUNE = 0x10ffff
const BEGIN_TEXT = 4
/** Case folding leaves code points above it alone. */
const LAST_FOLDED = 0x1ffff

/** Compiles a pattern in which `patternProblem` finds nothing wrong; throws on any other. */
export function patternProgram(pattern: string): PatternProgram {
  // `re2Input` and `prog` are in the types that re2js publishes; an instruction is not, so each is looked at.
  const program = RE2JS.compile(pattern).re2Input.prog as {
    readonly start: number
    readonly inst: readonly Instruction[]
  }
  const sets = new Map<string, { readonly index: number; readonly set: RuneSet }>()
  const setOf = (instruction: Instruction): number => {
    const set = runesOf(instruction)
    const key = set.join()
    const known = sets.get(key)
    if (known !== undefined) return known.index
    sets.set(key, { index: sets.size, set })
    return sets.size - 1
  }
  const code = program.inst.flatMap((instruction): readonly [number, number, number] => {
    switch (instruction.op) {
      case 1:
      case 2:
        return [OPERATION.split, instruction.out, instruction.arg]
      // A group is not asked for what it held: where it ends, the next instruction follows.
      case 3:
      case 7:
        return [OPERATION.split, instruction.out, instruction.out]
      case 4:
        return [OPERATION.look, instruction.arg, instruction.out]
      case 5:
        return [OPERATION.fail, 0, 0]
      case 6:
        return [OPERATION.match, 0, 0]
      case 8:
      case 9:
      case 10:
      case 11:
        return [OPERATION.char, setOf(instruction), instruction.out]
      default:
        throw new Error(`re2js compiled ${JSON.stringify(pattern)} to an instruction that RE2 does not have`)
    }
  })
  const looks = code.some((op, i) => i % 3 === 0 && op === OPERATION.look)
  return {
    code,
    start: program.start,
    anchored: isAnchored(code, program.start),
    ...classesOf(
      [...sets.values()].map(({ set }) => set),
      looks,
    ),
  }
}

/** The code points an instruction takes, as ascending pairs of first and last. */
function runesOf(instruction: Instruction): RuneSet {
  if (instruction.op === 10) return [0, MAX_RUNE]
  if (instruction.op === 11) return [0, 9, 11, MAX_RUNE]
  if (instruction.runes.length !== 1) return [...instruction.runes]
  const rune = instruction.runes[0] ?? 0
  if (rune > LAST_FOLDED) return [rune, rune]
  // A single letter may stand for its other cases; of ASCII letters, k and s have one outside of ASCII each.
  const near = rune < 128 ? [rune & 0x5f, rune | 0x20, rune, 0x17f, 0x212a] : range(0, LAST_FOLDED)
  const found = [...new Set(near)].filter((candidate) => instruction.matchRune(candidate)).toSorted((a, b) => a - b)
  return found.flatMap((each) => [each, each])
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

/** Whether nothing can be read, and no match found, without passing the beginning of the text. */
function isAnchored(code: readonly number[], start: number): boolean {
  const seen = new Set<number>()
  const open = [start]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue
    seen.add(at)
    const [op = 0, first = 0, second = 0] = code.slice(3 * at, 3 * at + 3)
    if (op === OPERATION.match || op === OPERATION.char) return false
    if (op === OPERATION.split) open.push(first, second)
    if (op === OPERATION.look && (first & BEGIN_TEXT) === 0) open.push(second)
  }
  return true
}
