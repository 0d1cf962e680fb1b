import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerReader } from './read-answer.ts'
import type { OutputPlace } from './signature.ts'

const place = (name: string, tensor = name, index?: number): OutputPlace => ({
  name,
  kind: 'double',
  tensor,
  ...(index === undefined ? {} : { index }),
})
const reader = (outputs: readonly OutputPlace[]) => {
  const read = answerReader({ inputs: [], outputs })
  return (text: string) => read(Buffer.from(text), 1)
}
const tensor = (name: string, data: unknown, shape = [1]) => ({ name, shape, datatype: 'FP64', data })
const answer = (change: object, outputs: readonly object[]) =>
  JSON.stringify({ model_name: 'm', model_version: '3', ...change, outputs })

describe('an answer whose form is known', () => {
  it.each([
    ['one output', [place('risk')], answer({}, [tensor('risk', [0.25])])],
    ['an id', [place('risk')], answer({ id: 'a' }, [tensor('risk', [0.25])])],
    ['an id behind', [place('risk')], JSON.stringify({ outputs: [tensor('risk', [0.25])], id: 'a' })],
    [
      'columns of a tensor, and a label',
      [place('risk', 'p', 1), place('rest', 'p', 0), place('label')],
      answer({ id: 'a' }, [tensor('label', ['x']), tensor('p', [0.75, 0.25], [1, 2])]),
    ],
    [
      'a nested tensor, and one that nobody wants',
      [place('risk', 'p', 1), place('__proto__', 'p', 0)],
      answer({}, [tensor('other', [[true], []]), tensor('p', [[0.75, 0.25]], [1, 2]), tensor('last', [7])]),
    ],
  ])('%s: is read as in full, whatever its cells', (_name, outputs, first) => {
    const cell = fc.constantFrom(
      '0',
      '-0',
      '1.5',
      '1e-7',
      'null',
      '"y"',
      'true',
      '[1]',
      '12345678901234567',
      '1e999',
      '01',
      '',
    )
    const space = fc.constantFrom('', ' ', '\n', ',')
    const knows = reader(outputs)
    expect(typeof knows(first)).toBe('object')
    let answered = 0
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), cell), { maxLength: 2 }), fc.nat(), space, (cells, at, gap) => {
        let text = first
        for (const [n, put] of cells) {
          const places = [...text.matchAll(/(?<=[[,])(?:[\d.-]+|"\w"|true|null)(?=[\],])/g)]
          const found = places[n % places.length]
          if (found !== undefined) text = text.slice(0, found.index) + put + text.slice(found.index + found[0].length)
        }
        const where = at % text.length
        text = text.slice(0, where) + gap + text.slice(where)
        // A reader that has seen nothing reads in full.
        const inFull = reader(outputs)(text)
        if (typeof inFull === 'object') answered++
        expect(knows(text)).toEqual(inFull)
      }),
      { numRuns: 1000 },
    )
    expect(answered).toBeGreaterThan(100)
  })

  it('says the version that answered, also after another has', () => {
    const read = reader([place('risk')])
    for (const version of ['1', '1', '2', '2', '1'])
      expect(read(answer({ model_version: version }, [tensor('risk', [0.5])]))).toEqual({
        rows: [{ risk: 0.5 }],
        version,
      })
  })
})
