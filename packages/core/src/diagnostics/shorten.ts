const LONGEST = 60

/** Text from a spec as it goes into a message: at most `longest` (60) code points, with `…` where it was cut. */
export function shorten(text: string, longest = LONGEST): string {
  if (text.length <= longest) return text
  const characters = Array.from(text.slice(0, 2 * longest))
  return characters.length <= longest && text.length <= 2 * longest
    ? text
    : `${characters.slice(0, longest - 1).join('')}…`
}
