/** A source of numbers in [0, 1): mulberry32, so that a seed gives the same texts everywhere. */
export type Random = () => number

/** The source of a seed. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const YAML = [
  ': ',
  '- ',
  '? ',
  '{',
  '}',
  '[',
  ']',
  ',',
  '&a ',
  '*a',
  '!x ',
  '!!map ',
  '|\n',
  '>-\n',
  '"',
  "'",
  '#',
  ' #',
  '%',
  '@',
  '`',
  '\t',
  '\n',
  '\r\n',
  '\n---\n',
  '\n...\n',
  '<<: *a',
  '__proto__: ',
  '${X}',
  '99%',
  '10_000',
  '.inf',
  '0x',
  'null',
  '~',
  '😀',
  '\ufeff',
  'extends: [a, b]',
  'params: ',
  'q(1, "year")',
  'every: ',
  '\\',
  '\u2028',
  '\0',
  '    ',
  '\n  ',
  '\n      ',
]
export const CEL = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '.',
  '?.',
  '[?',
  ',',
  ':',
  '?',
  '!',
  '-',
  '--',
  '+',
  '*',
  '/',
  '%',
  '==',
  '<=',
  '&&',
  '||',
  ' in ',
  '"',
  "'",
  'r"',
  'b"',
  '"""',
  '\\u',
  '\\',
  '0x',
  '1e',
  '1.',
  '9223372036854775808',
  '1u',
  '_',
  'null',
  'true',
  'x',
  'age',
  'row["',
  'has(',
  'size(',
  '.matches("',
  '.map(x, ',
  '.all(i, e, ',
  'cel.bind(',
  'q(1, "',
  'timestamp("',
  'count()',
  'psi(age, ',
  'max_over(columns, ',
  '/*',
  '//',
  '`',
  '😀',
  '\ud83d',
  '\n',
]

const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
const upTo = (random: Random, most: number): number => Math.floor(random() * (most + 1))

/** Octets as a file could hold them, read as UTF-8 like one. */
function noise(random: Random, most: number): string {
  const plain = random() < 0.5
  return new TextDecoder().decode(
    Uint8Array.from({ length: upTo(random, most) }, () => (plain ? 32 + upTo(random, 95) : upTo(random, 255))),
  )
}

/** A text with a few places cut, doubled, swapped or filled with pieces. */
function mutated(random: Random, text: string, pieces: readonly string[]): string {
  let changed = text
  for (let edits = 1 + upTo(random, 6); edits > 0; edits--) {
    const at = upTo(random, changed.length)
    const length = upTo(random, random() < 0.8 ? 8 : 2000)
    const part = changed.slice(at, at + length)
    const put = [
      () => '',
      () => pick(random, pieces),
      () => part + part,
      () => part.repeat(upTo(random, 40)),
      () => noise(random, 12),
      () => pick(random, pieces).repeat(upTo(random, 300)),
    ]
    changed = changed.slice(0, at) + pick(random, put)() + changed.slice(at + length)
    if (changed.length > 400_000) changed = changed.slice(0, 400_000)
  }
  return changed
}

/** One thing very often, very deep or very long, in a place where it could hurt. */
function extreme(random: Random, pieces: readonly string[]): string {
  const piece = pick(random, pieces)
  const times = 10 ** (2 + upTo(random, 3))
  const body = piece.repeat(Math.min(times, 300_000 / piece.length))
  return pick(random, [
    body,
    `a: ${body}`,
    `plumbline: 1\nsystem: { name: ${body} }`,
    `${body}x`,
    `x${body}`,
    `- ${body}\n- ${body}`,
  ])
}

/** The text of a spec file. */
export function specText(random: Random, real: readonly string[]): string {
  const roll = random()
  if (roll < 0.65) return mutated(random, pick(random, real), YAML)
  if (roll < 0.8)
    return Array.from({ length: upTo(random, 60) }, () => pick(random, [...YAML, 'a', 'b', 'data', 'clauses'])).join('')
  return roll < 0.9 ? noise(random, 4000) : extreme(random, YAML)
}

/** The text of an expression. */
export function expressionText(random: Random, real: readonly string[]): string {
  const roll = random()
  if (roll < 0.6) return mutated(random, pick(random, real), CEL)
  if (roll < 0.85) return Array.from({ length: upTo(random, 40) }, () => pick(random, CEL)).join('')
  return roll < 0.95 ? noise(random, 300) : extreme(random, CEL)
}
