import { quotedText } from '@plumbline/core'
import type { Cursor } from './cursor.ts'
import { type ColumnRef, columnIn, nameIn, type Vocabulary } from './names.ts'
import { amountIn, quantityIn } from './numbers.ts'

/** What a cell may be compared with: a number with its unit, a date, another column, or a multiple of one. */
export function valueIn(cursor: Cursor, ref: ColumnRef, vocabulary: Vocabulary): string | undefined {
  const type = ref.column.type.value
  if (type === 'timestamp') return instantIn(cursor) ?? otherColumn(cursor, ref, vocabulary)
  if (type !== 'integer' && type !== 'number') return undefined
  return (
    multipleIn(cursor, ref, vocabulary) ??
    otherColumn(cursor, ref, vocabulary) ??
    quantityIn(cursor, vocabulary, ref.column.unit?.value)?.cel
  )
}

const otherColumn = (cursor: Cursor, ref: ColumnRef, vocabulary: Vocabulary): string | undefined =>
  cursor.attempt(() => {
    const other = columnIn(cursor, vocabulary, ref.dataset)
    return other === undefined || other.column.name === ref.column.name ? undefined : other.cel
  })

/** `2 times the income`, `twice the income`, `half the income`. */
function multipleIn(cursor: Cursor, ref: ColumnRef, vocabulary: Vocabulary): string | undefined {
  return cursor.attempt(() => {
    const word = cursor.take('twice', 'double', 'half', 'half of')
    const factor = word === undefined ? amountIn(cursor, vocabulary)?.cel : word.startsWith('half') ? '0.5' : '2'
    if (factor === undefined || (word === undefined && cursor.take('times', 'x', '*', 'of') === undefined))
      return undefined
    const other = columnIn(cursor, vocabulary, ref.dataset)
    // A factor of a column of numbers is a number, which CEL writes with a point.
    const isNumber = other?.column.type.value === 'number' && !factor.includes('.')
    return other && `${isNumber ? `${factor}.0` : factor} * ${other.cel}`
  })
}

function instantIn(cursor: Cursor): string | undefined {
  const { text = '' } = cursor.peek() ?? {}
  const [, day, time = 'T00:00:00Z'] = /^(\d{4}-\d\d-\d\d)(T[\d:.]+(?:Z|[+-]\d\d:\d\d))?$/.exec(text) ?? []
  cursor.expect('a date, such as 2026-01-31')
  if (day === undefined) return undefined
  cursor.skip(1)
  return `timestamp(${quotedText(day + time)})`
}

/** A value of a column: a code by its code or label, true or false, a text in quotes. */
export function literalIn(cursor: Cursor, { column }: ColumnRef, vocabulary: Vocabulary): string | undefined {
  const type = column.type.value
  if (type === 'category') {
    const codes = column.values?.value ?? []
    const names = new Map<string, string>()
    for (const { code, label } of codes) {
      const cel = typeof code === 'string' ? quotedText(code) : String(code)
      if (label !== undefined) names.set(label, cel)
      names.set(String(code), cel)
    }
    cursor.take('a', 'an')
    return nameIn(cursor, names, `a value of ${column.name}`)
  }
  if (type === 'boolean') return cursor.take('true', 'false')
  const text = cursor.kind('text')
  if (text !== undefined) return type === 'text' ? quotedText(text.text) : undefined
  if (type === 'timestamp') return instantIn(cursor)
  return type === 'text' ? undefined : quantityIn(cursor, vocabulary, column.unit?.value)?.cel
}

/** `100,200`: one number, or two? Where a group is no number of its own (`10,000`), it is one. */
const isAmbiguous = (text: string): boolean =>
  text
    .split(',')
    .slice(1)
    .some((group) => !group.startsWith('0'))

/** `a, b or c`. */
export function literalsIn(cursor: Cursor, ref: ColumnRef, vocabulary: Vocabulary): readonly string[] | undefined {
  const first = oneOf(cursor, ref, vocabulary)
  if (first === undefined) return undefined
  const values = [first]
  for (;;) {
    const next = cursor.attempt(() =>
      cursor.take(', or', ', and', ',', 'or', 'and') === undefined ? undefined : oneOf(cursor, ref, vocabulary),
    )
    if (next === undefined) return values
    values.push(next)
  }
}

/** One of several values. */
function oneOf(cursor: Cursor, ref: ColumnRef, vocabulary: Vocabulary): string | undefined {
  const next = cursor.peek()
  if (next?.kind === 'number' && isAmbiguous(next.text)) {
    cursor.expect('numbers with blanks between them, such as 100, 200')
    return undefined
  }
  return literalIn(cursor, ref, vocabulary)
}
