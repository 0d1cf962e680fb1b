import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSpec } from '../parse.ts'
import { printYaml } from './print.ts'

const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url))

function printed(text: string): string {
  const result = printYaml({ path: 'p.yaml', text })
  return result.kind === 'printed' ? result.text : result.kind
}

/** What a spec says, without places. */
function said(text: string): string {
  const { value } = parseSpec({ main: { path: 'p.yaml', text }, others: [] })
  return JSON.stringify(value, (key, item: unknown) => {
    if (/span$/i.test(key)) return undefined
    if (typeof item === 'bigint') return `${item}`
    return item instanceof Map ? [...item] : item
  })
}

it('lays out braces, brackets, indentation and comments, and keeps what the author chose', () => {
  const text = `# head
plumbline:   1     # version


system: {name: demo,   version: "1.0.0" ,owners: [ {name: 'A'} ]}
data:
    a:
        source:   a.csv     # the source
        # above the columns
        columns:
            x: &x {type: number, range: [ 10_000,1_000_000 ], mostly: 99%}
            y:   *x
clauses:
   c: {of: a, every: 'x > "a"' }
   d:
      says: >
        folded text
        over lines
      of:
      - a
      - b
      must: |
        count() > 3
# tail
`
  expect(printed(text)).toBe(`# head
plumbline: 1 # version

system: { name: demo, version: "1.0.0", owners: [{ name: 'A' }] }
data:
  a:
    source: a.csv # the source
    # above the columns
    columns:
      x: &x { type: number, range: [10_000, 1_000_000], mostly: 99% }
      y: *x
clauses:
  c: { of: a, every: 'x > "a"' }
  d:
    says: >
      folded text over lines
    of:
      - a
      - b
    must: |
      count() > 3

# tail
`)
})

describe('every spec of this repository', () => {
  const files = globSync('{examples,conformance,packages,tests}/**/*.yaml', { cwd: ROOT })
    .filter((file) => !file.includes('node_modules') && !file.includes('frozen'))
    .map((file) => [file, readFileSync(`${ROOT}${file}`, 'utf8')] as const)

  it('is there', () => {
    expect(files.length).toBeGreaterThan(150)
  })

  it('says the same laid out, and stays as it is the second time', () => {
    let count = 0
    for (const [file, text] of files) {
      const result = printYaml({ path: file, text })
      expect(result.kind, file).not.toBe('unsafe')
      if (result.kind !== 'printed') continue
      count++
      expect(printed(result.text), file).toBe(result.text)
      expect(said(result.text), file).toBe(said(text))
    }
    expect(count).toBeGreaterThan(150)
  })
})

const scalar = fc.oneof(
  fc.constantFrom(
    'x',
    '10_000',
    '99%',
    '1d',
    'null',
    'true',
    '~',
    'a # b',
    'a: b',
    '- x',
    '{',
    '"',
    "'",
    '',
    ' x',
    'x ',
    '# c',
  ),
  fc.string({ unit: 'grapheme-composite', maxLength: 12 }),
  fc.lorem({ maxCount: 30 }),
)

it('escapes stay as they are written, so that what they stand for can be seen', () => {
  const text = 'a: "!x.contains(\'\\uFFFD\') && \\u0041 \\t"\nb: [ "\\u200B" ]\n'
  expect(printYaml({ path: 'p.yaml', text })).toEqual({
    kind: 'printed',
    text: text.replace('[ ', '[').replace(' ]', ']'),
  })
})

/** A YAML value written by the generator in any of the styles. */
const { value } = fc.letrec<{ value: (indent: string) => string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar.map((text) => () => JSON.stringify(text)),
    fc.stringMatching(/^[a-z][a-z0-9 ]{0,30}[a-z]$/).map((text) => () => text),
    fc.lorem({ maxCount: 25 }).map((text) => (indent: string) => `>\n${indent}  ${text}\n${indent}  more text`),
    fc.lorem({ maxCount: 5 }).map((text) => (indent: string) => `|\n${indent}  ${text}\n\n${indent}    deeper`),
    fc
      .array(tie('value'), { minLength: 1, maxLength: 4 })
      .map(
        (items) => (indent: string) =>
          `\n${items.map((item) => `${indent}- ${item(`${indent}  `).trimStart()}`).join('\n')}`,
      ),
    fc
      .array(fc.tuple(fc.stringMatching(/^[a-z]{1,6}$/), tie('value'), fc.constantFrom('', '\n# note\n', ' \n\n')), {
        minLength: 1,
        maxLength: 4,
      })
      .map(
        (entries) => (indent: string) =>
          `\n${entries.map(([key, item, above], i) => `${above.trimStart()}${indent}${key}${i}: ${item(`${indent}   `)}`).join('\n')}`,
      ),
    fc
      .array(fc.tuple(fc.stringMatching(/^[a-z]{1,6}$/), scalar), { maxLength: 8 })
      .map(
        (entries) => () => `{${entries.map(([key, text], i) => ` ${key}${i}: ${JSON.stringify(text)}`).join(' ,')} }`,
      ),
  ),
}))

it('any generated text says the same, keeps its comments and stays as it is the second time', () => {
  let laidOut = 0
  fc.assert(
    fc.property(value, (write) => {
      const text = `top: ${write('  ')}\n`
      const result = printYaml({ path: 'p.yaml', text })
      expect(result.kind, text).not.toBe('unsafe')
      if (result.kind === 'printed') {
        laidOut++
        expect(printed(result.text)).toBe(result.text)
      }
    }),
    { numRuns: Number(process.env['PLUMB_FUZZ_LAYOUT'] ?? 300), seed: 8 },
  )
  expect(laidOut).toBeGreaterThan(150)
})

it('broken YAML is not touched', () => {
  expect(printYaml({ path: 'p.yaml', text: 'a: [1, 2\n' })).toMatchObject({
    kind: 'broken',
    diagnostics: [{ code: 'language/broken-yaml' }],
  })
  expect(printed('a: 1\na: 2\n')).toBe('broken')
})
