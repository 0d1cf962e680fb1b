import { compile, hasErrors } from '@plumbline/core'
import { describe, expect, it } from 'vitest'
import { importText } from './import-text.ts'

const suite = (expectations: readonly object[], more: object = {}): string =>
  JSON.stringify({ expectation_suite_name: 'accounts.warning', expectations, ...more })

function imported(text: string) {
  const result = importText(text)
  if (!result.ok) throw new Error(result.failure.message)
  const { diagnostics } = compile({ main: { path: 'plumb.yaml', text: result.value.text }, others: [] })
  expect(diagnostics.filter((each) => hasErrors([each])).map(({ message }) => message)).toEqual([])
  return result.value
}

describe('a file of checks', () => {
  it('becomes a spec that compiles, and every check is in the report', () => {
    const { text, items, notes } = imported(
      suite([
        { expectation_type: 'expect_column_values_to_not_be_null', kwargs: { column: 'id' }, meta: {} },
        {
          expectation_type: 'expect_column_values_to_be_between',
          kwargs: { column: 'age', min_value: 18, max_value: 100, strict_max: true, mostly: 0.95 },
          meta: { notes: { format: 'markdown', content: ['Adults only.'] } },
        },
        { expectation_type: 'expect_column_values_to_match_regex', kwargs: { column: 'mail', regex: '(?=x)y' } },
        { expectation_type: 'expect_something_of_my_own', kwargs: { column: 'mail' } },
        { expectation_type: 'expect_table_row_count_to_be_between', kwargs: {} },
        { expectation_type: 'expect_column_values_to_match_regex', kwargs: { column: 'mail', regex: '\\d' } },
      ]),
    )
    expect(items.map(({ outcome, clauses }) => [outcome, ...clauses])).toEqual([
      ['imported', 'id-given'],
      ['imported', 'age-between'],
      ['refused'],
      ['refused'],
      ['trivial'],
      ['changed', 'mail-matches-2'],
    ])
    expect(items[2]?.notes[0]).toMatch(/regular expression/)
    expect(text).toContain('# Not imported:\n# - expectations[2]')
    expect(text).toContain('every: age >= 18 && age < 100')
    expect(text).toContain('says: Adults only.')
    expect(text).toContain('mostly: 0.95')
    expect(notes.join()).toMatch(/guess/)
  })

  it('is read in the layout of 1.x, with severities and parameters of the suite', () => {
    const { text } = imported(
      JSON.stringify({
        name: 'trips',
        suite_parameters: { most: 9 },
        expectations: [
          {
            type: 'expect_column_max_to_be_between',
            kwargs: { column: 'passenger count', max_value: { $PARAMETER: 'most' } },
            severity: 'warning',
            id: 'a',
          },
        ],
      }),
    )
    expect(text).toContain('must: max(row["passenger count"]) <= 9')
    expect(text).toContain('severity: warn')
  })

  it('says where a broken one is broken', () => {
    const said = (text: string) => {
      const result = importText(text)
      return result.ok ? 'read' : result.failure.message
    }
    expect(said('{\n "expectations": [\n  {"a": 1}\n  {"b": 2}\n ]\n}')).toContain(
      'broken at line 4, column 3: Missing ,',
    )
    expect(said('{"a": "x')).toContain('line 1, column 9: Missing closing "quote')
    expect(said('version: 2\nmodels:\n - name: x\n  columns: y')).toContain('line 4, column 1')
    expect(said('feature {\n  name: "x"\n  type: INT\n')).toContain('line 4, column 1: it ends within a message')
    expect(said('feature { name: "x" presence < a: 1 } }')).toContain('line 1, column 37')
    expect(said('feature { name: "x" type: INT }')).toBe('read')
    expect(said('[1, 2]')).toContain('holds no JSON')
  })

  it('takes what is put in order for numbers, where nothing shows the type', () => {
    const { text } = imported(
      suite([
        { expectation_type: 'expect_column_values_to_be_increasing', kwargs: { column: 'step' } },
        {
          expectation_type: 'expect_column_pair_values_a_to_be_greater_than_b',
          kwargs: { column_A: 'high', column_B: 'low' },
        },
        { expectation_type: 'expect_column_values_to_be_unique', kwargs: { column: 'name' } },
      ]),
    )
    expect(text.match(/type: number/g)).toHaveLength(3)
    expect(text.match(/type: text/g)).toHaveLength(1)
  })

  it('keeps conditions on rows as slices', () => {
    const { text } = imported(
      suite([
        {
          expectation_type: 'expect_column_values_to_be_in_set',
          kwargs: {
            column: 'a',
            value_set: ['x'],
            row_condition: 'b > 3 and not (c == "y" or d.isnull())',
            condition_parser: 'pandas',
          },
        },
      ]),
    )
    expect(text).toContain('b > 3 && !((c != null && c == "y") || d == null)')
    expect(text).toMatch(/slices: *\n? *- /)
  })

  it.each([
    ['', 'not-a-document'],
    ['[1]', 'not-a-document'],
    ['{"a": 1}', 'unknown-format'],
    ['a: 1', 'unknown-format'],
  ])('%j is refused', (text, code) => {
    const result = importText(text)
    expect(result.ok ? undefined : result.failure.code).toBe(code)
  })

  it('names the format that was asked for', () => {
    const result = importText('{"a": 1}', { from: 'great-expectations' })
    expect(result.ok ? undefined : result.failure.message).toMatch(/none of Great Expectations/)
  })

  it('takes hostile names and texts as they are', () => {
    const odd = ['a"b', "a'; DROP TABLE x", '__proto__', 'ä b', 'columns', '1st', 'and', '${HOME}', '']
    const { items } = imported(
      suite(
        odd.map((column) => ({
          expectation_type: 'expect_column_values_to_be_in_set',
          kwargs: { column, value_set: [column, '"\\'] },
        })),
      ),
    )
    expect(items).toHaveLength(odd.length)
    for (const { outcome, notes } of items) expect(outcome === 'imported' || notes.length > 0).toBe(true)
  })
})
