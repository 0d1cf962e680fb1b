import { describe, expect, it } from 'vitest'
import type { SourceSet } from '../source/source-file.ts'
import type { Diagnostic } from './diagnostic.ts'
import { renderDiagnostic, renderDiagnostics } from './frame.ts'

function sources(text: string): SourceSet {
  return { main: { path: 'spec.plumb.yaml', text }, others: [] }
}

/** A finding at the first place of `needle`. */
function at(text: string, needle: string, more: Partial<Diagnostic> = {}): Diagnostic {
  const start = text.indexOf(needle)
  return {
    code: 'language/example',
    severity: 'error',
    message: 'Something is wrong.',
    why: 'Because.',
    span: { file: 'spec.plumb.yaml', start, end: start + needle.length },
    related: [],
    ...more,
  }
}

/** The line of the frame, and the part of it that is underlined (by columns; only for text of single width). */
function underlined(text: string, needle: string): string {
  const lines = renderDiagnostic(at(text, needle), sources(text)).split('\n')
  const source = [...(lines[3] ?? '')]
  const marks = [...(lines[4] ?? '')]
  return source.filter((_, i) => marks[i] === '^').join('')
}

describe('renderDiagnostic', () => {
  it('shows header, place, line, underline, related places, why and fix', () => {
    const text = 'a: 1\nb: 2\na: 3\n'
    const span = { file: 'spec.plumb.yaml', start: 10, end: 11 }
    const related = [{ message: 'it already stands here', span: { file: 'spec.plumb.yaml', start: 0, end: 1 } }]
    expect(renderDiagnostic(at(text, 'a', { span, related, fix: 'Remove one.' }), sources(text))).toBe(
      [
        'error[language/example] Something is wrong.',
        '  --> spec.plumb.yaml:3:1',
        '  |',
        '3 | a: 3',
        '  | ^',
        '  it already stands here:',
        '  --> spec.plumb.yaml:1:1',
        '  |',
        '1 | a: 1',
        '  | -',
        '  why: Because.',
        '  fix: Remove one.',
      ].join('\n'),
    )
  })

  it.each([
    ['plain', 'key: value # why', 'value'],
    ['CRLF', 'x: 1\r\nkey: value\r\ny: 2', 'value'],
    ['old Mac line ends', 'x: 1\rkey: value\ry: 2', 'value'],
    ['last line without end', 'x: 1\nkey: value', 'value'],
    ['combining mark', 'e\u0301te: value', 'value'],
  ])('underlines the place: %s', (_name, text, needle) => {
    // The mark over the combining character takes no column of its own.
    expect(underlined(text.normalize('NFC'), needle)).toBe(needle)
  })

  it('counts wide characters as two columns and astral ones as one place', () => {
    const text = '名前: 値 # 😀 x'
    const lines = renderDiagnostic(at(text, 'x'), sources(text)).split('\n')
    expect(lines[1]).toBe('  --> spec.plumb.yaml:1:11')
    expect(lines[4]).toBe(`  | ${' '.repeat(14)}^`)
    const wide = renderDiagnostic(at(text, '値'), sources(text)).split('\n')
    expect(wide[4]).toBe(`  | ${' '.repeat(6)}^^`)
  })

  it('expands tabs to stops', () => {
    const lines = renderDiagnostic(at('a\tb: c', 'c'), sources('a\tb: c')).split('\n')
    expect(lines[3]).toBe('1 | a   b: c')
    expect(lines[4]).toBe('  |        ^')
  })

  it('clips long lines around the place', () => {
    const text = `${'x'.repeat(5000)}HERE${'y'.repeat(5000)}`
    const lines = renderDiagnostic(at(text, 'HERE'), sources(text)).split('\n')
    expect(lines[1]).toBe('  --> spec.plumb.yaml:1:5001')
    expect(lines[3]).toMatch(/^1 \| …x{40}HEREy{66}…$/)
    expect(lines[4]).toBe(`  | ${' '.repeat(41)}^^^^`)
    const long = renderDiagnostic(at(text, 'y'.repeat(5000)), sources(text)).split('\n')
    expect(long[4]?.length).toBeLessThan(130)
    expect(underlined(text, 'HERE')).toBe('HERE')
  })

  it('marks the first line of a place over several lines, and an empty place', () => {
    expect(underlined('a: b\n  c\nd: e', 'b\n  c')).toBe('b')
    const text = 'a: 1\n'
    const span = { file: 'spec.plumb.yaml', start: 5, end: 5 }
    expect(
      renderDiagnostic(at(text, 'a', { span }), sources(text))
        .split('\n')
        .slice(1, 5),
    ).toEqual(['  --> spec.plumb.yaml:2:1', '  |', '2 |', '  | ^'])
    const outside = { file: 'spec.plumb.yaml', start: 900, end: 950 }
    expect(renderDiagnostic(at(text, 'a', { span: outside }), sources(text))).toContain(':2:1')
  })

  it('never lets the file steer the terminal', () => {
    const text = 'a\x1b[31m\x07: \u202eevil\u200b\u2028\x9b2J'
    const message = 'The key \x1b]0;owned\x07 is unknown.\nfix: trust me'
    const shown = renderDiagnostic(at(text, 'evil', { message, fix: '\x1b[2J' }), {
      main: { path: 'spec.plumb.yaml', text },
      others: [],
    })
    // oxlint-disable-next-line no-control-regex -- that none is left is the point.
    expect(shown).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\u2028]/)
    expect(shown).toContain('a\\u{1b}[31m\\u{7}: \\u{202e}evil')
    expect(shown).toContain('unknown.\\u{a}fix')
    const line = shown.split('\n')[3] ?? ''
    const marks = shown.split('\n')[4] ?? ''
    expect(line.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1)).toBe('evil')
  })

  it('uses colours only when asked', () => {
    const text = 'a: 1'
    const colored = renderDiagnostic(at(text, 'a', { severity: 'warning' }), sources(text), { color: true })
    expect(colored).toContain('\x1b[33mwarning[language/example]\x1b[0m')
    // oxlint-disable-next-line no-control-regex -- strips the colours.
    const stripped = colored.replaceAll(/\x1b\[\d+m/g, '')
    expect(stripped).toBe(renderDiagnostic(at(text, 'a', { severity: 'warning' }), sources(text)))
  })

  it('names a file it does not have', () => {
    const elsewhere = at('a', 'a', { span: { file: 'other.yaml', start: 0, end: 1 } })
    expect(renderDiagnostic(elsewhere, sources('a'))).toContain('  --> other.yaml\n')
  })

  it('separates several findings by an empty line', () => {
    const text = 'a: 1'
    expect(renderDiagnostics([at(text, 'a'), at(text, '1')], sources(text)).split('\n\n')).toHaveLength(2)
  })
})
