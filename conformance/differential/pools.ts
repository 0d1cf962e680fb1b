import { chance, pick } from '../../packages/core/src/fuzz/choose.ts'
import {
  hostileDoubles,
  hostileInts,
  hostileTimes,
  plainInts,
  plainTimes,
} from '../../packages/core/src/fuzz/hostile-values.ts'
import type { Random } from '../../packages/core/src/stats/prng.ts'

/** Texts that are easily taken for one another, or for one another's order, and patterns that tell them apart. */
interface TextFamily {
  readonly texts: readonly string[]
  readonly patterns: readonly string[]
}
// biome-ignore format: a pool
const textFamilies: readonly TextFamily[] = [
  { texts: ['😀', '\uFFFD', '\uFFFF', 'a😀', 'a\uE000', '\u{10FFFF}', '\uD7FF'], patterns: ['^.$', '^..$', '\\x{1F600}', '[😀-\\x{10FFFF}]', '[^\\x{FFFF}]'] },
  { texts: ['é', 'e\u0301', 'É', 'e'], patterns: ['^.$', '(?i)é', '^\\PM\\pM*$', '\\pM', '\\w'] },
  { texts: ['', '\0', 'a\0b', 'a', 'a\0'], patterns: ['\\x00', '^a.b$', '^$', '^a$', '.'] },
  { texts: ['İ', '\u212A', 'k', 'ſ', 's', 'S', 'STRASSE', 'Straße', 'ǅ'], patterns: ['(?i)k', '(?i)s', '(?i)^straße$', '\\p{Lu}', '\\p{Lt}', '[[:upper:]]'] },
  { texts: ['a\nb', 'ab', 'a\n', '\n', 'axb', 'a\n\nb'], patterns: ['^a.b$', 'a.*b', '(?s)^a.b$', '(?m)^b$', 'a$', '(?m)a$', '^.$', 'a\\sb', '.$'] },
  { texts: ['5', ' 5', '5.0', '05', '+5', '5e0', '-5'], patterns: ['^\\d$', '5$', '^\\s', '\\b5\\b', '^[+-]?[0-9]+$', '5.0'] },
  { texts: ['red', 'Red', 'RED', 'grün', 'GRÜN'], patterns: ['(?i)red', 'red|grün', '^\\w+$', '(?i)GRÜN', '[^a-z]'] },
  { texts: ['\u00a0a', ' a', 'a\u180e', 'a\u2003', '\u0085', '\u200ba\u3000', '\ta\v'], patterns: ['^a', '\\s', '^.$', '\\pZ'] },
  { texts: ["'", '"', '\\', '%', '_', "''", 'a%b', 'a_b'], patterns: ["'", "^'$", '\\\\', '%', '_', '^a%', 'a_b', 'a.b'] },
]

// biome-ignore format: a pool
/** Patterns whose meaning differs easily: anchors, newlines, case, classes, code points, emptiness. */
export const patterns: readonly string[] = [
  'a^', '$b', '^$a', 'b^$', '', 'a', '^a', 'b$', '^$', '^a.b$', 'a.b', '(?s)a.b', '(?m)^b$', '(?i)abc', '(?i)straße', '(?i)k', '[0-9]+', '^[+-]?\\d+$', '\\bab\\b', '[^a-z]',
  '\\p{L}', '\\p{Lu}', '^\\PM\\pM*$', '\\x{1F600}', '\\x00', '😀', '^.$', '^..$', '.*', 'a|b|', '(a|ab)(c|bcd)*$', "'", '%', '_', '\\\\', '\\s', '\\S', '^\\W+$',
  '[[:alpha:]]', 'é', 'a{2,3}', '(?:a*)*b', '\\z', '\\Aab', 'red|grün', '^a%', '^ab', 'ab$', '^ab$', 'a_b',
]

/** What a group of rows and expressions has in common, so that values meet: equal, off by one, or easily confused. */
export interface Focus {
  readonly int: bigint
  readonly double: number
  readonly texts: readonly string[]
  readonly patterns: readonly string[]
  readonly time: bigint
}

/** A focus: half of them where float64 stops holding every whole number. */
export function createFocus(random: Random): Focus {
  const int = pick(random, chance(random, 0.7) ? hostileInts : plainInts)
  const families = [pick(random, textFamilies), pick(random, textFamilies)]
  return {
    int,
    double: chance(random, 0.6) ? Number(int) : pick(random, hostileDoubles),
    texts: families.flatMap((family) => family.texts),
    patterns: families.flatMap((family) => family.patterns),
    time: pick(random, [...hostileTimes, ...plainTimes]),
  }
}

/** A whole number at the focus or next to it, kept in int64. */
export const near = (random: Random, center: bigint): bigint => BigInt.asIntN(64, center + BigInt(random.int(5) - 2))

// biome-ignore format: a pool
const atoms: readonly string[] = ['a', 'b', 'A', '.', '\\d', '\\w', '\\s', '\\S', '[a-c]', '[^a]', '\\pL', '\\n', '\\x00', '😀', 'é', 'k', 's', '\\b', '^', '$', '5', '\\.']

/** A random RE2 pattern: atoms, repetition, groups, alternation, flags. Always valid. */
export function randomPattern(random: Random, depth = 3): string {
  const part = (): string => {
    const choice = random.int(depth <= 0 ? 6 : 9)
    const atom = pick(random, atoms)
    const repeatable = !['\\b', '^', '$'].includes(atom)
    if (choice === 0 && repeatable) return `${atom}${pick(random, ['*', '+', '?', '{2}', '{0,2}', '*?', '+?'])}`
    if (choice === 6) return `(${randomPattern(random, depth - 1)})`
    if (choice === 7) return `(?:${randomPattern(random, depth - 1)})${pick(random, ['', '*', '?', '{1,2}'])}`
    if (choice === 8) return `(?${pick(random, ['i', 's', 'm', 'im', 'U'])}:${randomPattern(random, depth - 1)})`
    return atom
  }
  const sequence = Array.from({ length: 1 + random.int(3) }, part).join('')
  return chance(random, 0.15) ? `${sequence}|${Array.from({ length: random.int(3) }, part).join('')}` : sequence
}
