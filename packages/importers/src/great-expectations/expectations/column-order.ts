import { all, any, number, ref } from '../../text/cel.ts'
import { field } from '../../text/json.ts'
import { type Ask, asked, atMost, columnOf, ofColumn, refused } from '../asked.ts'

/** Expectations about cells among the others of their column: counted over the rows, not judged row by row. */

const unique: Ask = ofColumn((column, _type, { mostly }) => {
  const name = ref(column)
  if (mostly === 1) return asked({ id: 'unique', must: `distinct(${name}) == present(${name})`, allowEmpty: true })
  const must = atMost([`duplicates(${name})`], 'count()', mostly)
  return asked({ id: 'unique', must, allowEmpty: true, where: `${name} != null` })
})

function ordered(id: string, against: 'ascents' | 'descents'): Ask {
  return ofColumn((column, type, { kwargs, mostly }) => {
    if (type === 'boolean') return refused(`The column "${column}" is a boolean, and has no order.`)
    const name = ref(column)
    const strictly = field(kwargs, 'strictly') === true
    const bad = [`${against}(${name})`, ...(strictly ? [`repeats(${name})`] : [])]
    return asked({ id, must: atMost(bad, `present(${name})`, mostly), allowEmpty: true })
  })
}

const zScores: Ask = ofColumn((column, _type, { kwargs, mostly }) => {
  const threshold = field(kwargs, 'threshold')
  if (typeof threshold !== 'number') return refused('`threshold` is no number.')
  const name = ref(column)
  // 1.x demands `double_sided`; 0.x takes true where it is not given.
  const both = field(kwargs, 'double_sided') !== false
  const bad = both
    ? ['above', 'below'].map((side) => `${side}_stddevs(${name}, ${number(Math.abs(threshold))})`)
    : [`above_stddevs(${name}, ${number(threshold)})`]
  // Cells that are all the same have no z-scores, and none that is too great.
  const must = any([atMost(bad, `present(${name})`, mostly), `distinct(${name}) <= 1`])
  return asked({ id: 'z-scores', must, allowEmpty: true })
})

const exists: Ask = (asking) => {
  const column = columnOf(asking)
  if (column === undefined) return refused('It names no column.')
  const place = `column_position(${JSON.stringify(column)})`
  const index = field(asking.kwargs, 'column_index')
  if (typeof index !== 'number') return asked({ id: 'exists', must: `${place} > 0`, allowEmpty: true })
  const must =
    index >= 0 ? `${place} == ${index + 1}` : all([`${place} > 0`, `${place} == column_count() - ${-index - 1}`])
  return asked({ id: 'exists', must, allowEmpty: true })
}

/** By name. */
export const columnOrder: Readonly<Record<string, Ask>> = {
  expect_column_values_to_be_unique: unique,
  expect_column_values_to_be_increasing: ordered('increasing', 'descents'),
  expect_column_values_to_be_decreasing: ordered('decreasing', 'ascents'),
  expect_column_value_z_scores_to_be_less_than: zScores,
  expect_column_to_exist: exists,
}
