import type { Random } from '../../packages/core/src/stats/prng.ts'

/** One item, each equally likely. */
export const pick = <T>(random: Random, items: readonly T[]): T => items[random.int(items.length)] as T
export const chance = (random: Random, probability: number): boolean => random.float() < probability

const MIN = -(2n ** 63n)
const MAX = 2n ** 63n - 1n
const SAFE = 2n ** 53n

// biome-ignore format: a pool
/** Edges of int64 and of the whole numbers that float64 holds. */
export const hostileInts: readonly bigint[] = [
  MIN, MIN + 1n, MAX, MAX - 1n, SAFE, -SAFE, SAFE - 1n, 1n - SAFE, SAFE + 1n, -SAFE - 1n, SAFE + 2n, 2n ** 62n, -(2n ** 62n),
  2n ** 31n, -(2n ** 31n), 2n ** 32n, 3037000500n, -3037000500n, MAX - 1023n, 94906267n,
]
// biome-ignore format: a pool
export const plainInts: readonly bigint[] = [0n, 1n, -1n, 2n, 3n, 5n, -7n, 10n, 18n, 100n, -100n, 1000n, 86400n]

// biome-ignore format: a pool
/** Not NaN: that is a missing cell. */
export const hostileDoubles: readonly number[] = [
  Infinity, -Infinity, -0, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, -1.7976931348623157e308, 1e308,
  1e300, -1e300, 1e-300, 2 ** 53, -(2 ** 53), 2 ** 53 + 2, 2 ** 63, -(2 ** 63), 2 ** 63 - 1024, 2 ** 64, -1e19, 1e19,
  0.5 - 2 ** -54, 2251799813685249.5, -2251799813685248.5, 9007199254740991, 0.1 + 0.2, 1e22,
]
// biome-ignore format: a pool
export const plainDoubles: readonly number[] = [0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 0.1, 2, 3, 10, 18, 99.99, -100.25, 1000]

// biome-ignore format: a pool
/** Empty, NUL, newline, beyond the basic plane, combining, things that look like numbers, and that break out of code. */
export const hostileTexts: readonly string[] = [
  '', '\0', 'a\0b', '\n', 'a\nb', 'ab\n', '\r\n', '😀', 'a😀b', '\u{10FFFF}', '\uE000', '\uFFFD', '\uFFFF', 'e\u0301', 'é', 'Straße',
  'STRASSE', 'İ', 'ſ', '\u212A', 'ǅ', '👩‍👩‍👧', ' ', ' 5', '5 ', '+', '-', '', '-0', '+7', '007', '1_000', '0x1F', '1e3', '1E3', '.5', '5.', '1.5e',
  '1e400', '-1e400', '1e-400', '9223372036854775807', '-9223372036854775808', '9223372036854775808', '000000000000000000000000042',
  '99999999999999999999999999999999', 'NaN', 'inf', '٣', "'", "''", '"', '"; DROP TABLE x; --', '\\', '%', '_', 'a%b', '\u2028', '</script>', '${t0}', 'null',
]
// biome-ignore format: a pool
export const plainTexts: readonly string[] = ['Ä', 'äB', '😀b', 'a', 'b', 'ab', 'abc', 'ABC', 'aBc', 'xaby', 'red', 'z', '12', '-7', '2.5', 'true']

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

const DAY = 86_400_000_000n
// biome-ignore format: a pool
/** Years 1 and 9999 and beyond, centuries, leap days, before 1970, beyond 2^53 microseconds. */
export const hostileTimes: readonly bigint[] = [
  -62135596800000000n, -62135596800000001n, 253402300799999999n, 253402300800000000n, -1n, -999n, -1000n, -1000001n, SAFE, -SAFE, SAFE + 1n,
  -8_630_000_000_000_000_000n, 8_630_000_000_000_000_000n, -2208988800000000n, 4102444799999999n, 951782399999999n, 951825600000000n, -62167219200000000n - DAY,
]
// biome-ignore format: a pool
export const plainTimes: readonly bigint[] = [0n, 1n, DAY, 1704067200000000n, 1709210096789012n, 1735689599999999n, 951782400000000n, 1000000n]
// biome-ignore format: a pool
export const hostileDurations: readonly bigint[] = [MIN, MAX, SAFE, -SAFE, 2n ** 62n, 365n * 10000n * DAY, -365n * 10000n * DAY]
// biome-ignore format: a pool
export const plainDurations: readonly bigint[] = [0n, 1n, -1n, 1000000n, DAY, -DAY, 365n * DAY, 999n]

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
