import type { ColumnType } from '@plumbline/core'
import { listed } from '../../text/names.ts'
import { field, textsIn } from '../../text/json.ts'
import { type Ask, hopeless, ofColumn, refused } from '../asked.ts'
import { typeNamed } from '../type-names.ts'

const NUMBERS: readonly ColumnType[] = ['integer', 'number']

/**
 * Whether no database or data frame calls a column of the type by one of the names. A column of times may be kept as
 * texts, and whole numbers as floats, so that nothing is sure of those.
 */
function isNone(type: ColumnType, named: ReadonlySet<ColumnType>): boolean {
  if (type === 'text') return !named.has('timestamp')
  if (type === 'timestamp') return !named.has('timestamp') && !named.has('text')
  return NUMBERS.includes(type) ? !NUMBERS.some((each) => named.has(each)) : type === 'boolean'
}

/** What pandas before 3 calls a column of texts, and of much else. */
const OBJECT = /^(numpy\.|np\.)?(object_?|O)$/

/** `…_to_be_of_type`, `…_to_be_in_type_list`: a contract of the column says what its cells can be read as. */
function ofType(key: 'type_' | 'type_list'): Ask {
  return ofColumn((column, type, { kwargs }) => {
    const names = textsIn(field(kwargs, key))
    const named = new Set(
      names.flatMap((name) => typeNamed(name) ?? (type === 'text' && OBJECT.test(name) ? type : [])),
    )
    if (named.size === 0)
      return refused(
        `${names.length === 0 ? 'It names no type' : `${names.join(', ')} names no type of columns here`}: what a database calls its columns is not what cells can be read as.`,
      )
    if (named.has(type))
      return {
        kind: 'contract',
        column,
        type,
        differences: [`Asks whether each cell can be read as ${type}, not what the database calls the column.`],
      }
    const wanted = listed([...named])
    return isNone(type, named) && names.every((name) => typeNamed(name) !== undefined)
      ? hopeless('type', column, `The column "${column}" is ${type}, and none of ${wanted}.`)
      : refused(
          `The column "${column}" is taken for ${type}, and ${names.join(', ')} for ${wanted}: two contracts of one column contradict each other.`,
        )
  })
}

/** By name. */
export const columnTypeExpectations: Readonly<Record<string, Ask>> = {
  expect_column_values_to_be_of_type: ofType('type_'),
  expect_column_values_to_be_in_type_list: ofType('type_list'),
  expect_column_type_to_be: ofType('type_'),
}
