import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compile } from '../../compile.ts'
import type { ColumnProfile, DataProfile } from './data-profile.ts'
import { writeFirstSpec } from './first-spec.ts'
import { undeclarable } from './names.ts'

const column = (name: string, more: Partial<ColumnProfile> = {}): ColumnProfile => ({
  name,
  type: 'text',
  missing: 0,
  distinct: 50,
  doubts: [],
  ...more,
})

const profile = (columns: readonly ColumnProfile[], more: Partial<DataProfile> = {}): DataProfile => ({
  source: { path: 'data/loans.csv', format: 'csv' },
  rows: 1000,
  columns,
  keys: [],
  leftOut: [],
  guesses: [],
  ...more,
})

function compiled(text: string) {
  const { value, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  if (value === undefined) throw new Error(text)
  return value
}

describe('a first spec', () => {
  test('says what was found, warns only, and leaves the rest as TODO', () => {
    const { text, dataset, todos } = writeFirstSpec(
      profile(
        [
          column('loan_id', { type: 'integer', range: ['1', '1000'], distinct: 1000 }),
          column('age', { type: 'integer', range: ['19', '75'], missing: 12 }),
          column('rate', { type: 'number', range: [0.5, null] }),
          column('opened', { type: 'timestamp', range: ['2020-03-04T10:00:00.000Z', '2021-01-01T00:00:00.000Z'] }),
          column('sex', { type: 'category', values: [1, 2], doubts: ['codes'] }),
          column('target', { type: 'category', values: [0, 1], doubts: ['codes'] }),
        ],
        {
          keys: ['loan_id'],
          source: { path: 'data/loans.csv', format: 'csv', nullValues: ['?'] },
          guesses: ['null-values'],
        },
      ),
    )
    expect(dataset).toBe('loans')
    const program = compiled(text)
    expect(program.clauses.every(({ severity }) => severity === 'warn')).toBe(true)
    expect(program.datasets[0]).toMatchObject({
      key: ['loan_id'],
      source: { path: 'data/loans.csv', nullValues: ['?'] },
    })
    const byId = new Map(program.clauses.map((clause) => [clause.id, clause]))
    expect(byId.get('loans.age.range')).toMatchObject({ origin: 'profiled', says: 'age is between 15 and 75.' })
    expect(byId.get('loans.rate.range')?.says).toBe('rate is at least 0.5.')
    expect(byId.has('loans.age.required')).toBe(false)
    expect(byId.get('loans.sex.values')?.origin).toBe('profiled')
    expect(byId.get('enough-rows')).toMatchObject({ origin: 'profiled', of: [{ relation: 'loans' }] })
    expect(byId.get('missing-age')?.severity).toBe('warn')
    expect(text).toContain('range: [ 2020-03-04T00:00:00Z, null ]')
    expect(text).toContain('sex: { type: category, values: [ 1, 2 ], severity: warn, origin: profiled } # TODO: codes')
    expect(text).toMatch(/target: .* # TODO: type: boolean and role: label\?\n/)
    expect(text.match(/TODO: /g)).toHaveLength(todos.length)
    expect(todos.some((todo) => todo.startsWith('purpose'))).toBe(true)
  })

  test('asks for copies only where there are none and nothing identifies a row', () => {
    const of = (more: Partial<DataProfile>) =>
      compiled(writeFirstSpec(profile([column('a'), column('b c')], more)).text)
    const has = (more: Partial<DataProfile>) => of(more).clauses.some(({ id }) => id === 'no-copies')
    expect(has({ copies: 0 })).toBe(true)
    expect(has({ copies: 3 })).toBe(false)
    expect(has({ copies: 0, keys: ['a'] })).toBe(false)
    expect(has({ copies: 0, columns: [] })).toBe(false)
    expect(has({})).toBe(false)
  })

  test.each([
    ['requests.csv', 'requests_data'],
    ['2011 sales (final).csv', 'data_2011_sales_final'],
    ['in.csv', 'in_data'],
    ['__proto__.csv', 'proto'],
    ['数据.csv', 'data'],
    ['a.csv', 'a_data'],
    ['Ünï.tsv', 'uni'],
    ['deep/er/x.parquet', 'x'],
  ])('the dataset of %s is %s', (path, name) => {
    const format = path.endsWith('.parquet') ? 'parquet' : 'csv'
    const first = writeFirstSpec(profile([column('a')], { source: { path, format } }))
    expect(first.dataset).toBe(name)
    expect(compiled(first.text).datasets[0]).toMatchObject({ name, source: { path } })
  })

  test('a comment cannot be left: names with line breaks would end it', () => {
    const hostile = 'x\nclauses: {}'
    const { text } = writeFirstSpec(
      profile([column('a')], {
        leftOut: [{ column: hostile, why: 'is hostile' }],
        source: { path: 'a\nb: 1.csv', format: 'csv' },
      }),
    )
    expect(text.split('\n').filter((line) => line.startsWith('clauses:'))).toEqual(['clauses:'])
    expect(text).not.toMatch(/^b: 1/m)
  })

  test('any names and values a file can have are read back exactly', () => {
    const hostile = fc.oneof(
      fc.constantFrom(
        '__proto__',
        'constructor',
        '"; DROP TABLE x; --',
        "it's",
        'a: b',
        '# no',
        '- x',
        '? q',
        '{a}',
        '[b]',
        '*c',
      ),
      fc.constantFrom(
        '&d',
        '!e',
        '%f',
        '@g',
        '`h`',
        '|',
        '>',
        'null',
        'true',
        '1',
        '1.5',
        '0x1F',
        '~',
        '',
        ' x ',
        'ünï',
        '数据',
        '𝒳',
      ),
      fc.constantFrom(
        'on',
        'yes',
        '<<',
        '=',
        '2020-01-01',
        '.inf',
        '-',
        '---',
        '...',
        'count',
        'x'.repeat(250),
        '\\',
        '"',
        "'",
      ),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 8 }),
    )
    const writable = hostile.filter((name) => undeclarable(name) === undefined)
    const anyColumn: fc.Arbitrary<ColumnProfile> = fc.oneof(
      fc
        .record({ name: writable, missing: fc.integer({ min: 0, max: 1000 }) })
        .map(({ name, missing }) => column(name, { missing })),
      fc
        .record({ name: writable, values: fc.uniqueArray(writable, { minLength: 1, maxLength: 5 }) })
        .map(({ name, values }) => column(name, { type: 'category', values })),
    )
    fc.assert(
      fc.property(
        fc.uniqueArray(anyColumn, { selector: ({ name }) => name, minLength: 1, maxLength: 8 }),
        (columns) => {
          const [first] = columns
          const key = first?.type === 'text' ? [first.name] : []
          const { text, todos } = writeFirstSpec(profile(columns, { keys: key, copies: 0 }))
          const program = compiled(text)
          expect(program.datasets[0]?.columns.map(({ name }) => name)).toEqual(columns.map(({ name }) => name))
          expect(program.datasets[0]?.columns.map(({ values }) => values?.map(({ code }) => code))).toEqual(
            columns.map(({ values }) => values),
          )
          expect(program.datasets[0]?.key).toEqual(key)
          expect(todos.length).toBeGreaterThan(2)
        },
      ),
      { numRuns: 300 },
    )
  })
})
