/** What to type for characters that look like ones of the language: as keyboards, word processors and web pages put them there. */
const TYPED: ReadonlyMap<string, string> = new Map([
  ...[...'−–—‐‑－'].map((dash) => [dash, '`-`'] as const),
  ['≤', '`<=`'],
  ['≥', '`>=`'],
  ['≠', '`!=`'],
  ['×', '`*`'],
  ['÷', '`/`'],
  ['∧', '`&&`'],
  ['∨', '`||`'],
  ['¬', '`!`'],
  ['（', '`(`'],
  ['）', '`)`'],
])

/** What to write instead of a character that begins no token. */
export function insteadOf(character: string): string {
  const typed = TYPED.get(character)
  if (typed !== undefined) return `Write ${typed}.`
  if (/[“”„‘’«»]/.test(character)) return 'Write texts in straight quotes: "…" or \'…\'.'
  if (/\p{Zs}/u.test(character)) return 'Replace it by a plain space: it came with text copied from elsewhere.'
  if (/\p{Cf}/u.test(character)) return 'Remove it: it is invisible, and came with text copied from elsewhere.'
  if (/[`$@]|\p{L}/u.test(character)) return 'Write a column whose name is no plain word as row["name"].'
  return character === '^'
    ? 'Write `x * x` for a power, math.bitXor(a, b) for bits; inside a text, put the text in quotes.'
    : 'Remove it; inside a text, put the text in quotes.'
}

/** A character as a finding shows it: those that cannot be seen by number and name. */
export function shownCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const isHidden = code < 32 || code === 127 || (code >= 0xd800 && code <= 0xdfff) || /\p{C}|\p{Z}/u.test(character)
  if (!isHidden) return `\`${character}\``
  const name = NAMES.get(code)
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}${name === undefined ? '' : ` (${name})`}`
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [0xa0, 'a no-break space'],
  [0x202f, 'a narrow no-break space'],
  [0x2009, 'a thin space'],
  [0x3000, 'a wide space'],
  [0xad, 'a soft hyphen'],
  [0x200b, 'a space of no width'],
  [0x200d, 'a joiner of no width'],
  [0xfeff, 'a byte order mark'],
])
