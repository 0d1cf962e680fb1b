import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderDiagnostics } from '../../packages/core/src/diagnostics/frame.ts'
import { parseSpec, YAML_LIMITS } from '../../packages/core/src/language/index.ts'
import type { SourceSet } from '../../packages/core/src/source/source-file.ts'
import { cpuMs } from '../../tests/support/cpu.ts'

const GOOD = readFileSync(join(import.meta.dirname, 'whole', 'spec.plumb.yaml'), 'utf8')

/** What the whole example extends. */
const others = [{ path: 'templates/binary-classification.plumb.yaml', text: 'plumbline: 1' }]

function sources(text: string): SourceSet {
  return { main: { path: 'spec.plumb.yaml', text }, others }
}

function codes(text: string): readonly string[] {
  return parseSpec(sources(text)).diagnostics.map((d) => d.code)
}

/** Parses and renders; the findings must be sorted and inside the text, and an absent value must be explained. */
function survive(text: string): void {
  const result = parseSpec(sources(text))
  const { diagnostics } = result
  for (const [i, d] of diagnostics.entries()) {
    expect(d.span.start).toBeGreaterThanOrEqual(0)
    expect(d.span.end).toBeLessThanOrEqual(text.length)
    expect(d.span.end).toBeGreaterThanOrEqual(d.span.start)
    const before = diagnostics[i - 1]
    if (before !== undefined && d.code !== 'language/too-many-findings')
      expect(d.span.start).toBeGreaterThanOrEqual(before.span.start)
    expect(d.message.length).toBeLessThan(600)
  }
  if (result.value === undefined) expect(diagnostics.some((d) => d.severity === 'error')).toBe(true)
  renderDiagnostics(diagnostics, sources(text))
}

describe('size and form of the file', () => {
  it('refuses more than 2 MB before parsing, in bytes of UTF-8', () => {
    const line = `# ${'ä'.repeat(60)}\n`
    const big = GOOD + line.repeat(Math.ceil(YAML_LIMITS.bytes / 123))
    expect(big.length).toBeLessThan(YAML_LIMITS.bytes)
    const begun = cpuMs()
    expect(codes(big)).toEqual(['language/too-large'])
    expect(cpuMs() - begun).toBeLessThan(500)
  })
  it('reads a large but good spec', () => {
    const clauses = Array.from({ length: 4000 }, (_, i) => `  c${i}: { of: a, every: x >= ${i}, severity: warn }\n`)
    const text = `plumbline: 1\nsystem: { name: big }\nclauses:\n${clauses.join('')}`
    expect(codes(text)).toEqual([])
    expect(parseSpec(sources(text)).value?.clauses.size).toBe(4000)
  })
  it.each([
    ['NUL', 'plumbline: 1\nsystem: { name: "a\0b" }\n'],
    ['escape', 'plumbline: 1 # \x1b[31m\n'],
    ['not UTF-8', 'plumbline: 1\nsystem: { name: caf\ufffd }\n'],
    ['a Parquet file', 'PAR1\x15\x04\x15\x00\x12'],
  ])('refuses %s', (_name, text) => {
    expect(codes(text)).toEqual(['language/not-text'])
  })
  it('bounds nesting', () => {
    for (const text of ['['.repeat(100_000), '{a: '.repeat(50_000), '- '.repeat(50_000), '? '.repeat(50_000)])
      expect(codes(text)).toContain('language/too-complex')
  })
  it('bounds the number of parts and of findings', () => {
    expect(codes(`[${','.repeat(900_000)}]`)).toEqual(['language/too-complex'])
    const unknown = Array.from({ length: 20_000 }, (_, i) => `key${i}: 1\n`).join('')
    const found = codes(`plumbline: 1\nsystem: { name: a }\n${unknown}`)
    expect(found).toHaveLength(201)
    expect(found.at(-1)).toBe('language/too-many-findings')
  })
  it('bounds aliases, also where they are read', () => {
    const layers = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 12; i++)
      layers.push(`a${i}: &a${i} [${Array.from({ length: 9 }, () => `*a${i - 1}`).join(', ')}]`)
    const text = `plumbline: 1\nsystem: { name: a }\nx-bomb:\n  ${layers.join('\n  ')}\nextends: *a11\n`
    const begun = cpuMs()
    expect(codes(text)).toContain('language/too-many-aliases')
    expect(cpuMs() - begun).toBeLessThan(2000)
    const unknown = Array.from({ length: 3000 }, (_, i) => `- &${'n'.repeat(200)}${i} *${'m'.repeat(200)}${i}`).join(
      '\n',
    )
    survive(unknown.replaceAll(' *', '\n- *'))
  })
})

describe('any text is survived', () => {
  const snippets = [
    ': ',
    '- ',
    '? ',
    '{',
    '}',
    '[',
    ']',
    ',',
    '&a ',
    '*a',
    '!x ',
    '|\n',
    '>\n',
    '"',
    "'",
    '#',
    '%',
    '@',
    '`',
    '\t',
    '\n',
    '\r\n',
    '---\n',
    '...\n',
    '<<: ',
    '__proto__',
    '${X}',
    '99%',
    '10_000',
    '.inf',
    'null',
    '😀',
    '\ufeff',
    'on: ',
    'every: ',
    '\\',
    '\u2028',
  ] as const
  it('mutations of the whole example', () => {
    const place = fc.nat(GOOD.length)
    const edit = fc.record({ at: place, cut: fc.oneof(fc.nat(6), fc.nat(400)), put: fc.constantFrom('', ...snippets) })
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let text = GOOD
        for (const { at, cut, put } of edits) text = text.slice(0, at) + put + text.slice(at + cut)
        survive(text)
      }),
      { numRuns: 250, seed: 11 },
    )
  })
  it('sequences of YAML pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...snippets, 'a', 'b', ' ', '  ', 'data', 'clauses'), { maxLength: 30 }),
        (parts) => {
          survive(parts.join(''))
          survive(`plumbline: 1\nsystem: { name: a }\nclauses:\n  c:\n    of: a\n    ${parts.join('')}`)
        },
      ),
      { numRuns: 1000, seed: 12 },
    )
  })
  it('random bytes, read as UTF-8', () => {
    const decoder = new TextDecoder()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => survive(decoder.decode(bytes))),
      { numRuns: 500, seed: 13 },
    )
  })
  it('cut off anywhere', () => {
    for (let end = 0; end < GOOD.length; end += 41) survive(GOOD.slice(0, end))
  })
})
