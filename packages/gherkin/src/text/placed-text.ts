import type { Expression, Span } from '@plumbline/core'

/** A text as written, with the place of each of its parts. */
export type PlacedText = Expression

/** A text that stands in a file exactly as it is, from an offset on. */
export function textAt(text: string, file: string, start: number): PlacedText {
  const place = (from: number, to: number): Span => ({ file, start: start + from, end: start + Math.max(from, to) })
  return { text, span: place(0, text.length), place }
}

/** A text that was derived from a place: all of it stands there. */
export function derived(text: string, span: Span): PlacedText {
  return { text, span, place: () => span }
}

/** A part of a text. */
export function partOf(whole: PlacedText, start: number, end: number): PlacedText {
  const place = (from: number, to: number): Span => whole.place(start + from, start + to)
  return { text: whole.text.slice(start, end), span: place(0, end - start), place }
}

/** The same without white space at its ends. */
export function trimmed(text: PlacedText): PlacedText {
  const start = text.text.length - text.text.trimStart().length
  return partOf(text, start, Math.max(start, text.text.trimEnd().length))
}

/**
 * Texts in a row. A range within one of them stands where that one does; a range over several stands at `span`, since
 * it was written nowhere as a whole.
 */
export function joined(parts: readonly PlacedText[], span: Span): PlacedText {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const starts: number[] = []
  let length = 0
  for (const part of parts) {
    starts.push(length)
    length += part.text.length
  }
  const place = (start: number, end: number): Span => {
    const at = starts.findLastIndex((from) => from <= start)
    const part = parts[at]
    const from = starts[at] ?? 0
    return part !== undefined && end <= from + part.text.length ? part.place(start - from, end - from) : span
  }
  return { text: parts.map(({ text }) => text).join(''), span, place }
}

/** A template tag: what stands between the gaps is at `span`, what fills them where it stands. */
export function templateAt(
  span: Span,
): (words: TemplateStringsArray, ...gaps: readonly (PlacedText | string)[]) => PlacedText {
  return (words, ...gaps) => {
    const parts = words.flatMap((word, i) => {
      const gap = gaps[i]
      const own = word === '' ? [] : [derived(word, span)]
      return gap === undefined ? own : [...own, typeof gap === 'string' ? derived(gap, span) : gap]
    })
    return joined(parts, span)
  }
}
