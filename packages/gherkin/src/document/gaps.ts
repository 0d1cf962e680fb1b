import { joined, partOf, type PlacedText } from '../text/placed-text.ts'

/** What fills the gaps of an outline, by the name in its header. */
export type Gaps = ReadonlyMap<string, PlacedText>

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
