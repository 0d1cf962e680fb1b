import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvDialect, hasHeader } from './csv-dialect.ts'
import { csvRecords } from './csv-records.ts'

describe('records', () => {
  test('any cells come back from RFC 4180 text', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'b', ',', '"', '\n', ' ', 'é'), maxLength: 6 })
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), (rows, end) => {
        const text = rows.map((row) => row.map((c) => `"${c.replaceAll('"', '""')}"`).join(',')).join(end)
        expect(csvRecords(text, ',', 1000, true)).toEqual(rows)
        expect(csvRecords(text + end, ',', 1000, true)).toEqual(rows)
      }),
    )
  })

  test('a cut last record and a quote that stays open in it are left out', () => {
    expect(csvRecords('a,b\n1,2\n3,', ',', 9, false)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ])
    expect(csvRecords('a,b\n1,"2\n3', ',', 9, false)).toEqual([['a', 'b']])
    expect(csvRecords('a,b\n1,"2\n3', ',', 9, true)).toBeUndefined()
  })
})

describe('dialect', () => {
  test.each([
    ['a,b\n1,2\n', ',', true],
    ['a;b\n1,5;2\n', ';', true],
    ['a\tb\n1\t2\n', '\t', true],
    ['a|b,c\n1|2\n', '|', true],
    ['39, State-gov, 7\n50, Private, 8\n', ', ', false],
    ['a, b\n1, 2\n3,4\n', ',', true],
    ['name,city\n"Smith, J",Ulm\n', ',', true],
    ['x\n1\n2\n', ',', true],
    ['1\n2\n3\n', ',', false],
  ])('%j', (text, delimiter, header) => {
    expect(csvDialect(text, true)).toMatchObject({ delimiter, header })
  })

  test.each<[string, string[], string[][], boolean]>([
    [
      'numbers below words',
      ['id', 'name'],
      [
        ['1', 'x'],
        ['2', 'y'],
      ],
      true,
    ],
    [
      'numbers below numbers',
      ['7', 'x'],
      [
        ['1', 'z'],
        ['2', 'y'],
      ],
      false,
    ],
    [
      'words that come back',
      ['Male', 'x'],
      [
        ['Male', 'y'],
        ['Female', 'z'],
      ],
      false,
    ],
    [
      'words only',
      ['name', 'city'],
      [
        ['Ann', 'Ulm'],
        ['Bob', 'Bonn'],
      ],
      true,
    ],
    [
      'years as names',
      ['country', '2019', '2020'],
      [
        ['A', '1', '2'],
        ['B', '3', '4'],
      ],
      true,
    ],
    [
      'an index without a name',
      ['', 'a'],
      [
        ['0', 'x'],
        ['1', 'y'],
      ],
      true,
    ],
    ['dates below a word', ['day'], [['1/1/2011'], ['1/2/2011']], true],
    [
      'a missing value first',
      ['?', '3'],
      [
        ['a', '4'],
        ['?', '5'],
      ],
      false,
    ],
    ['names alone', ['a', 'b'], [], true],
    ['one row of data', ['1', 'b'], [], false],
  ])('%s', (_, first, rest, expected) => {
    expect(hasHeader(first, rest)).toBe(expected)
  })
})
