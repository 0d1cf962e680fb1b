import type { YamlScalar } from './tree.ts'

/** Text of a scalar with the file range each UTF-16 unit of it comes from (half-open, both arrays as long as the text). */
export interface ScalarMap {
  readonly text: string
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

interface Builder {
  text: string
  readonly starts: number[]
  readonly ends: number[]
}

/** `piece` as it stands in the file at `at`. */
function copy(to: Builder, piece: string, at: number): void {
  for (let i = 0; i < piece.length; i++) {
    to.starts.push(at + i)
    to.ends.push(at + i + 1)
  }
  to.text += piece
}

/** `piece` that stands for the file range [start, end): an escape, or a folded line break. */
function stand(to: Builder, piece: string, start: number, end: number): void {
  for (let i = 0; i < piece.length; i++) {
    to.starts.push(start)
    to.ends.push(end)
  }
  to.text += piece
}

/** Where the text of a scalar begins in the file, if it stands there as it is: without escapes and folded lines. */
export function verbatimFrom({ raw, rawStart, style, text }: YamlScalar): number | undefined {
  if (style === 'plain') return raw === text ? rawStart : undefined
  const quoted = style === 'single' || style === 'double'
  return quoted && raw.length === text.length + 2 && raw.startsWith(text, 1) ? rawStart + 1 : undefined
}

/**
 * Where every character of a scalar comes from. Should the derivation ever disagree with the parser's text, every
 * character is mapped to the whole scalar: coarse, never wrong.
 */
export function mapScalar(scalar: YamlScalar): ScalarMap {
  const to: Builder = { text: '', starts: [], ends: [] }
  if (scalar.style === 'literal' || scalar.style === 'folded') mapBlock(scalar, to)
  else mapFlow(scalar, to)
  if (to.text === scalar.text) return to
  const coarse: Builder = { text: '', starts: [], ends: [] }
  stand(coarse, scalar.text, scalar.span.start, scalar.span.end)
  return coarse
}

/** Plain and quoted scalars: line folding (YAML 1.2.2 §6.5, §7.3) and escapes (§5.7). */
function mapFlow(scalar: YamlScalar, to: Builder): void {
  const { raw, rawStart, style } = scalar
  const quoted = style !== 'plain'
  const end = quoted ? raw.length - 1 : raw.length
  let i = quoted ? 1 : 0
  while (i < end) {
    const c = raw[i]
    if (c === ' ' || c === '\t' || isBreak(raw, i)) {
      const after = skipBlank(raw, i, end)
      const breaks = countBreaks(raw, i, after)
      if (breaks === 0) copy(to, raw.slice(i, after), rawStart + i)
      else stand(to, breaks === 1 ? ' ' : '\n'.repeat(breaks - 1), rawStart + i, rawStart + after)
      i = after
    } else if (style === 'single' && c === "'") {
      stand(to, "'", rawStart + i, rawStart + i + 2)
      i += 2
    } else if (style === 'double' && c === '\\') {
      const [piece, length] = readEscape(raw, i, end)
      stand(to, piece, rawStart + i, rawStart + i + length)
      i += length
    } else {
      copy(to, c ?? '', rawStart + i)
      i++
    }
  }
}

function isBreak(raw: string, i: number): boolean {
  return raw[i] === '\n' || (raw[i] === '\r' && raw[i + 1] === '\n')
}

function skipBlank(raw: string, from: number, end: number): number {
  let i = from
  while (i < end && (raw[i] === ' ' || raw[i] === '\t' || isBreak(raw, i))) i++
  return i
}

function countBreaks(raw: string, from: number, to: number): number {
  let n = 0
  for (let i = from; i < to; i++) if (raw[i] === '\n') n++
  return n
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  [' ', ' '],
  ['"', '"'],
  ['/', '/'],
  ['\\', '\\'],
  ['N', '\u0085'],
  ['_', '\u00a0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
])

/** The text an escape stands for, and how many characters it takes in the file. */
function readEscape(raw: string, at: number, end: number): readonly [piece: string, length: number] {
  const letter = raw[at + 1] ?? ''
  const simple = ESCAPES.get(letter)
  if (simple !== undefined) return [simple, 2]
  if (isBreak(raw, at + 1)) {
    let i = at + (letter === '\r' ? 3 : 2)
    while (i < end && (raw[i] === ' ' || raw[i] === '\t')) i++
    return ['', i - at]
  }
  const digits = letter === 'x' ? 2 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0
  const code = Number.parseInt(raw.slice(at + 2, at + 2 + digits), 16)
  if (digits === 0 || !(code <= 0x10ffff)) return ['\\', 1]
  return [String.fromCodePoint(code), 2 + digits]
}

interface Line {
  readonly indent: number
  readonly content: string
  /** Offset in the file where the line begins, and where its line break begins. */
  readonly start: number
  readonly end: number
}

/** Block scalars: indentation stripped, folding of `>` (YAML 1.2.2 §8.1), chomping taken from the parser's text. */
function mapBlock(scalar: YamlScalar, to: Builder): void {
  const lines = splitLines(scalar.raw, scalar.rawStart)
  const first = lines.find((line) => line.content !== '')
  let last = lines.length - 1
  while (last >= 0 && lines[last]?.content === '') last--
  const strip = scalar.fixedIndent ?? first?.indent ?? 0
  // Trailing blank lines that are indented deeper than the content belong to the content.
  if (first !== undefined) for (let i = lines.length - 1; i > last; i--) if ((lines[i]?.indent ?? 0) > strip) last = i
  let pending: { text: string; start: number } | undefined
  let previousDeep = false
  let begun = false
  for (let i = 0; i <= last; i++) {
    const line = lines[i]
    if (line === undefined) continue
    const extra = ' '.repeat(Math.max(0, line.indent - strip)) + line.content
    if (!begun && line.content === '') {
      copy(to, extra, line.start + strip)
      stand(to, '\n', line.end, lines[i + 1]?.start ?? line.end)
      continue
    }
    begun = true
    const at = line.start + Math.min(strip, line.indent)
    if (scalar.style === 'literal') {
      if (pending !== undefined) stand(to, pending.text, pending.start, line.start)
      copy(to, extra, at)
      pending = { text: '\n', start: line.end }
    } else if (line.indent > strip || line.content[0] === '\t') {
      if (pending?.text === ' ') pending = { text: '\n', start: pending.start }
      else if (!previousDeep && pending?.text === '\n') pending = { text: '\n\n', start: pending.start }
      if (pending !== undefined) stand(to, pending.text, pending.start, at)
      copy(to, extra, at)
      pending = { text: '\n', start: line.end }
      previousDeep = true
    } else if (line.content === '') {
      if (pending?.text === '\n') stand(to, '\n', pending.start, line.start)
      pending = { text: '\n', start: line.end }
    } else {
      if (pending !== undefined) stand(to, pending.text, pending.start, at)
      copy(to, line.content, at)
      pending = { text: ' ', start: line.end }
      previousDeep = false
    }
  }
  const end = scalar.rawStart + scalar.raw.length
  const rest = scalar.text.slice(to.text.length)
  if (/^\n*$/.test(rest) || /^[ \n]*$/.test(rest)) stand(to, rest, lines[last]?.end ?? end, end)
}

function splitLines(raw: string, base: number): Line[] {
  const lines: Line[] = []
  let at = 0
  while (at < raw.length) {
    const newline = raw.indexOf('\n', at)
    const stop = newline < 0 ? raw.length : newline
    const end = stop > at && raw[stop - 1] === '\r' && newline >= 0 ? stop - 1 : stop
    let indent = 0
    while (at + indent < end && raw[at + indent] === ' ') indent++
    lines.push({ indent, content: raw.slice(at + indent, end), start: base + at, end: base + end })
    at = stop + 1
  }
  return lines
}
