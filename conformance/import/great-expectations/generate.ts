import { type Random, randomOf } from '../../../packages/core/src/expr/testing/random.ts'
import type { DefinedDataset, Definition } from './run-definitions.ts'

/** Arguments of one expectation, for a table with the columns of {@link tableOf}. */
type Arguments = (random: Random) => Record<string, unknown>

const INTEGERS = [0, 1, 2, 3, 3, -1, -2, 5, 10, 1000000007]
const NUMBERS = [0, 0.5, 1.5, 1.5, -2.25, 0.1, 0.3, 2, 1e6, 3.000000001]
const TEXTS = [
  '',
  'a',
  'b',
  'a',
  'B',
  'ab',
  'abc',
  ' a',
  'ä',
  '日本',
  '🙂',
  '12',
  '1.5',
  'a%b',
  'a_b',
  'a\nb',
  'a.b',
  'null',
  'é',
]
const DATES =
  '2024-02-30 31/04/2024 20230229 1/2/24 2024-02-29 2023-02-29 2024-13-01 31/12/2024 2024-2-3 2024-02-03T04:05:06 20240229 x'
    .split(' ')
    .concat(['Feb 29 2023', '29 February 2024', '10:30', '2024-02-03 04:05', 'June 31, 2024', '12', ''])
const JSONS = [
  '{}',
  '[1, 2]',
  '1',
  '"a"',
  'a',
  '',
  '{"a": }',
  'null',
  'true',
  '{"a": [1, {"b": null}]}',
  '01',
  "{'a': 1}",
]
const TIMES = [
  '2024-01-01 00:00:00',
  '2024-01-01 12:30:00',
  '2024-02-29 23:59:59',
  '2023-12-31 00:00:00',
  '1969-07-20 20:17:40',
]
const LEVELS = ['x', 'x', 'y', 'z']

const chance = (random: Random, of: number): boolean => random.below(of) === 0
const several = <T>(random: Random, from: readonly T[], least = 0, most = 4): readonly T[] =>
  Array.from({ length: least + random.below(most - least + 1) }, () => random.pick(from))

/** A small table with a column of each kind: with and without missing cells, constant, all missing. */
function tableOf(random: Random): Pick<DefinedDataset, 'data' | 'schemas'> {
  const rows = random.pick([0, 1, 1, 2, 3, 4, 5, 6, 7, 8])
  const column = (from: readonly unknown[], missing = 0): readonly unknown[] =>
    Array.from({ length: rows }, () => (missing > 0 && chance(random, missing) ? null : random.pick(from)))
  const narrow = random.pick([INTEGERS, [1, 2, 3], [0, 1], [7]])
  return {
    data: {
      i: column(narrow),
      j: column(narrow),
      n: column(narrow, 3),
      f: column(random.pick([NUMBERS, [0.5, 1.5, 2.5], [0.1, 0.2, 0.3]])),
      g: column(chance(random, 5) ? [...NUMBERS, Infinity, -Infinity] : NUMBERS, 4),
      s: column(random.pick([TEXTS, ['a', 'b', 'c'], ['12', '1.5', 'x']])),
      u: column(random.pick([TEXTS, ['a', 'b', 'c']]), 3),
      k: column(LEVELS),
      b: column([true, false]),
      d: column(DATES, 5),
      o: column(JSONS, 5),
      t: column(TIMES),
      v: column(TIMES, 4),
      z: column([null]),
    },
    schemas: {
      pandas: { i: 'int64', j: 'int64', f: 'float64', g: 'float64', t: 'datetime64[ns]', v: 'datetime64[ns]' },
    },
  }
}

const NUMERIC = ['i', 'j', 'n', 'f', 'g'] as const
const TEXTUAL = ['s', 'u', 'k', 'd', 'o'] as const
const TIMED = ['t', 'v'] as const
const ANY = [...NUMERIC, ...TEXTUAL, ...TIMED, 'b', 'z'] as const

/** Columns that an expectation is asked about most, and now and then any other. */
const column =
  (...usual: readonly string[]) =>
  (random: Random): string =>
    chance(random, 12) ? random.pick(ANY) : random.pick(usual)

function valuesFor(name: string): readonly unknown[] {
  if ('ijn'.includes(name)) return [...INTEGERS, 1.5]
  if ('fg'.includes(name)) return NUMBERS
  if (name === 'b') return [true, false, 0, 1]
  if ('tv'.includes(name)) return TIMES
  return name === 'd' ? DATES : name === 'o' ? JSONS : name === 'k' ? LEVELS : TEXTS
}

/** Bounds out of order now and then: Great Expectations refuses them. */
function bounds(random: Random, from: readonly unknown[]): Record<string, unknown> {
  const one = (): unknown => (chance(random, 4) ? null : random.pick(from))
  const [a, b] = [one(), one()]
  const turned = a !== null && b !== null && (a as number) > (b as number) && !chance(random, 8)
  const [low, high] = turned ? [b, a] : [a, b]
  return {
    ...(low === null && chance(random, 2) ? {} : { min_value: low }),
    ...(high === null && chance(random, 2) ? {} : { max_value: high }),
    ...(chance(random, 4) ? { strict_min: chance(random, 2) } : {}),
    ...(chance(random, 4) ? { strict_max: chance(random, 2) } : {}),
  }
}

function plainBounds(random: Random, from: readonly unknown[]): Record<string, unknown> {
  const { strict_min: _min, strict_max: _max, ...plain } = bounds(random, from)
  return plain
}

const ofColumn =
  (
    pick: (random: Random) => string,
    rest: (random: Random, name: string) => Record<string, unknown> = () => ({}),
  ): Arguments =>
  (random) => {
    const name = pick(random)
    return { column: name, ...rest(random, name) }
  }

const between = (pick: (random: Random) => string, from?: readonly number[]): Arguments =>
  ofColumn(pick, (random, name) => bounds(random, from ?? valuesFor(name)))

const set = (random: Random, name: string): Record<string, unknown> => {
  const values = several(random, valuesFor(name))
  return { value_set: chance(random, 10) ? [...values, null] : values }
}

const NUMBERED = column(...NUMERIC)
const WORDED = column(...TEXTUAL)
const PATTERNS = [
  'a',
  '^a',
  'b$',
  '^$',
  '.',
  '[a-c]+',
  'a|b',
  '\\.',
  '^[0-9]+$',
  '\\d',
  '\\w',
  '(?i)A',
  'a.b',
  '^\\s',
  '日',
  '^.$',
  'a{2,}',
  'x?',
  '[^a]',
]
const FORMATS = ['%Y-%m-%d', '%d/%m/%Y', '%Y%m%d', '%Y-%m-%dT%H:%M:%S', '%H', '%Y', '%m', '%j']
const SHARES = [0, 0.25, 0.5, 2 / 3, 0.75, 1]
const pair = (random: Random): Record<string, unknown> => {
  const [a, b] = random.pick([
    ['i', 'j'],
    ['i', 'n'],
    ['f', 'g'],
    ['s', 'u'],
    ['t', 'v'],
    ['i', 'f'],
    ['k', 's'],
    ['n', 'j'],
  ] as const)
  const how = random.pick(['both_values_are_missing', 'either_value_is_missing', 'neither', 'unsaid'])
  return { column_A: a, column_B: b, ...(how === 'unsaid' ? {} : { ignore_row_if: how }) }
}
const list = (random: Random): Record<string, unknown> => {
  const columns = random.pick([
    ['i', 'j'],
    ['i', 'j', 'n'],
    ['f', 'g'],
    ['i', 'f'],
    ['n', 'g'],
    ['s', 'u', 'k'],
    ['s', 'u'],
    ['i', 's'],
    ['b', 'i'],
    ['z', 'n'],
    ['t', 'v'],
  ] as const)
  const how = random.pick(['all_values_are_missing', 'any_value_is_missing', 'never', 'unsaid'])
  return { column_list: columns, ...(how === 'unsaid' ? {} : { ignore_row_if: how }) }
}
const names = (random: Random): readonly string[] =>
  chance(random, 2)
    ? [...ANY].toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))
    : several(random, [...ANY, 'q'], 0, 5)
const ORDER = 'i j n f g s u k b d o t v z'.split(' ')

function partition(random: Random): Record<string, unknown> {
  const holdouts = {
    ...(chance(random, 3) ? { tail_weight_holdout: random.pick([0, 0.01, 0.1, 0.5]) } : {}),
    ...(chance(random, 4) ? { internal_weight_holdout: random.pick([0, 0.01, 0.1]) } : {}),
  }
  const threshold = random.pick([0, 0.01, 0.1, 0.5, 2])
  const weights = random.pick([[0.5, 0.5], [0.25, 0.75], [0.2, 0.3, 0.5], [0.5, 0, 0.5], [1], [0.4, 0.4]])
  if (chance(random, 2)) {
    const name = random.pick(['k', 's', 'i', 'b'])
    const from =
      name === 'b' ? [true, false, true] : name === 'i' ? [1, 2, 3] : name === 's' ? ['a', 'b', 'c'] : ['x', 'y', 'z']
    return {
      column: name,
      partition_object: { values: from.slice(0, weights.length), weights },
      threshold,
      ...holdouts,
    }
  }
  const bins = random
    .pick([
      [0, 1, 2, 3],
      [-Infinity, 0, 1, 2],
      [0, 1, 2, Infinity],
      [-3, 0, 2, 1e7],
    ])
    .slice(0, weights.length + 1)
  const tails = chance(random, 5) ? { tail_weights: [0.1, 0.1] } : {}
  return {
    column: random.pick(['i', 'f', 'n', 'g']),
    partition_object: { bins, weights: chance(random, 5) ? weights.map((each) => each * 0.8) : weights, ...tails },
    threshold,
    ...holdouts,
    ...(chance(random, 4) ? { bucketize_data: chance(random, 2) } : {}),
  }
}

/** Arguments of every expectation that Great Expectations runs on pandas. */
export const generated: Readonly<Record<string, Arguments>> = {
  expect_column_values_to_be_between: between(column(...NUMERIC, ...TIMED)),
  expect_column_values_to_be_in_set: ofColumn(column(...ANY), set),
  expect_column_values_to_not_be_in_set: ofColumn(column(...ANY), set),
  expect_column_values_to_be_null: ofColumn(column(...ANY)),
  expect_column_values_to_not_be_null: ofColumn(column(...ANY)),
  expect_column_values_to_be_unique: ofColumn(column(...ANY)),
  expect_column_values_to_be_increasing: ofColumn(column(...NUMERIC, ...TIMED), (random) =>
    chance(random, 2) ? { strictly: chance(random, 2) } : {},
  ),
  expect_column_values_to_be_decreasing: ofColumn(column(...NUMERIC, ...TIMED), (random) =>
    chance(random, 2) ? { strictly: chance(random, 2) } : {},
  ),
  expect_column_values_to_match_regex: ofColumn(WORDED, (random) => ({ regex: random.pick(PATTERNS) })),
  expect_column_values_to_not_match_regex: ofColumn(WORDED, (random) => ({ regex: random.pick(PATTERNS) })),
  expect_column_values_to_match_regex_list: ofColumn(WORDED, (random) => ({
    regex_list: several(random, PATTERNS, chance(random, 10) ? 0 : 1, 3),
    ...(chance(random, 3) ? {} : { match_on: random.pick(['any', 'all']) }),
  })),
  expect_column_values_to_not_match_regex_list: ofColumn(WORDED, (random) => ({
    regex_list: several(random, PATTERNS, 1, 3),
  })),
  expect_column_values_to_match_strftime_format: ofColumn(column('d', 's'), (random) => ({
    strftime_format: random.pick(FORMATS),
  })),
  expect_column_values_to_be_dateutil_parseable: ofColumn(column('d')),
  expect_column_values_to_be_json_parseable: ofColumn(column('o', 's')),
  expect_column_value_lengths_to_be_between: between(column(...TEXTUAL, 'i'), [0, 1, 2, 3, 4, 10]),
  expect_column_value_lengths_to_equal: ofColumn(column(...TEXTUAL, 'i'), (random) => ({
    value: random.pick([0, 1, 2, 3, 1.5]),
  })),
  expect_column_value_z_scores_to_be_less_than: ofColumn(NUMBERED, (random) => ({
    threshold: random.pick([0, 0.5, 1, 1.5, 3]),
    double_sided: chance(random, 2),
  })),
  expect_column_pair_values_to_be_equal: pair,
  expect_column_pair_values_a_to_be_greater_than_b: (random) => ({
    ...pair(random),
    ...(chance(random, 2) ? { or_equal: chance(random, 2) } : {}),
  }),
  expect_column_pair_values_to_be_in_set: (random) => {
    const found = pair(random)
    const [a, b] = [found['column_A'], found['column_B']].map((name) => valuesFor(String(name)))
    const pairs = several(random, [0, 1, 2, 3, 4, 5], 0, 4).map(() =>
      [a, b].map((from) => (chance(random, 6) ? null : random.pick(from ?? []))),
    )
    return { ...found, value_pairs_set: pairs }
  },
  expect_compound_columns_to_be_unique: list,
  expect_select_column_values_to_be_unique_within_record: list,
  expect_multicolumn_values_to_be_equal: list,
  expect_multicolumn_sum_to_equal: (random) => ({
    ...list(random),
    sum_total: random.pick([0, 1, 2, 3, 0.3, 1.5, 14]),
  }),
  expect_column_max_to_be_between: between(column(...NUMERIC, ...TIMED)),
  expect_column_min_to_be_between: between(column(...NUMERIC, ...TIMED)),
  expect_column_mean_to_be_between: between(NUMBERED),
  expect_column_median_to_be_between: between(NUMBERED),
  expect_column_stdev_to_be_between: between(NUMBERED, [0, 0.5, 0.7071067811865476, 1, 10, -1]),
  expect_column_sum_to_be_between: between(NUMBERED),
  expect_column_unique_value_count_to_be_between: between(column(...ANY), [0, 1, 2, 3, 5, -1]),
  expect_column_proportion_of_unique_values_to_be_between: between(column(...ANY), SHARES),
  expect_column_proportion_of_non_null_values_to_be_between: between(column(...ANY), SHARES),
  expect_column_quantile_values_to_be_between: ofColumn(NUMBERED, (random) => {
    const quantiles = several(random, [0, 0.1, 0.25, 0.3, 0.5, 0.75, 0.9, 1], 1, 3)
    const one = (): number | null => (chance(random, 4) ? null : random.pick([-2, 0, 0.5, 1, 2, 3, 10]))
    const ranges = quantiles
      .map(() => [one(), one()])
      .map(([a = null, b = null]) => (a !== null && b !== null && a > b ? [b, a] : [a, b]))
    const relative = random.pick(['unsaid', 'unsaid', false, 'linear', 'lower', 'higher', 'midpoint', 'nearest'])
    return {
      quantile_ranges: { quantiles, value_ranges: ranges },
      ...(relative === 'unsaid' ? {} : { allow_relative_error: relative }),
    }
  }),
  expect_column_most_common_value_to_be_in_set: ofColumn(column('k', 'i', 's', 'b', 'n', 'u'), (random, name) => ({
    ...set(random, name),
    ...(chance(random, 2) ? { ties_okay: chance(random, 2) } : {}),
  })),
  expect_column_distinct_values_to_be_in_set: ofColumn(column(...ANY), set),
  expect_column_distinct_values_to_contain_set: ofColumn(column(...ANY), set),
  expect_column_distinct_values_to_equal_set: ofColumn(column('k', 'b', 'i', 'n', 'u'), set),
  expect_column_kl_divergence_to_be_less_than: partition,
  expect_column_to_exist: (random) => ({
    column: random.pick([...ANY, 'q']),
    ...(chance(random, 2) ? { column_index: random.pick([0, 1, 2, 5, 13, 14, -1]) } : {}),
  }),
  expect_table_column_count_to_be_between: (random) => plainBounds(random, [0, 1, 13, 14, 15]),
  expect_table_column_count_to_equal: (random) => ({ value: random.pick([0, 13, 14, 15]) }),
  expect_table_columns_to_match_ordered_list: (random) => ({ column_list: names(random) }),
  expect_table_columns_to_match_set: (random) => ({
    column_set: names(random),
    ...(chance(random, 2) ? { exact_match: chance(random, 2) } : {}),
  }),
  expect_table_row_count_to_be_between: (random) => plainBounds(random, [0, 1, 2, 4, 8]),
  expect_table_row_count_to_equal: (random) => ({ value: random.pick([0, 1, 2, 4, 8]) }),
  expect_column_values_to_be_of_type: ofColumn(column(...ANY), (random) => ({ type_: random.pick(TYPES) })),
  expect_column_values_to_be_in_type_list: ofColumn(column(...ANY), (random) => ({
    type_list: several(random, TYPES, 1, 3),
  })),
}
const TYPES = [
  'int',
  'int64',
  'float',
  'float64',
  'str',
  'bool',
  'bool_',
  'object',
  'datetime64',
  'Timestamp',
  'datetime64[ns]',
  'list',
  'INTEGER',
]

const CONDITIONS: readonly (readonly [string, string])[] = [
  ['pandas', 'i > 1'],
  ['pandas', 'i == 1 or k == "x"'],
  ['pandas', 'n != 1 and not b'],
  ['pandas', 'k in ["x", "y"]'],
  ['pandas', 'not (n > 1)'],
  ['pandas', '1 <= i < 3'],
  ['pandas', 'u.isnull()'],
  ['pandas', 'n == n'],
  ['great_expectations', 'col("n").notNull()'],
  ['great_expectations', 'col("i") >= 2'],
  ['great_expectations', 'col("k") == "x"'],
  ['great_expectations', 'col("n") != 1'],
]
const WRITTEN: readonly object[] = [
  { type: 'comparison', column: { name: 'i' }, operator: '>=', parameter: 2 },
  { type: 'comparison', column: { name: 'n' }, operator: '!=', parameter: 1 },
  { type: 'comparison', column: { name: 'k' }, operator: 'IN', parameter: ['x', 'y'] },
  { type: 'comparison', column: { name: 'n' }, operator: 'NOT_IN', parameter: [1, 2] },
  { type: 'nullity', column: { name: 'u' }, is_null: true },
  { type: 'nullity', column: { name: 'n' }, is_null: false },
  {
    type: 'and',
    conditions: [
      { type: 'nullity', column: { name: 'n' }, is_null: false },
      { type: 'comparison', column: { name: 'k' }, operator: '==', parameter: 'x' },
    ],
  },
  {
    type: 'or',
    conditions: [
      { type: 'comparison', column: { name: 'i' }, operator: '<', parameter: 2 },
      { type: 'comparison', column: { name: 'k' }, operator: '!=', parameter: 'x' },
    ],
  },
]

const MAPS = /values_to|lengths|z_scores|pair|compound|multicolumn|within_record/
const NO_MOSTLY = /sum_to_be|mean|min_to|max_to|distinct_values|proportion|quantile|kl_|unique_value_count/

function common(type: string, random: Random): Record<string, unknown> {
  const mostly = MAPS.test(type) && !NO_MOSTLY.test(type) && chance(random, 3) ? { mostly: random.pick(SHARES) } : {}
  if (type.startsWith('expect_table') || type === 'expect_column_to_exist' || !chance(random, 4)) return mostly
  if (chance(random, 2)) return { ...mostly, row_condition: random.pick(WRITTEN) }
  const [condition_parser, row_condition] = random.pick(CONDITIONS)
  return { ...mostly, row_condition, condition_parser }
}

/** Definitions without answers: each expectation asked of some tables with some arguments. */
export function generateDefinitions(seed: number, tables: number, tests: number): readonly Definition[] {
  return Object.entries(generated).map(([expectation_type, ask], at) => {
    const random = randomOf(seed * 1009 + at)
    const datasets = Array.from(
      { length: tables },
      (): DefinedDataset => ({
        ...tableOf(random),
        tests: Array.from({ length: tests }, () => ({
          in: { ...ask(random), ...common(expectation_type, random) },
          out: {},
        })),
      }),
    )
    return { expectation_type, datasets }
  })
}
