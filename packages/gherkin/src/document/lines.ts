/** Line and column as the parser gives them: both from 1, columns in code points. */
export interface Location {
  readonly line: number
  readonly column?: number | undefined
}

/** From places by line and column to offsets. */
export interface Lines {
  readonly offset: (location: Location) => number
  /** Where a line begins, and where it ends before its line break; lines from 1. */
  readonly bounds: (line: number) => { readonly start: number; readonly end: number }
}

/** The lines of a text, ended as the parser ends them: `\n` or `\r\n`. */
export function linesOf(text: string): Lines {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  const bounds = (line: number): { start: number; end: number } => {
    const start = starts[line - 1] ?? text.length
    const next = starts[line]
    const end = next === undefined ? text.length : text[next - 2] === '\r' ? next - 2 : next - 1
    return { start, end: Math.max(start, end) }
  }
  const offset = ({ line, column = 1 }: Location): number => {
    const { start, end } = bounds(line)
    let at = start
    for (let left = column - 1; left > 0 && at < end; left--) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
    return at
  }
  return { offset, bounds }
}
