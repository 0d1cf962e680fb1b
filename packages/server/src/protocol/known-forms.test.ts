import { type GuardPlan, parseJson } from '@plumbline/guard'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { guardOf, ROW, tensors } from '../testing/guarded.ts'
import { type InferRequest, readInfer } from './infer-request.ts'
import { type KnownForms, knownForms } from './known-forms.ts'
import { requestForm } from './request-form.ts'

let plan: GuardPlan
beforeAll(async () => {
  ;({ plan } = await guardOf(''))
})

/** The request as it is read in full; undefined where it is none. */
function inFull(text: string): InferRequest | undefined {
  const json = parseJson(text, { depth: 8, length: text.length })
  const read = json.ok ? readInfer(json.value, plan, 4096) : undefined
  return read?.ok === true ? read.value : undefined
}

/** Forms that know the one of a text. */
function learned(text: string): KnownForms<InferRequest> {
  const forms = knownForms<InferRequest>()
  const request = inFull(text)
  if (request === undefined) throw new Error(text)
  forms.learn(() => requestForm(text, JSON.parse(text), request, plan))
  return forms
}

const tensor = (name: string, datatype: string, data: unknown, shape = [1]) => ({ name, shape, datatype, data })
const plain = JSON.stringify({ id: 'a', inputs: tensors([ROW]) })
const matrix = (data: unknown) => ({ inputs: [tensor('X', 'FP64', data, [1, 6])] })

describe('a known form of request', () => {
  it.each([
    ['as the example', { id: 'a', inputs: tensors([ROW]) }],
    ['without an id', { inputs: tensors([ROW]) }],
    ['the id behind', { inputs: tensors([ROW]), id: 'a' }],
    ['a matrix', matrix([1, 2, 3, 4, 5, 6])],
    ['a nested matrix', matrix([[1, 2.5, -3, 4, 5, 6]])],
    [
      'columns of shape [1, 1]',
      { inputs: [tensor('age', 'INT64', [40], [1, 1]), tensor('sex', 'INT32', [[1]], [1, 1])] },
    ],
    [
      'all datatypes',
      {
        inputs: [
          tensor('a', 'BOOL', [true]),
          tensor('b', 'UINT8', [7]),
          tensor('c', 'FP32', [1.5]),
          tensor('d"e\\', 'BYTES', ['text']),
          tensor('constructor', 'INT16', [null]),
        ],
      },
    ],
    [
      'outputs and parameters',
      {
        id: 'x',
        parameters: { priority: 1, tags: ['a', null] },
        inputs: [{ ...tensor('age', 'INT64', [40]), parameters: { content_type: 'np' } }],
        outputs: [{ name: 'risk', parameters: { binary_data: true } }],
      },
    ],
  ])('%s: is read as in full, with other spacing, too', (_name, body) => {
    const compact = JSON.stringify(body)
    const python = compact.replaceAll(/(?<=["\]\d}el])([,:])/g, '$1 ')
    const spaced = JSON.stringify(body, null, 2)
    const odd = `\n\t ${compact.replaceAll(':', ' : ')}\r\n`
    for (const [text, others] of [
      [compact, [compact]],
      [python, [python]],
      [spaced, [compact, python, spaced, odd]],
      [odd, [compact, spaced]],
    ] as const) {
      const forms = learned(text)
      for (const given of others) {
        expect(forms.read(given)).toBeDefined()
        expect(forms.read(given)).toEqual(inFull(given))
      }
    }
  })

  it.each([
    ['several rows', { inputs: tensors([ROW, ROW]) }],
    ['no row', { inputs: [tensor('age', 'INT64', [], [0])] }],
    [
      'a field called __proto__',
      JSON.parse('{"inputs":[{"name":"__proto__","shape":[1],"datatype":"INT64","data":[1]}]}'),
    ],
  ])('%s: has none', (_name, body) => {
    const text = JSON.stringify(body)
    expect(learned(text).read(text)).toBeUndefined()
  })

  it('reads cells as they are, and leaves to others what it does not know', () => {
    const forms = learned(plain)
    const limit = (cell: string) => plain.replace('50000.5', cell)
    for (const cell of [
      '0',
      '-0',
      '-0.0',
      '1e3',
      '1.5E-7',
      '0.1',
      '123456789012345',
      '1e999',
      '0.30000000000000004',
      'null',
    ])
      expect([cell, forms.read(limit(cell))]).toEqual([cell, inFull(limit(cell))])
    for (const cell of [
      '01',
      '+1',
      '1.',
      '.5',
      '1e',
      'NaN',
      'true',
      '"1"',
      '[1]',
      '',
      '1,2',
      '0x1',
      '9007199254740993',
      '1 2',
    ])
      expect([cell, forms.read(limit(cell))]).toEqual([cell, undefined])
    const id = (text: string) => plain.replace('"a"', text)
    for (const text of ['""', '"ü 漢"', `"${'x'.repeat(256)}"`]) expect(forms.read(id(text))).toEqual(inFull(id(text)))
    for (const text of ['"\\u0061"', '"a\tb"', '1', 'null', `"${'x'.repeat(257)}"`])
      expect(forms.read(id(text))).toBeUndefined()
  })

  it('what is read by a form is read in full as the same, whatever was done to the text', () => {
    const cell = fc.constantFrom(
      '7',
      '-1',
      '1.0',
      '2.50',
      '1e2',
      '-0',
      'null',
      'true',
      '"x"',
      '[1]',
      '1e400',
      '12345678901234567',
    )
    const piece = fc.constantFrom(
      ' ',
      '\n',
      ',',
      ':',
      '"',
      '{',
      '}',
      '[',
      ']',
      '\\',
      '0',
      '"id":"b",',
      'x',
      '\u00e9',
      '\ud800',
    )
    const change = fc.oneof(
      { weight: 3, arbitrary: fc.tuple(fc.constant('cell' as const), fc.nat(), cell) },
      fc.tuple(fc.constant('insert' as const), fc.nat(), piece),
      fc.tuple(fc.constant('space' as const), fc.nat(), fc.constantFrom(' ', '\r\n', '\t')),
    )
    const changed = (text: string, [kind, at, what]: readonly [string, number, string]): string => {
      if (kind === 'insert') return text.slice(0, at % text.length) + what + text.slice(at % text.length)
      const places = [...text.matchAll(kind === 'cell' ? /(?<=\[)[^[\]{}]*(?=\]\})/g : /(?<=[{}[\]:,])/g)]
      const place = places[at % places.length]
      if (place === undefined) return text
      return text.slice(0, place.index) + what + text.slice(place.index + place[0].length)
    }
    let known = 0
    const all = [learned(plain), learned(JSON.stringify(JSON.parse(plain), null, 1))]
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3 }), (changes) => {
        const text = changes.reduce(changed, plain)
        for (const forms of all) {
          const read = forms.read(text)
          if (read === undefined) continue
          known++
          expect(read).toEqual(inFull(text))
        }
      }),
      { numRuns: 5000 },
    )
    expect(known).toBeGreaterThan(1000)
  })
})

describe('many forms', () => {
  const form = (i: number) => JSON.stringify({ inputs: [tensor(`t${i}`, 'INT64', [1])] })
  const learnAll = (forms: KnownForms<InferRequest>, from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const request = inFull(form(i))
      if (request !== undefined) forms.learn(() => requestForm(form(i), JSON.parse(form(i)), request, plan))
    }
  }

  it('some are known at once, and what is sent again and again becomes known', () => {
    const forms = knownForms<InferRequest>()
    learnAll(forms, 0, 5000)
    const known = Array.from({ length: 5000 }, (_, i) => i).filter((i) => forms.read(form(i)) !== undefined)
    expect(known.length).toBeLessThanOrEqual(8)
    let asked = 0
    while (forms.read(form(5000)) === undefined && asked++ < 2000) learnAll(forms, 5000, 5001)
    expect(forms.read(form(5000))).toEqual(inFull(form(5000)))
  })
})
