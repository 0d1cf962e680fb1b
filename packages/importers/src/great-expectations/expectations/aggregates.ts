import type { ColumnType } from '@plumbline/core'
import { all, any, literal, number, oneOf, ref } from '../../text/cel.ts'
import { field, type Fields, isFields } from '../../text/json.ts'
import {
  type Ask,
  type Asked,
  asked,
  hopeless,
  nearly,
  noCell,
  ofColumn,
  type Question,
  refused,
  trivial,
} from '../asked.ts'
import { both, boundsOf, numberBounds } from '../bounds.ts'
import { readPartition } from '../partition.ts'

/** A number of the column between bounds; where none are given, that there is such a number. */
function between(id: string, term: string, kwargs: Fields, type: ColumnType = 'number') {
  const bounds = boundsOf(term, kwargs, type)
  if ('problem' in bounds) return refused(bounds.problem)
  if (bounds.conditions.length > 0) return asked({ id, must: both(bounds.conditions) })
  // What is missing equals nothing, not even itself.
  return nearly(['It has no bounds: all that is asked is that there is such a number.'], {
    id,
    must: `${term} == ${term}`,
  })
}

/** A moment of numbers; Python takes true for 1. */
function moment(id: string, fn: string): Ask {
  return ofColumn((column, type, { kwargs }) => {
    if (type === 'boolean') return between(id, `${fn}(${ref(column)} ? 1 : 0)`, kwargs)
    if (type !== 'integer' && type !== 'number')
      return refused(`The column "${column}" is a ${type}, and has no ${id}.`)
    return between(id, `${fn}(${ref(column)})`, kwargs)
  })
}

function extreme(id: 'min' | 'max'): Ask {
  return ofColumn((column, type, { kwargs }) =>
    type === 'boolean'
      ? between(id, `${id}(${ref(column)} ? 1 : 0)`, kwargs)
      : between(id, `${id}(${ref(column)})`, kwargs, type),
  )
}

const distinctCount: Ask = ofColumn((column, _type, { kwargs }) => {
  const bounds = numberBounds(`distinct(${ref(column)})`, kwargs)
  if ('problem' in bounds) return refused(bounds.problem)
  if (bounds.conditions.length === 0) return trivial('It has no bounds.')
  return asked({ id: 'distinct', must: both(bounds.conditions), allowEmpty: true })
})

/** A share of cells or rows between bounds; of none of them it is 0 in Great Expectations. */
function shareBetween(id: string, part: string, whole: string, kwargs: Fields): Asked {
  const bounds = numberBounds(`double(${part}) / double(${whole})`, kwargs)
  if ('problem' in bounds) return refused(bounds.problem)
  if (bounds.conditions.length === 0) return trivial('It has no bounds.')
  const must = all(bounds.conditions)
  return asked({ id, must: holdsOf(0, kwargs) ? any([must, `${whole} == 0`]) : must, allowEmpty: true })
}

/** Whether a number lies between the bounds. */
function holdsOf(value: number, kwargs: Fields): boolean {
  const [low, high] = [field(kwargs, 'min_value'), field(kwargs, 'max_value')]
  const [strictMin, strictMax] = [field(kwargs, 'strict_min'), field(kwargs, 'strict_max')]
  return (
    (typeof low !== 'number' || (strictMin === true ? value > low : value >= low)) &&
    (typeof high !== 'number' || (strictMax === true ? value < high : value <= high))
  )
}

const proportionUnique: Ask = ofColumn((column, _type, { kwargs }) =>
  shareBetween('distinct-share', `distinct(${ref(column)})`, `present(${ref(column)})`, kwargs),
)

const proportionGiven: Ask = ofColumn((column, _type, { kwargs }) =>
  shareBetween('given-share', `present(${ref(column)})`, 'count()', kwargs),
)

const quantiles: Ask = ofColumn((column, type, { kwargs }) => {
  const given = field(kwargs, 'quantile_ranges')
  if (type !== 'integer' && type !== 'number')
    return refused(`The column "${column}" is a ${type}, and has no quantiles.`)
  const levels = isFields(given) ? field(given, 'quantiles') : undefined
  const ranges = isFields(given) ? field(given, 'value_ranges') : undefined
  if (!Array.isArray(levels) || !Array.isArray(ranges) || levels.length !== ranges.length)
    return refused('`quantile_ranges` has not as many ranges as quantiles.')
  const relative = field(kwargs, 'allow_relative_error')
  const fn = relative === 'linear' ? 'quantile' : 'quantile_nearest'
  const conditions = levels.flatMap((level, i) => {
    const [low, high] = Array.isArray(ranges[i]) ? ranges[i] : []
    const term = `${fn}(${ref(column)}, ${number(Number(level))})`
    return [
      ...(typeof low === 'number' ? [`${term} >= ${number(low)}`] : []),
      ...(typeof high === 'number' ? [`${term} <= ${number(high)}`] : []),
    ]
  })
  if (
    ranges.some(
      (range) =>
        Array.isArray(range) && typeof range[0] === 'number' && typeof range[1] === 'number' && range[0] > range[1],
    )
  )
    return refused('A range has its least value above its greatest.')
  if (conditions.length === 0) return trivial('No quantile has a bound.')
  if (relative === 'lower' || relative === 'higher' || relative === 'midpoint')
    return refused(`\`allow_relative_error\` is "${relative}": quantiles here are interpolated or the nearest value.`)
  const exact =
    relative === undefined || relative === null || relative === false || relative === 'linear' || relative === 'nearest'
  return nearly(
    exact ? [] : ['Quantiles are exact; `allow_relative_error` lets a database answer with others nearby.'],
    { id: 'quantiles', must: all(conditions) },
  )
})

const mostCommon: Ask = ofColumn((column, type, { kwargs }) => {
  const set = field(kwargs, 'value_set')
  if (!Array.isArray(set)) return trivial('It has no `value_set`.')
  const name = ref(column)
  const literals = set.flatMap((value) =>
    ['string', 'number', 'boolean'].includes(typeof value) ? (literal(value, type) ?? []) : [],
  )
  if (literals.length === 0)
    return hopeless('most-common', column, 'No cell of the column can equal a value of the set.')
  const found = any([...new Set(literals)].map((each) => `sum(${name} == ${each} ? 1 : 0) == mode_count(${name})`))
  return asked({
    id: 'most-common',
    must: field(kwargs, 'ties_okay') === true ? found : all([`modes(${name}) == 1`, found]),
  })
})

/** What the distinct values of a column are, against a set: all of them in it, all of it among them, or both. */
function distinctSet(id: string, within: boolean, containing: boolean): Ask {
  return ofColumn((column, type, { kwargs }) => {
    const set = field(kwargs, 'value_set')
    if (!Array.isArray(set)) return trivial('It has no `value_set`.')
    const values = set.filter((value) => ['string', 'number', 'boolean'].includes(typeof value))
    const written = values.map((value) => literal(value, type))
    const name = ref(column)
    if (containing && set.includes(null)) return hopeless(id, column, 'The set holds null, which is no distinct value.')
    if (containing && written.includes(undefined))
      return hopeless(id, column, 'A value of the set can be in no cell of the column.')
    const questions: Question[] = []
    if (within) {
      const within = oneOf(column, values, type)
      const question = within === undefined ? noCell(column) : { every: within, missing: 'exclude' as const }
      questions.push({ id: containing ? `${id}-within` : id, ...question, allowEmpty: true })
    }
    const found = [...new Set(written)].map((each) => `share(${name} == ${each}) > 0`)
    if (containing && found.length > 0) questions.push({ id: within ? `${id}-all` : id, must: all(found) })
    return questions.length === 0 ? trivial('The set is empty.') : asked(...questions)
  })
}

const klDivergence: Ask = ofColumn((column, type, { kwargs }) => {
  const threshold = field(kwargs, 'threshold')
  const given = field(kwargs, 'partition_object')
  if (threshold === undefined || threshold === null) return trivial('It has no `threshold`.')
  if (given === undefined || given === null)
    return trivial('It has no `partition_object`: the column is compared with itself.')
  if (typeof threshold !== 'number' || threshold < 0) return refused('`threshold` is no number of 0 or more.')
  const read = readPartition(kwargs)
  if ('problem' in read) return refused(read.problem)
  const { partition } = read
  const list = (numbers: readonly number[]): string => `[${numbers.map(number).join(', ')}]`
  const name = ref(column)
  if (partition.kind === 'bins') {
    const term = `kl_bins(${name}, ${list(partition.edges)}, ${list(partition.weights)})`
    return asked({ id: 'kl-divergence', must: `${term} <= ${number(threshold)}` })
  }
  const values = partition.values.map((value) => literal(value, type))
  if (values.includes(undefined))
    return refused(`A value of the partition can be in no cell of the column, which is a ${type}.`)
  const term = `kl_values(${name}, [${values.join(', ')}], ${list(partition.weights)}, ${number(partition.rest)})`
  return asked({ id: 'kl-divergence', must: `${term} <= ${number(threshold)}` })
})

/** Expectations about one number, or the set of values, of a column. */
export const columnAggregates: Readonly<Record<string, Ask>> = {
  expect_column_max_to_be_between: extreme('max'),
  expect_column_min_to_be_between: extreme('min'),
  expect_column_mean_to_be_between: moment('mean', 'mean'),
  expect_column_median_to_be_between: moment('median', 'median'),
  expect_column_stdev_to_be_between: moment('stdev', 'stddev'),
  expect_column_sum_to_be_between: moment('sum', 'sum'),
  expect_column_unique_value_count_to_be_between: distinctCount,
  expect_column_proportion_of_unique_values_to_be_between: proportionUnique,
  expect_column_proportion_of_non_null_values_to_be_between: proportionGiven,
  expect_column_quantile_values_to_be_between: quantiles,
  expect_column_most_common_value_to_be_in_set: mostCommon,
  expect_column_distinct_values_to_be_in_set: distinctSet('distinct-in-set', true, false),
  expect_column_distinct_values_to_contain_set: distinctSet('distinct-contain-set', false, true),
  expect_column_distinct_values_to_equal_set: distinctSet('distinct-equal-set', true, true),
  expect_column_kl_divergence_to_be_less_than: klDivergence,
}
