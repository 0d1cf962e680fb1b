import { OPERATION, type PatternProgram } from '../expr/pattern/program.ts'
import type { Random } from '../stats/prng.ts'
import { chance, pick } from './choose.ts'

/** Steps of a walk; a pattern that asks for longer texts gets the beginning of one. */
const LONGEST = 400

/**
 * A text that a pattern is likely to match, or only just not: a walk through its automaton that takes any branch, and now
 * and then leaves out, doubles or changes a character. Conditions on places (`^`, `\b`) are passed unseen.
 */
export function textForPattern(program: PatternProgram, random: Random): string {
  const slip = chance(random, 0.5) ? 0 : 0.2
  let text = chance(random, 0.2) ? pick(random, STRAYS) : ''
  let at = program.start
  for (let step = 0; step < LONGEST; step++) {
    const [op = 0, first = 0, second = 0] = program.code.slice(3 * at, 3 * at + 3)
    if (op === OPERATION.match || op === OPERATION.fail) break
    if (op === OPERATION.split) at = chance(random, 0.5) ? first : second
    else if (op === OPERATION.look) at = second
    else {
      text += slipped(characterOf(program, first, random), slip, random)
      at = second
    }
  }
  return chance(random, 0.2) ? text + pick(random, STRAYS) : text
}

const STRAYS: readonly string[] = ['\n', ' ', 'a', '0', '😀', '\0', 'É', '\r\n']

function slipped(character: string, probability: number, random: Random): string {
  return chance(random, probability) ? pick(random, ['', character + character, ...STRAYS]) : character
}

/** A code point of a set: one of its intervals, near one of its ends. */
function characterOf({ bounds, classes, sets }: PatternProgram, set: number, random: Random): string {
  const members = bounds.flatMap((start, i) => (sets[set]?.[classes[i] ?? 0] === '1' ? [[start, i] as const] : []))
  if (members.length === 0) return ''
  const [start, i] = pick(random, members)
  const last = (bounds[i + 1] ?? 0x11_0000) - 1
  const offset = Math.min(random.int(26), last - start)
  const point = chance(random, 0.8) ? start + offset : last - offset
  return point >= 0xd800 && point < 0xe000 ? '\uFFFD' : String.fromCodePoint(point)
}
