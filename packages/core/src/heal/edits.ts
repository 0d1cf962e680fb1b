import type { SourceSet } from '../source/source-file.ts'
import type { Span } from '../source/span.ts'

/** A place of a file and what is to stand there. */
export interface SpecEdit {
  readonly span: Span
  readonly text: string
}

/** The sources with edits made; none may lie within another. */
export function withSpecEdits(sources: SourceSet, edits: readonly SpecEdit[]): SourceSet {
  const edited = <T extends { readonly path: string; readonly text: string }>(file: T): T => ({
    ...file,
    text: edits
      .filter(({ span }) => span.file === file.path)
      .toSorted((a, b) => b.span.start - a.span.start)
      .reduce((text, { span, text: put }) => text.slice(0, span.start) + put + text.slice(span.end), file.text),
  })
  return { main: edited(sources.main), others: sources.others.map(edited) }
}

/** Unchanged lines around a change. */
const CONTEXT = 3

/** The change of a file as a unified diff; '' where nothing changed. Where no line is added or taken away, of one hunk a run of changed lines. */
export function unifiedDiff(path: string, before: string, after: string): string {
  const [old, now] = [before.split('\n'), after.split('\n')]
  if (before === after || old.length !== now.length) return before === after ? '' : oneHunk(path, old, now)
  const changed = old.flatMap((line, i) => (line === now[i] ? [] : [i]))
  const hunks: (readonly [number, number])[] = []
  for (const at of changed) {
    const last = hunks.at(-1)
    const range = [Math.max(0, at - CONTEXT), Math.min(old.length - 1, at + CONTEXT)] as const
    if (last !== undefined && range[0] <= last[1] + 1) hunks[hunks.length - 1] = [last[0], range[1]]
    else hunks.push(range)
  }
  const end = old.at(-1) === '' ? old.length - 1 : old.length
  const body = hunks.map(([from, to]) => {
    const last = Math.min(to, end - 1)
    const lines: string[] = []
    for (let i = from; i <= last; ) {
      let next = i
      while (next <= last && old[next] !== now[next]) next++
      lines.push(...old.slice(i, next).map((line) => `-${line}`), ...now.slice(i, next).map((line) => `+${line}`))
      if (next <= last) lines.push(` ${old[next] ?? ''}`)
      i = next + 1
    }
    const size = last - from + 1
    return [`@@ -${from + 1},${size} +${from + 1},${size} @@`, ...lines].join('\n')
  })
  return `--- a/${path}\n+++ b/${path}\n${body.join('\n')}\n`
}

/** The change as one hunk, from the first line that differs to the last: for files of which lines were added or taken away. */
function oneHunk(path: string, old: readonly string[], now: readonly string[]): string {
  const lines = (texts: readonly string[]): readonly string[] => (texts.at(-1) === '' ? texts.slice(0, -1) : texts)
  const [a, b] = [lines(old), lines(now)]
  const most = Math.min(a.length, b.length)
  let head = 0
  while (head < most && a[head] === b[head]) head++
  let tail = 0
  while (tail < most - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++
  const [from, to] = [Math.max(0, head - CONTEXT), Math.max(0, tail - CONTEXT)]
  const body = [
    ...a.slice(from, head).map((line) => ` ${line}`),
    ...a.slice(head, a.length - tail).map((line) => `-${line}`),
    ...b.slice(head, b.length - tail).map((line) => `+${line}`),
    ...a.slice(a.length - tail, a.length - to).map((line) => ` ${line}`),
  ].join('\n')
  const sizes = [a, b].map((each) => each.length - to - from)
  return `--- a/${path}\n+++ b/${path}\n@@ -${from + 1},${sizes[0]} +${from + 1},${sizes[1]} @@\n${body}\n`
}
