import type { ColumnType } from '@plumbline/core'
import { field, textsIn } from '../../text/json.ts'
import { type Ask, ofColumn, refused } from '../asked.ts'
import { typeNamed } from '../type-names.ts'

/** `…_to_be_of_type`, `…_to_be_in_type_list`: a contract of the column says what its cells can be read as. */
function ofType(key: 'type_' | 'type_list'): Ask {
  return ofColumn((column, type, { kwargs }) => {
    const names = textsIn(field(kwargs, key))
    const known = new Set(names.flatMap((name) => typeNamed(name) ?? []))
    const [only] = known
    const wide: ColumnType | undefined =
      known.size === 1
        ? only
        : [...known].every((each) => each === 'integer' || each === 'number') && known.size > 0
          ? 'number'
          : undefined
    if (wide === undefined)
      return refused(
        `${names.length === 0 ? 'It names no type' : `${names.join(', ')} names no one type of columns here`}: what a database calls its columns is not what cells can be read as.`,
      )
    if (wide !== type)
      return refused(
        `The column "${column}" is taken for ${type}, and ${names.join(', ')} for ${wide}: two contracts of one column contradict each other.`,
      )
    return {
      kind: 'contract',
      column,
      type,
      differences: [`Asks whether each cell can be read as ${type}, not what the database calls the column.`],
    }
  })
}

/** By name. */
export const columnTypeExpectations: Readonly<Record<string, Ask>> = {
  expect_column_values_to_be_of_type: ofType('type_'),
  expect_column_values_to_be_in_type_list: ofType('type_list'),
  expect_column_type_to_be: ofType('type_'),
}
