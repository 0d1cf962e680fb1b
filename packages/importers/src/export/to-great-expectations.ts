import type { Bound, ClauseFacts, Fact, Measure } from './fact.ts'
import { nearly, ofShares, refused, type Said, same, together } from './said.ts'

/** An expectation of a suite of 1.x. */
export interface Expectation {
  readonly type: string
  readonly kwargs: Readonly<Record<string, unknown>>
}

/** The expectations that ask what a clause asks. */
export function toExpectations(clause: ClauseFacts): Said<Expectation> {
  if (clause.facts.length === 0)
    return refused('Its condition joins cells in a way that no expectation has; only a query of SQL could.')
  if (clause.mostly < 1 && clause.facts.length > 1)
    return refused('A share of rows meets several conditions at once; expectations count each by itself.')
  const facts = clause.facts.map((fact) => expectationOf(fact, clause))
  const given = clause.required
    .filter((column) => !clause.facts.some((fact) => fact.kind === 'present' && fact.column === column))
    .map((column) => same(expectation('expect_column_values_to_not_be_null', { column })))
  const said = together([...facts, ...(clause.mostly < 1 ? [] : given)])
  return 'refused' in said ? said : { ...said, notes: [...said.notes, ...ofShares(clause)] }
}

const expectation = (type: string, kwargs: Readonly<Record<string, unknown>>): Expectation => ({ type, kwargs })

function expectationOf(fact: Fact, { mostly }: ClauseFacts): Said<Expectation> {
  const share = mostly === 1 ? {} : { mostly }
  switch (fact.kind) {
    case 'type':
      return nearly(
        'Only that the column is there: Great Expectations asks what the source calls a type, not what cells can be read as.',
        expectation('expect_column_to_exist', { column: fact.column }),
      )
    case 'present':
      return same(expectation('expect_column_values_to_not_be_null', { column: fact.column, ...share }))
    case 'range':
      return same(
        expectation('expect_column_values_to_be_between', {
          column: fact.column,
          ...bounds(fact.low, fact.high),
          ...share,
        }),
      )
    case 'values':
      return same(
        expectation(fact.none ? 'expect_column_values_to_not_be_in_set' : 'expect_column_values_to_be_in_set', {
          column: fact.column,
          value_set: fact.values,
          ...share,
        }),
      )
    case 'pattern':
      return patternOf(fact, share)
    case 'length':
      return same(
        expectation('expect_column_value_lengths_to_be_between', {
          column: fact.column,
          ...(fact.low === undefined ? {} : { min_value: fact.low }),
          ...(fact.high === undefined ? {} : { max_value: fact.high }),
          ...share,
        }),
      )
    case 'pair':
      return same(pairOf(fact, share))
    case 'unique':
      return uniqueOf(fact, share)
    case 'refers':
      return refused('No expectation asks whether a cell is found in another table.')
    case 'number':
      return numberOf(fact.measure, fact.low, fact.high)
  }
}

function bounds(low: Bound | undefined, high: Bound | undefined): Readonly<Record<string, unknown>> {
  return {
    ...(low === undefined ? {} : { min_value: low.value }),
    ...(high === undefined ? {} : { max_value: high.value }),
    ...(low?.open === true ? { strict_min: true } : {}),
    ...(high?.open === true ? { strict_max: true } : {}),
  }
}

/** RE2 and Python write most patterns alike. */
function patternOf(
  { column, pattern, none }: Extract<Fact, { kind: 'pattern' }>,
  share: Readonly<Record<string, unknown>>,
): Said<Expectation> {
  if (/\\p|\\P|\[\[:|\(\?[a-zA-Z]*U|\\Q|\\C/.test(pattern))
    return refused('The pattern uses classes or flags of RE2 that Python does not have.')
  const regex = pattern.replaceAll('\\z', '\\Z')
  const made = expectation(none ? 'expect_column_values_to_not_match_regex' : 'expect_column_values_to_match_regex', {
    column,
    regex,
    ...share,
  })
  const wide = /\\[dwsbDWSB]/.test(pattern)
  return wide
    ? nearly('`\\d`, `\\w`, `\\s` and `\\b` know letters and digits of all scripts in Python; here ASCII only.', made)
    : same(made)
}

function pairOf(
  { left, sign, right }: Extract<Fact, { kind: 'pair' }>,
  share: Readonly<Record<string, unknown>>,
): Expectation {
  const kwargs = { column_A: left, column_B: right, ignore_row_if: 'either_value_is_missing', ...share }
  return sign === '=='
    ? expectation('expect_column_pair_values_to_be_equal', kwargs)
    : expectation('expect_column_pair_values_a_to_be_greater_than_b', {
        ...kwargs,
        ...(sign === '>=' ? { or_equal: true } : {}),
      })
}

function uniqueOf(
  { columns, gaps }: Extract<Fact, { kind: 'unique' }>,
  share: Readonly<Record<string, unknown>>,
): Said<Expectation> {
  const [column] = columns
  const given =
    gaps === 'none' ? columns.map((each) => expectation('expect_column_values_to_not_be_null', { column: each })) : []
  if (columns.length === 1) {
    const made = [expectation('expect_column_values_to_be_unique', { column, ...share }), ...given]
    return gaps === 'equal'
      ? nearly('Missing cells are left aside there; here two of them are alike.', ...made)
      : same(...made)
  }
  return same(
    expectation('expect_compound_columns_to_be_unique', { column_list: columns, ignore_row_if: 'never', ...share }),
    ...given,
  )
}

const AGGREGATES: Readonly<Partial<Record<Measure['of'], string>>> = {
  mean: 'expect_column_mean_to_be_between',
  median: 'expect_column_median_to_be_between',
  stddev: 'expect_column_stdev_to_be_between',
  sum: 'expect_column_sum_to_be_between',
  min: 'expect_column_min_to_be_between',
  max: 'expect_column_max_to_be_between',
  distinct: 'expect_column_unique_value_count_to_be_between',
}

function numberOf(
  { of, column, quantile }: Measure,
  low: Bound | undefined,
  high: Bound | undefined,
): Said<Expectation> {
  if (of === 'rows' || of === 'column-count') {
    const name = of === 'rows' ? 'row' : 'column'
    if (low?.value === high?.value && low !== undefined)
      return same(expectation(`expect_table_${name}_count_to_equal`, { value: low.value }))
    return same(expectation(`expect_table_${name}_count_to_be_between`, wholeBounds(low, high)))
  }
  if (of === 'quantile') {
    if (low?.open === true || high?.open === true) return refused('Ranges of quantiles have no open ends there.')
    const value_ranges = [[low?.value ?? null, high?.value ?? null]]
    const quantile_ranges = { quantiles: [quantile], value_ranges }
    return same(
      expectation('expect_column_quantile_values_to_be_between', {
        column,
        quantile_ranges,
        allow_relative_error: 'linear',
      }),
    )
  }
  if (of === 'missing-share') return missingShare(column, low, high)
  const type = AGGREGATES[of]
  if (type === undefined) return refused('No expectation measures it.')
  return same(expectation(type, { column, ...(of === 'distinct' ? wholeBounds(low, high) : bounds(low, high)) }))
}

/** Counts have no strict bounds there. */
function wholeBounds(low: Bound | undefined, high: Bound | undefined): Readonly<Record<string, unknown>> {
  const least = low === undefined ? undefined : Number(low.value) + (low.open ? 1 : 0)
  const most = high === undefined ? undefined : Number(high.value) - (high.open ? 1 : 0)
  return {
    ...(least === undefined ? {} : { min_value: Math.ceil(least) }),
    ...(most === undefined ? {} : { max_value: Math.floor(most) }),
  }
}

function missingShare(column: string | undefined, low: Bound | undefined, high: Bound | undefined): Said<Expectation> {
  if (low !== undefined || high === undefined || high.open)
    return refused('Only an upper bound on missing cells is said there, as `mostly`.')
  const mostly = Number((1 - Number(high.value)).toPrecision(12))
  return same(expectation('expect_column_values_to_not_be_null', { column, ...(mostly === 1 ? {} : { mostly }) }))
}
