import type { Diagnostic, SourceSet } from '@plumbline/core'
import type { Edit } from './fix-names.ts'

/**
 * The edits of findings that lack an entry of a map, or of which an item of a list is left over. Of the items one at a time: what
 * is left of the list decides how the next is taken out.
 */
export function entryEdits(diagnostics: readonly Diagnostic[], sources: SourceSet): readonly Edit[] {
  const files = new Map([sources.main, ...sources.others].map((file) => [file.path, file.text]))
  const additions = diagnostics.flatMap(({ addition }): readonly Edit[] => {
    const text = files.get(addition?.to.file ?? '')
    if (addition === undefined || text === undefined) return []
    const { to, entry } = addition
    const place = insertion(text, to.start, to.end, entry)
    if (place === undefined) return []
    return [{ file: to.file, start: place.at, end: place.at, wrong: '', right: entry, text: place.inserted }]
  })
  // A map that several places share by its anchor lacks the entry once.
  const once = additions.filter((edit, i) => !additions.slice(0, i).some((other) => other.start === edit.start))
  const removal = diagnostics.find(({ removal }) => removal !== undefined)?.removal
  const text = files.get(removal?.file ?? '')
  if (removal === undefined || text === undefined) return once
  const { start, end, kept = '' } = itemAround(text, removal.start, removal.end)
  const wrong = text.slice(removal.start, removal.end).replaceAll(/\s+/g, ' ').trim()
  return [...once, { file: removal.file, start, end, wrong, right: '', text: kept }]
}

/** Where an entry goes into a map: before its `}`, or as a line before its first. Undefined where the map stands elsewhere. */
function insertion(
  text: string,
  from: number,
  end: number,
  entry: string,
): { at: number; inserted: string } | undefined {
  const before = /^["']?:\s*(?:&\S+\s+)?(?:#.*\n\s*)*(?=\S)/.exec(text.slice(from, end))?.[0]
  if (before === undefined) return undefined
  const start = from + before.length
  if (text[start] === '{') {
    if (text[end - 1] !== '}') return undefined
    const within = text.slice(start, end - 1).trimEnd()
    return { at: start + within.length, inserted: within === '{' ? ` ${entry}` : `, ${entry}` }
  }
  if (!before.includes('\n')) return undefined
  const column = start - (text.lastIndexOf('\n', start - 1) + 1)
  return { at: start, inserted: `${entry}\n${' '.repeat(column)}` }
}

/** An item of a list with what parts it from others; of the last one of a block also the key above it. */
function itemAround(text: string, start: number, end: number): { start: number; end: number; kept?: string } {
  const line = text.lastIndexOf('\n', start - 1) + 1
  if (/^\s*-\s+$/.test(text.slice(line, start))) {
    const after = text.indexOf('\n', end - 1)
    const next = after < 0 ? text.length : after + 1
    // Comments between the key and its last item stay.
    const [, key, comments = ''] =
      /(?:^|\n)([^\S\n]*[\w-]+:[^\S\n]*(?:#[^\n]*)?\n)((?:[^\S\n]*(?:#[^\n]*)?\n)*)$/.exec(text.slice(0, line)) ?? []
    const isLast = !/^\s*(?:#.*\n\s*)*-\s/.test(text.slice(next))
    if (key === undefined || !isLast) return { start: line, end: next }
    return { start: line - comments.length - key.length, end: next, kept: comments }
  }
  const following = /^\s*,\s*/.exec(text.slice(end))?.[0]
  if (following !== undefined) return { start, end: end + following.length }
  return { start: start - (/,\s*$/.exec(text.slice(0, start))?.[0].length ?? 0), end }
}
