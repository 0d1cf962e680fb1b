import type { RequirementFile } from '../requirements/requirement-file.ts'
import type { Span } from './span.ts'

/** One file of a spec, already read. `path` is relative to the project folder, with `/`. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** The files a compilation reads: the spec itself and whatever it names (features, templates). */
export interface SourceSet {
  readonly main: SourceFile
  readonly others: readonly SourceFile[]
  /** Files that the spec names and that could not be read. */
  readonly unread?: readonly UnreadFile[]
  /** Files named under `requirements: { from: … }`, read. */
  readonly requirements?: readonly RequirementFile[]
}

/** A file that could not be read, and why, in words that follow its name: "is not there". */
export interface UnreadFile {
  readonly path: string
  readonly why: string
}

/** 1-based line and column; columns count code points, as editors show them. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Where each line starts (UTF-16 offsets); lines end at `\n`, `\r\n` or `\r`. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1)
  }
  return starts
}

/** The position of a UTF-16 offset; offsets outside the text are clamped. */
export function positionAt(text: string, offset: number, starts: readonly number[] = lineStarts(text)): Position {
  const at = Math.max(0, Math.min(offset, text.length))
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= at) low = middle
    else high = middle - 1
  }
  const start = starts[low] ?? 0
  return { line: low + 1, column: Array.from(text.slice(start, at)).length + 1 }
}

/** The text a span covers. */
export function textOf(file: SourceFile, span: Span): string {
  return file.text.slice(span.start, span.end)
}

/** The order in which places of a spec are shown: by file (the spec itself first), then from the top. */
export function byPlace(sources: SourceSet): (a: Span, b: Span) => number {
  const rank = new Map([sources.main, ...sources.others].map(({ path }, index) => [path, index]))
  const of = ({ file }: Span): number => rank.get(file) ?? rank.size
  return (a, b) => of(a) - of(b) || a.start - b.start || a.end - b.end
}
