import { compile, hasErrors } from '@plumbline/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectations } from './great-expectations/expectations/index.ts'
import { importText } from './import-text.ts'

// Whatever a file holds, an import is a value: a spec that compiles and a report of every check, or a failure with words.

const ODD = [
  '',
  'a',
  'a b',
  '__proto__',
  'constructor',
  'row',
  'columns',
  '${HOME}',
  '"',
  '\\',
  '\n',
  '\u0000',
  '1',
  'ä',
  '#',
  '- x: y',
  '*a',
  '&a',
  '!!js',
]
const scalar = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -0, 1, -1, 0.1, 1e21, 1e-7, -5e300, 2 ** 53),
  fc.constantFrom<unknown>(...ODD),
  fc.string({ maxLength: 8 }),
)
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.constantFrom(...ODD, 'values', 'weights', 'bins', 'quantiles', 'value_ranges', 'name', 'type'),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
}))

const ARGUMENTS =
  `column column_A column_B column_list column_set value value_set value_pairs_set min_value max_value strict_min
  mostly row_condition condition_parser ignore_row_if regex regex_list like_pattern like_pattern_list
  strftime_format type_ type_list threshold sum_total quantile_ranges partition_object tail_weight_holdout
  other_table_name column_index`.split(/\s+/)
const kwargs = fc.dictionary(fc.constantFrom(...ARGUMENTS), value, { maxKeys: 6 })

function judge(text: string, checks?: number): void {
  const result = importText(text)
  if (!result.ok) {
    for (const word of [result.failure.message, result.failure.why, result.failure.fix])
      expect(word.length).toBeGreaterThan(0)
    return
  }
  const { diagnostics } = compile({ main: { path: 'plumb.yaml', text: result.value.text }, others: [] })
  expect(diagnostics.filter((each) => hasErrors([each])).map((each) => each.message)).toEqual([])
  if (checks !== undefined) expect(result.value.items).toHaveLength(checks)
  for (const { clauses, notes } of result.value.items) expect(clauses.length + notes.length).toBeGreaterThan(0)
}

const runs = Number(process.env['PLUMB_FUZZ_IMPORTS'] ?? 60)

describe('hostile files', () => {
  it('suites of any arguments', () => {
    const type = fc.constantFrom(...Object.keys(expectations))
    fc.assert(
      fc.property(fc.array(fc.record({ type, kwargs }), { minLength: 1, maxLength: 4 }), (list) =>
        judge(JSON.stringify({ name: 'x', expectations: list }), list.length),
      ),
      { numRuns: runs, seed: 7 },
    )
  })

  it.each([
    ['models', ['models']],
    ['schema', ['schema']],
    ['properties', ['properties']],
    ['columns', ['columns']],
    ['checks for x', ['checks for x']],
    ['fields', ['fields']],
    ['features', ['features']],
  ])('documents with %s', (_, keys) => {
    const more = { kind: 'DataContract', apiVersion: 'v3.1.0', type: 'object', schema_type: 'dataframe' }
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), value, { minKeys: 1 }), (document) => {
        judge(JSON.stringify(document))
        judge(JSON.stringify({ ...more, ...document }))
      }),
      { numRuns: runs, seed: 7 },
    )
  })

  it('texts of any kind', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('{', '}', ':', '"', 'feature', ' ', '\n', '<', '>', '-', '[', ']', 'name') }),
    )
    fc.assert(
      fc.property(text, (each) => judge(each)),
      { numRuns: runs * 4, seed: 7 },
    )
  })

  it.each(['[', '{"a":'])('nesting of %s', (opening) => {
    const depth = 20_000
    const closing = opening === '[' ? ']' : '}'
    judge(`{"expectations": ${opening.repeat(depth)}1${closing.repeat(depth)}}`)
    judge(`{"name": "x", "expectations": [{"type": "x", "kwargs": {"a": ${'['.repeat(300)}${']'.repeat(300)}}}]}`)
  })
})
