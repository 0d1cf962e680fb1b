import { all, not } from '../../text/cel.ts'
import { readCondition } from '../../text/condition.ts'
import { field, textsIn } from '../../text/json.ts'
import { type Ask, asked, refused, trivial } from '../asked.ts'
import { both, cellBounds, equal } from '../bounds.ts'

function counted(id: string, term: string): Ask {
  return ({ kwargs }) => {
    const bounds = cellBounds(term, kwargs, 'number')
    if ('problem' in bounds) return refused(bounds.problem)
    if (bounds.conditions.length === 0) return trivial('It has no bounds.')
    return asked({ id, must: both(bounds.conditions), allowEmpty: true })
  }
}

function countedExactly(id: string, term: string): Ask {
  return ({ kwargs }) => {
    const value = field(kwargs, 'value')
    return typeof value === 'number'
      ? asked({ id, must: equal(term, value), allowEmpty: true })
      : refused('`value` is no number.')
  }
}

const position = (name: string): string => `column_position(${JSON.stringify(name)})`

const orderedList: Ask = ({ kwargs }) => {
  const list = field(kwargs, 'column_list')
  if (!Array.isArray(list)) return trivial('It has no `column_list`.')
  const names = textsIn(list)
  const places = names.map((name, i) => `${position(name)} == ${i + 1}`)
  return asked({ id: 'columns', must: all([`column_count() == ${names.length}`, ...places]), allowEmpty: true })
}

const columnSet: Ask = ({ kwargs }) => {
  const names = [...new Set(textsIn(field(kwargs, 'column_set')))]
  const exactly = field(kwargs, 'exact_match') !== false
  const there = names.map((name) => `${position(name)} > 0`)
  const parts = [...(exactly ? [`column_count() == ${names.length}`] : []), ...there]
  return parts.length === 0
    ? trivial('The set is empty.')
    : asked({ id: 'columns', must: all(parts), allowEmpty: true })
}

const otherCount: Ask = ({ kwargs, otherTable }) => {
  const other = field(kwargs, 'other_table_name')
  if (typeof other !== 'string') return refused('It names no other table.')
  return asked({ id: 'rows-of-other', must: `count() == count_of(${otherTable(other)})`, allowEmpty: true })
}

/**
 * A query for rows that must not be there, where it is one condition on the rows of the batch. A row whose condition is
 * unknown is no such row.
 */
const unexpectedRows: Ask = ({ kwargs, columnType }) => {
  const query = field(kwargs, 'unexpected_rows_query')
  const [, condition] =
    /^\s*select\b[^()]*?\bfrom\s*\{batch\}(?:\s+where\s+([\s\S]+?))?\s*;?\s*$/i.exec(String(query)) ?? []
  if (condition === undefined || /\b(group\s+by|order\s+by|limit|having|union|join)\b/i.test(condition))
    return refused('It is a query of its own: write the condition that rows meet as a clause.')
  const read = readCondition(condition, { notation: 'sql', typeOf: columnType })
  if ('problem' in read) return refused(`Its condition is not understood: ${read.problem}.`)
  return asked({ id: 'no-unexpected-rows', every: not(read.cel), missing: 'pass', allowEmpty: true })
}

/** Expectations about the table as a whole. */
export const tables: Readonly<Record<string, Ask>> = {
  expect_table_row_count_to_be_between: counted('rows', 'count()'),
  expect_table_row_count_to_equal: countedExactly('rows', 'count()'),
  expect_table_column_count_to_be_between: counted('column-count', 'column_count()'),
  expect_table_column_count_to_equal: countedExactly('column-count', 'column_count()'),
  expect_table_columns_to_match_ordered_list: orderedList,
  expect_table_columns_to_match_set: columnSet,
  expect_table_row_count_to_equal_other_table: otherCount,
  unexpected_rows_expectation: unexpectedRows,
}
