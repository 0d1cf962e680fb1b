import { joined, partOf, type PlacedText } from '../text/placed-text.ts'

/** What fills the gaps of an outline, by the name in its header. */
export type Gaps = ReadonlyMap<string, PlacedText>

/** Whether `<…>` reads as the name of a column, and not as two comparisons of a condition. */
const NAME = /^[\p{L}_][\p{L}\p{N}_ -]*$/u

/** The gaps of a text that nothing fills. */
export function openGaps(text: PlacedText, gaps: Gaps): readonly PlacedText[] {
  if (gaps.size === 0) return []
  return [...text.text.matchAll(/<([^<>]+)>/g)].flatMap(({ 1: name = '', index }) =>
    gaps.has(name) || !NAME.test(name) ? [] : [partOf(text, index + 1, index + 1 + name.length)],
  )
}

/** A text with `<name>` replaced by what the row of examples has for it; a name that is no header stays. */
export function filled(text: PlacedText, gaps: Gaps): PlacedText {
  if (gaps.size === 0 || !text.text.includes('<')) return text
  const parts: PlacedText[] = []
  let from = 0
  for (const match of text.text.matchAll(/<([^<>]+)>/g)) {
    const gap = gaps.get(match[1] ?? '')
    if (gap === undefined) continue
    if (match.index > from) parts.push(partOf(text, from, match.index))
    parts.push(gap)
    from = match.index + match[0].length
  }
  if (from < text.text.length) parts.push(partOf(text, from, text.text.length))
  return joined(parts, text.span)
}
