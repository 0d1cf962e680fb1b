import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collectFindings } from '../findings.ts'
import { expressionOf } from '../reader/expression.ts'
import { loadYaml } from './load.ts'
import { mapScalar } from './scalar-map.ts'
import type { YamlNode, YamlScalar } from './tree.ts'

function scalars(node: YamlNode): YamlScalar[] {
  if (node.kind === 'scalar') return [node]
  if (node.kind === 'list') return node.items.flatMap(scalars)
  if (node.kind === 'map') return node.entries.flatMap((entry) => [entry.keyNode, ...scalars(entry.value)])
  return []
}

function load(text: string): YamlScalar[] {
  const tree = loadYaml({ path: 'f', text }, collectFindings(10))
  return tree === undefined ? [] : scalars(tree)
}

/** The value of the key `e` of a map. */
function value(text: string): YamlScalar {
  const found = load(text)[1]
  if (found === undefined) throw new Error(`no value in ${text}`)
  return found
}

/** The file text that each word of the expression maps to. */
function words(text: string): readonly (readonly [string, string])[] {
  const expression = expressionOf(value(text))
  return [...expression.text.matchAll(/\S+/g)].map((match) => {
    const span = expression.place(match.index, match.index + match[0].length)
    return [match[0], text.slice(span.start, span.end)] as const
  })
}

describe('mapScalar: every word of an expression maps to where it stands', () => {
  it.each([
    ['plain', 'e: age >= 18 # why\n'],
    ['plain over lines', 'e: age >= 18\n   && sex == 2\n\n   && true\n'],
    ['plain, CRLF', 'e: age >= 18\r\n   && sex == 2\r\n'],
    ['plain in a flow map', '{ e: age >= 18 && a < b , f: 1 }'],
    ['single quotes', "e: 'age >= 18 && b'\n"],
    ['single quotes over lines', "e: 'age >= 18\n\n  && b'\n"],
    ['double quotes', 'e: "age >= 18 && b"\n'],
    ['double quotes over lines', 'e: "age >=\n   18\n\n   && b"\n'],
    ['literal', 'e: |\n  age >= 18\n    && b\n\n  || c\n'],
    ['literal, strip, CRLF', 'e: |-\r\n  age >= 18\r\n  && b\r\n'],
    ['literal, explicit indentation', 'e: |2\n    age >= 18\n  && b\n'],
    ['literal, keep', 'e: |+\n  age >= 18\n\n\n'],
    ['folded', 'e: >\n  age >= 18\n  && b\n\n  || c\n'],
    ['folded with deeper lines', 'e: >-\n  age\n    >= 18\n  && b\n\n    || c\n\n  d\n'],
    ['folded, leading blank lines', 'e: >\n\n\n  age >= 18\n  && b\n'],
    ['byte order mark', '\ufeffe: age >= 18\n'],
    ['astral characters', 'e: "😀 == \'𝒳\' && b"\n'],
  ])('%s', (_name, text) => {
    for (const [word, place] of words(text)) expect(place).toBe(word)
    expect(words(text).length).toBeGreaterThan(2)
  })

  it('maps an escape to the whole escape', () => {
    const text = `e: "a == \\"x\\" && \\u0062 \\U0001F600 c"\n`
    const mapped = words(text).map(([word, place]) => `${word} ← ${place}`)
    expect(mapped).toEqual(['a ← a', '== ← ==', '"x" ← \\"x\\"', '&& ← &&', 'b ← \\u0062', '😀 ← \\U0001F600', 'c ← c'])
  })

  it('maps a doubled single quote to both', () => {
    expect(words("e: 'a == ''x'' b'\n")).toContainEqual(["'x'", "''x''"])
  })

  it('maps an escaped line break to nothing', () => {
    expect(words('e: "age >= 1\\\n   8 b"\n')).toContainEqual(['18', '1\\\n   8'])
  })

  it('gives an empty range a place, also at the end', () => {
    const text = 'e: age\n'
    const { place } = expressionOf(value(text))
    expect(place(3, 3)).toEqual({ file: 'f', start: 6, end: 6 })
    expect(place(99, 120)).toEqual({ file: 'f', start: 6, end: 6 })
    expect(place(-5, 1)).toEqual({ file: 'f', start: 3, end: 4 })
  })
})

describe('mapScalar agrees with the parser on any text', () => {
  const piece = fc.constantFrom(
    'a',
    ' ',
    '  ',
    '\n',
    '\n  ',
    '\n\n',
    '\t',
    "''",
    '\\n',
    '\\\\',
    '\\x41',
    '\\\n ',
    '>=',
    '😀',
    '\r\n ',
    '#',
  )
  const styles = [
    (body: string) => `e: ${body}\n`,
    (body: string) => `e: '${body}'\n`,
    (body: string) => `e: "${body}"\n`,
    (body: string) => `e: |\n  ${body.replaceAll('\n', '\n  ')}\n`,
    (body: string) => `e: >\n  ${body.replaceAll('\n', '\n  ')}\n`,
    (body: string) => `e: >+\n   ${body.replaceAll('\n', '\n  ')}\n`,
    (body: string) => `e: |1-\n  ${body.replaceAll('\n', '\n  ')}\n\n`,
  ]
  it('same text, increasing places inside the scalar, exact for unescaped characters', () => {
    let compared = 0
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), fc.constantFrom(...styles), (pieces, style) => {
        const text = style(pieces.join(''))
        for (const scalar of load(text)) {
          const map = mapScalar(scalar)
          expect(map.text).toBe(scalar.text)
          expect(map.starts).toHaveLength(scalar.text.length)
          const coarse =
            scalar.text.length > 1 && map.starts.every((s, i) => s === map.starts[0] && map.ends[i] === map.ends[0])
          if (coarse && !/^\s*$/.test(scalar.text) && !/\\U/.test(text)) {
            // A lone astral character maps both of its units to themselves, so only true fallbacks come here.
            expect(map.starts[0], JSON.stringify(text)).not.toBe(scalar.span.start)
          }
          for (let i = 1; i < map.starts.length; i++)
            expect(map.starts[i] ?? 0).toBeGreaterThanOrEqual(map.starts[i - 1] ?? 0)
          for (let i = 0; i < scalar.text.length; i++)
            if (/[a>=#]/.test(scalar.text[i] ?? '') && !text.includes('\\x'))
              expect(text.slice(map.starts[i], map.ends[i])).toBe(scalar.text[i])
          compared++
        }
      }),
      { numRuns: 4000, seed: 7 },
    )
    expect(compared).toBeGreaterThan(4000)
  })
})
