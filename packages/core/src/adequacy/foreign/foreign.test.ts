import { describe, expect, it } from 'vitest'
import { matchResults } from './match.ts'
import { readForeignResults } from './read-results.ts'

const PYTEST = `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="1" skipped="1" tests="4">
<testcase classname="tests.test_model" name="test_ranks_well" time="0.01"/>
<testcase classname="tests.test_model" name="test_recall[young]" time="0.01"><properties><property name="plumbline.clause" value="finds-defaulters"/></properties><failure message="assert 0.2 &gt; 0.3">long</failure></testcase>
<testcase classname="tests.test_data" name="test_keys"><skipped message="no data"/></testcase>
<testcase classname="tests.test_data" name="test_broken"><error message="KeyError"/></testcase>
</testsuite></testsuites>`

const VITEST = `<testsuites><testsuite name="model.test.ts"><testcase classname="model.test.ts" name="the model &gt; ranks well"/><testcase name="bound holds @no-leak"/></testsuite></testsuites>`

const EXPECTATIONS = JSON.stringify({
  success: false,
  results: [
    {
      success: true,
      expectation_config: {
        type: 'expect_column_values_to_be_between',
        kwargs: { column: 'age' },
        meta: { plumbline: { clause: 'accounts.age.range' } },
      },
      result: { unexpected_percent: 0 },
    },
    {
      success: false,
      expectation_config: { expectation_type: 'expect_table_row_count_to_be_between', kwargs: {}, meta: {} },
      result: { observed_value: 12 },
    },
    {
      success: false,
      expectation_config: { type: 'expect_x', kwargs: {} },
      exception_info: { raised_exception: true, exception_message: 'no column' },
    },
  ],
})

/** As Great Expectations 1.x writes them: the exception stands under the metric that raised it. */
const RAISED = JSON.stringify({
  results: [
    {
      success: false,
      expectation_config: {
        type: 'expect_column_mean_to_be_between',
        kwargs: { column: 'nope' },
        meta: { 'plumbline.clause': 'ranks-well' },
      },
      result: {},
      exception_info: {
        "MetricConfigurationID(metric_name='column.mean')": {
          exception_message: 'The column "nope" does not exist.',
          raised_exception: true,
        },
      },
    },
  ],
})

/** `checkpoint.run(…).describe()` of Great Expectations 1.x. */
const DESCRIBED = JSON.stringify({
  success: false,
  statistics: { evaluated_validations: 1 },
  validation_results: [
    {
      success: false,
      expectations: [
        {
          expectation_type: 'expect_column_values_to_not_be_null',
          success: false,
          kwargs: { column: 'age' },
          result: { unexpected_percent: 1.5 },
        },
      ],
    },
  ],
})

const DEEPCHECKS = JSON.stringify({
  name: 'suite',
  results: [
    {
      check: { name: 'Train Test Performance' },
      header: 'ranks well',
      conditions_results: [{ Condition: 'Degradation is less than 0.1', Status: 'PASS', 'More Info': 'found 0.02' }],
    },
    { check: { name: 'Drift' }, conditions_results: [{ name: 'Drift < 0.2', status: 'WARN' }] },
    { check: { name: 'Broken' }, exception: 'ValueError' },
    { check: { name: 'Information only' } },
  ],
})

const verdicts = async (text: string, clauses: readonly string[]): Promise<readonly string[]> => {
  const read = await readForeignResults(text)
  if (!read.ok) return [read.problem]
  return matchResults(read.results, clauses).map(
    ({ name, verdict, clauses: found, by = '-' }) => `${name} ${verdict} ${found.join('+')} ${by}`,
  )
}

describe("results of users' own tests", () => {
  it('reads what pytest writes: properties before names', async () => {
    expect(await verdicts(PYTEST, ['ranks-well', 'finds-defaulters', 'test-broken'])).toEqual([
      'tests.test_model::test_ranks_well satisfied ranks-well name',
      'tests.test_model::test_recall[young] violated finds-defaulters tag',
      'tests.test_data::test_keys skipped  -',
      'tests.test_data::test_broken error test-broken name',
    ])
  })

  it('reads what vitest writes: the last part of a name, and ids written in it', async () => {
    expect(await verdicts(VITEST, ['ranks-well', 'no-leak'])).toEqual([
      'model.test.ts::the model > ranks well satisfied ranks-well name',
      'bound holds @no-leak satisfied no-leak name',
    ])
  })

  it('reads validations of Great Expectations, with what was observed', async () => {
    expect(await verdicts(EXPECTATIONS, ['accounts.age.range'])).toEqual([
      'expect_column_values_to_be_between(age) satisfied accounts.age.range tag',
      'expect_table_row_count_to_be_between violated  -',
      'expect_x error  -',
    ])
    const read = await readForeignResults(EXPECTATIONS)
    expect(read.ok && read.results.map(({ detail }) => detail)).toEqual([
      'unexpected: 0 %',
      'observed: 12',
      'no column',
    ])
  })

  it('reads checkpoints, where validations are nested', async () => {
    const checkpoint = JSON.stringify({ run_results: { a: { validation_result: JSON.parse(EXPECTATIONS) as object } } })
    expect(await verdicts(checkpoint, [])).toHaveLength(3)
  })

  it('reads what Great Expectations 1.x writes: exceptions under their metric, checkpoints as they are described', async () => {
    expect(await verdicts(RAISED, ['ranks-well'])).toEqual([
      'expect_column_mean_to_be_between(nope) error ranks-well tag',
    ])
    expect(await verdicts(DESCRIBED, [])).toEqual(['expect_column_values_to_not_be_null(age) violated  -'])
  })

  it('reads suites of Deepchecks: conditions, and checks that failed to run', async () => {
    expect(await verdicts(DEEPCHECKS, ['ranks-well'])).toEqual([
      'ranks well: Degradation is less than 0.1 satisfied ranks-well name',
      'Drift: Drift < 0.2 violated  -',
      'Broken error  -',
    ])
    const python = DEEPCHECKS.replace('"header"', '"value": [NaN, -Infinity, "a \\\\\\" NaN"], "header"')
    expect(await verdicts(python, ['ranks-well'])).toEqual(await verdicts(DEEPCHECKS, ['ranks-well']))
    const named = DEEPCHECKS.replace('"suite"', '"drift of last week @stable"').replace('"Broken"', '"Broken @gone"')
    expect(await verdicts(named, ['stable', 'drift'])).toEqual([
      'ranks well: Degradation is less than 0.1 satisfied stable name',
      'Drift: Drift < 0.2 violated stable name',
      'Broken @gone error stable name',
    ])
  })

  it('knows expectations by the name of their suite', async () => {
    const suite = JSON.stringify({ ...(JSON.parse(EXPECTATIONS) as object), suite_name: 'no_leak' })
    expect(await verdicts(suite, ['no-leak', 'accounts.age.range'])).toEqual([
      'expect_column_values_to_be_between(age) satisfied accounts.age.range tag',
      'expect_table_row_count_to_be_between violated no-leak name',
      'expect_x error no-leak name',
    ])
  })

  it('reads which slice and relation of a clause a test speaks of', () => {
    const result = (name: string, ...tags: readonly string[]) => ({
      tool: 'junit' as const,
      name,
      verdict: 'satisfied' as const,
      tags,
    })
    const found = matchResults(
      [
        result('a', 'ranks-well[young]', 'ranks-well@champion.test[sex=1]'),
        result('b', 'ranks-well[young]', 'ranks-well'),
        result('test_ranks_well[young]'),
        result('c [ranks-well]'),
        result('d', 'gone[young]'),
      ],
      ['ranks-well'],
    )
    expect(found.map(({ clauses, about = [] }) => [clauses, about])).toEqual([
      [
        ['ranks-well'],
        [
          { clause: 'ranks-well', slice: 'young' },
          { clause: 'ranks-well', relation: 'champion.test', slice: 'sex=1' },
        ],
      ],
      [['ranks-well'], []],
      [['ranks-well'], [{ clause: 'ranks-well', slice: 'young' }]],
      [['ranks-well'], []],
      [[], []],
    ])
  })

  it('a tag that names no clause is matched to none, whatever the name says', async () => {
    const text = `<testsuite><testcase name="test_ranks_well"><properties><property name="clause" value="gone"/></properties></testcase></testsuite>`
    expect(await verdicts(text, ['ranks-well'])).toEqual(['test_ranks_well satisfied  tag'])
  })

  it('a tag that is nearly an id says which it may mean', async () => {
    const text = (tag: string): string =>
      `<testsuite><testcase name="t"><properties><property name="clause" value="${tag}"/></properties></testcase></testsuite>`
    const near = async (tag: string): Promise<readonly (string | undefined)[]> => {
      const read = await readForeignResults(text(tag))
      return read.ok ? matchResults(read.results, ['ranks-well', 'robust']).map((result) => result.near) : []
    }
    expect(await near('rank-well')).toEqual(['ranks-well'])
    expect(await near('robsut@champion.test[young]')).toEqual(['robust'])
    expect(await near('something-else')).toEqual([undefined])
    expect(await near('robust')).toEqual([undefined])
  })

  it.each(['', 'hello', '<html/>', '{}', '{"results": 3}', '[', '<a'])('gives %j back as a problem', async (text) => {
    expect((await readForeignResults(text)).ok).toBe(false)
  })
})
