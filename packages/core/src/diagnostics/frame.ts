import { lineStarts, positionAt, type SourceFile, type SourceSet } from '../source/source-file.ts'
import type { Span } from '../source/span.ts'
import type { Diagnostic, Severity } from './diagnostic.ts'
import { type Cell, cellsOf, visible } from './visible-text.ts'

/** How findings are shown. */
export interface FrameOptions {
  /** ANSI colours; plain text without. */
  readonly color?: boolean
}

/** Columns of a source line that are shown; longer lines are clipped around the place. */
const MAX_WIDTH = 110
/** Columns kept before the place when a line is clipped. */
const LEAD = 40

interface Palette {
  readonly severity: Readonly<Record<Severity, string>>
  readonly bold: string
  readonly dim: string
  readonly reset: string
}

const PLAIN: Palette = { severity: { error: '', warning: '', info: '' }, bold: '', dim: '', reset: '' }
const ANSI: Palette = {
  severity: { error: '\x1b[31m', warning: '\x1b[33m', info: '\x1b[36m' },
  bold: '\x1b[1m',
  dim: '\x1b[2m',
  reset: '\x1b[0m',
}

/**
 * A finding as text: header, place, the source line with the place underlined, why, fix, and a frame for each related
 * place. Ends without a line break. Everything that comes from the file is made visible (see `visible-text.ts`).
 */
export function renderDiagnostic(diagnostic: Diagnostic, sources: SourceSet, options: FrameOptions = {}): string {
  return renderDiagnostics([diagnostic], sources, options)
}

/** Several findings, an empty line between them; quicker than one by one for large files. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: SourceSet,
  options: FrameOptions = {},
): string {
  const palette = options.color === true ? ANSI : PLAIN
  const files = new Map([sources.main, ...sources.others].map((file) => [file.path, file]))
  const starts = new Map<string, readonly number[]>()
  const frame = (span: Span, mark: string, hue: string): readonly string[] => {
    const file = files.get(span.file)
    if (file === undefined) return [`  --> ${visible(span.file)}`]
    const lines = starts.get(file.path) ?? lineStarts(file.text)
    starts.set(file.path, lines)
    return renderFrame(file, lines, span, mark, hue, palette)
  }
  return diagnostics.map((diagnostic) => renderOne(diagnostic, frame, palette)).join('\n\n')
}

function renderOne(
  diagnostic: Diagnostic,
  frame: (span: Span, mark: string, hue: string) => readonly string[],
  palette: Palette,
): string {
  const { severity, code, message, why, fix, span, related } = diagnostic
  const { bold, dim, reset } = palette
  const hue = palette.severity[severity]
  return [
    `${hue}${severity}[${code}]${reset} ${bold}${visible(message)}${reset}`,
    ...frame(span, '^', hue),
    ...related.flatMap((place) => [`  ${visible(place.message)}:`, ...frame(place.span, '-', dim)]),
    `  ${dim}why:${reset} ${visible(why)}`,
    ...(fix === undefined ? [] : [`  ${dim}fix:${reset} ${visible(fix)}`]),
  ].join('\n')
}

function renderFrame(
  file: SourceFile,
  starts: readonly number[],
  span: Span,
  mark: string,
  hue: string,
  { dim, reset }: Palette,
): readonly string[] {
  const { line, column } = positionAt(file.text, span.start, starts)
  const lineStart = starts[line - 1] ?? 0
  const next = starts[line] ?? file.text.length + 1
  const lineEnd = lineStart + file.text.slice(lineStart, next).replace(/[\r\n]+$/, '').length
  const from = Math.min(Math.max(span.start, lineStart), lineEnd)
  const to = Math.min(Math.max(span.end, from), lineEnd)
  const view = clip(
    cellsOf(file.text.slice(lineStart, from)),
    cellsOf(file.text.slice(from, to)),
    cellsOf(file.text.slice(to, lineEnd)),
  )
  const gutter = String(line)
  const blank = ' '.repeat(gutter.length)
  return [
    `${blank} ${dim}-->${reset} ${visible(file.path)}:${line}:${column}`,
    `${blank} ${dim}|${reset}`,
    `${dim}${gutter} |${reset} ${view.text}`.trimEnd(),
    `${blank} ${dim}|${reset} ${' '.repeat(view.offset)}${hue}${mark.repeat(Math.max(1, view.width))}${reset}`,
  ]
}

interface View {
  readonly text: string
  /** Columns before the underline, and of the underline. */
  readonly offset: number
  readonly width: number
}

/** One line in at most `MAX_WIDTH` columns (and two ellipses), with the start of the marked part always in view. */
function clip(before: readonly Cell[], marked: readonly Cell[], after: readonly Cell[]): View {
  const total = widthOf(before) + widthOf(marked) + widthOf(after)
  const kept = total <= MAX_WIDTH ? before : takeLast(before, LEAD)
  const head = kept.length < before.length ? '…' : ''
  const place = takeFirst(marked, MAX_WIDTH - widthOf(kept))
  const tail = place.length < marked.length ? [] : takeFirst(after, MAX_WIDTH - widthOf(kept) - widthOf(place))
  const cut = place.length < marked.length || tail.length < after.length ? '…' : ''
  const text = head + [...kept, ...place, ...tail].map((cell) => cell.shown).join('') + cut
  return { text, offset: head.length + widthOf(kept), width: widthOf(place) }
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.width, 0)
}

function takeFirst(cells: readonly Cell[], width: number): readonly Cell[] {
  let used = 0
  const end = cells.findIndex((cell) => (used += cell.width) > width)
  return end < 0 ? cells : cells.slice(0, end)
}

function takeLast(cells: readonly Cell[], width: number): readonly Cell[] {
  return takeFirst(cells.toReversed(), width).toReversed()
}
