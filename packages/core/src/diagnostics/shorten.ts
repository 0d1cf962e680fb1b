const LONGEST = 60

/** Text from a spec as it goes into a message: at most 60 code points, with `…` where it was cut. */
export function shorten(text: string): string {
  if (text.length <= LONGEST) return text
  const characters = Array.from(text.slice(0, 2 * LONGEST))
  return characters.length <= LONGEST && text.length <= 2 * LONGEST
    ? text
    : `${characters.slice(0, LONGEST - 1).join('')}…`
}
