import { createRandom, type Random } from '../../stats/prng.ts'
import { error, finite, type Outcome } from './implementation.ts'

/** More typing errors than that are no rung of a ladder any more. */
const MOST_TYPOS = 1000

/** What lies right of each letter on the usual keyboard; of the last in a row what lies left. */
const NEIGHBOURS = new Map(
  ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'].flatMap((row) =>
    [...row].map((letter, i): [string, string] => [letter, row[i + 1] ?? row[i - 1] ?? letter]),
  ),
)

const LETTER = /^\p{L}$/u

/** A stream of its own for each kind of corruption, seed and value. */
const streamOf = (kind: string, value: number | bigint | string, seed: bigint): Random =>
  createRandom(`${seed}`, `corrupt ${kind} ${typeof value === 'string' ? 'text' : 'number'} ${String(value)}`)

/** One typing error at one of the letters; a text without letters stays. */
function mistyped(characters: readonly string[], random: Random): readonly string[] {
  const letters = characters.flatMap((character, at) => (LETTER.test(character) ? [at] : []))
  // Drawn in any case, so that what comes next does not depend on the text.
  const [drawn, kind] = [random.float(), random.int(4)]
  const at = letters[Math.floor(drawn * letters.length)]
  if (at === undefined) return characters
  const letter = characters[at] ?? ''
  const [before, after] = [characters.slice(0, at), characters.slice(at + 1)]
  const [next] = after
  if (kind === 0 && next !== undefined) return [...before, next, letter, ...after.slice(1)]
  if (kind === 1) return [...before, ...after]
  const neighbour = NEIGHBOURS.get(letter.toLowerCase())
  if (kind === 2 && neighbour !== undefined)
    return [...before, letter === letter.toLowerCase() ? neighbour : neighbour.toUpperCase(), ...after]
  return [...before, letter, letter, ...after]
}

function chance(value: number | bigint | string, seed: bigint): number {
  return streamOf('chance', value, seed).float()
}

/** What goes wrong on the way to a model: the same on every machine, since it follows from value and seed alone. */
export const corruptions = {
  corrupt_typos: (text: string, errors: bigint, seed: bigint): Outcome => {
    if (errors < 0n || errors > MOST_TYPOS) return error('invalid-argument')
    const random = streamOf('typos', text, seed)
    let characters: readonly string[] = [...text]
    for (let i = 0n; i < errors; i++) characters = mistyped(characters, random)
    return characters.join('')
  },
  corrupt_noise: (value: number, level: number, seed: bigint): Outcome => {
    if (!Number.isFinite(level) || level < 0) return error('invalid-argument')
    return finite(value + level * streamOf('noise', value, seed).normal())
  },
  corrupt_chance_double: (value: number, seed: bigint): Outcome => chance(value, seed),
  corrupt_chance_int: (value: bigint, seed: bigint): Outcome => chance(value, seed),
  corrupt_chance_string: (value: string, seed: bigint): Outcome => chance(value, seed),
}
