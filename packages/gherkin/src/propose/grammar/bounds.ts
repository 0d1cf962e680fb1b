import type { Cursor } from './cursor.ts'
import type { Vocabulary } from './names.ts'

/** A comparison as CEL writes it. */
export type Operator = '<' | '<=' | '>' | '>=' | '==' | '!='

/** `>= 0.8`. */
export interface Comparison {
  readonly operator: Operator
  readonly value: string
}

const BEFORE: Readonly<Record<string, Operator>> = {
  'at least': '>=',
  'no less than': '>=',
  'not less than': '>=',
  'no lower than': '>=',
  'not lower than': '>=',
  'not below': '>=',
  'no fewer than': '>=',
  'not fewer than': '>=',
  'no smaller than': '>=',
  'not smaller than': '>=',
  'a minimum of': '>=',
  'greater than or equal to': '>=',
  '≥': '>=',
  '>=': '>=',
  'at most': '<=',
  'no more than': '<=',
  'not more than': '<=',
  'no greater than': '<=',
  'not greater than': '<=',
  'no higher than': '<=',
  'no larger than': '<=',
  'not larger than': '<=',
  'no bigger than': '<=',
  'not bigger than': '<=',
  'not higher than': '<=',
  'not above': '<=',
  'no later than': '<=',
  'not later than': '<=',
  'no earlier than': '>=',
  'not earlier than': '>=',
  'up to': '<=',
  'a maximum of': '<=',
  'less than or equal to': '<=',
  '≤': '<=',
  '<=': '<=',
  above: '>',
  over: '>',
  'more than': '>',
  'greater than': '>',
  'higher than': '>',
  'larger than': '>',
  'bigger than': '>',
  after: '>',
  'later than': '>',
  '>': '>',
  below: '<',
  under: '<',
  'less than': '<',
  'fewer than': '<',
  'lower than': '<',
  'smaller than': '<',
  before: '<',
  'earlier than': '<',
  '<': '<',
  exactly: '==',
  'equal to': '==',
  equal: '==',
  '==': '==',
  '=': '==',
}

const AFTER: Readonly<Record<string, Operator>> = {
  'or more': '>=',
  'or higher': '>=',
  'or above': '>=',
  'or better': '>=',
  'and above': '>=',
  'or less': '<=',
  'or fewer': '<=',
  'or lower': '<=',
  'or below': '<=',
  'at least': '>=',
  'at most': '<=',
}

const OPPOSITE: Readonly<Record<Operator, Operator>> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  '==': '!=',
  '!=': '==',
}

/** Verbs that compare by themselves: `not exceed 5`. */
const VERBS: Readonly<Record<string, Operator>> = {
  exceed: '>',
  exceeds: '>',
  reach: '>=',
  reaches: '>=',
  'fall below': '<',
  'falls below': '<',
  'drop below': '<',
  'drops below': '<',
  'go below': '<',
  'rise above': '>',
  'rises above': '>',
  'go above': '>',
  equal: '==',
  equals: '==',
  surpass: '>',
}

type ValueReader = (cursor: Cursor) => string | undefined

/** `at least 5`, `between 1 and 2`, `within 1 to 2`, `5 or more`. */
export function boundIn(cursor: Cursor, value: ValueReader): readonly Comparison[] | undefined {
  return (
    cursor.attempt(() => {
      if (cursor.take('between', 'within', 'in the range', 'from') === undefined) return undefined
      const low = value(cursor)
      if (low === undefined || cursor.take('and', 'to', '-', '–') === undefined) return undefined
      const high = value(cursor)
      cursor.take('inclusive', 'inclusively', 'both included')
      return high === undefined ? undefined : [at('>=', low), at('<=', high)]
    }) ??
    cursor.attempt(() => {
      const operator = BEFORE[cursor.take(...Object.keys(BEFORE)) ?? '']
      const bound = operator === undefined ? undefined : value(cursor)
      return operator === undefined || bound === undefined ? undefined : [at(operator, bound)]
    }) ??
    cursor.attempt(() => {
      const bound = value(cursor)
      const operator = bound === undefined ? undefined : AFTER[cursor.take(...Object.keys(AFTER)) ?? '']
      return operator === undefined || bound === undefined ? undefined : [at(operator, bound)]
    })
  )
}

/** `exceed 5`, `fall below 2`. */
export function verbBoundIn(cursor: Cursor, value: ValueReader): readonly Comparison[] | undefined {
  return cursor.attempt(() => {
    const operator = VERBS[cursor.take(...Object.keys(VERBS)) ?? '']
    const bound = operator === undefined ? undefined : value(cursor)
    return operator === undefined || bound === undefined ? undefined : [at(operator, bound)]
  })
}

const at = (operator: Operator, value: string): Comparison => ({ operator, value })

const MORE = ['high', 'large', 'long', 'great', 'big']
const LESS = ['low', 'small', 'short', 'little', 'fast', 'quick']
const GOOD = ['good', 'sufficient', 'acceptable', 'adequate', 'reasonable', 'satisfactory']

/** A word such as `high` says a direction and no number. */
export function vagueIn(
  cursor: Cursor,
  { hole }: Vocabulary,
  better: 'higher' | 'lower' | undefined,
): readonly Comparison[] | undefined {
  return cursor.attempt(() => {
    cursor.take('very', 'as', 'sufficiently', 'reasonably', 'acceptably')
    if (cursor.take(...MORE) !== undefined) return [at('>=', hole)]
    if (cursor.take(...LESS) !== undefined) return [at('<=', hole)]
    if (better === undefined || cursor.take(...GOOD) === undefined) return undefined
    return [at(better === 'higher' ? '>=' : '<=', hole)]
  })
}

/** A bound whose number was forgotten: `at least` at the end. */
export function openBoundIn(cursor: Cursor, { hole }: Vocabulary): readonly Comparison[] | undefined {
  return cursor.attempt(() => {
    const operator = BEFORE[cursor.take(...Object.keys(BEFORE)) ?? '']
    return operator === undefined || !cursor.done ? undefined : [at(operator, hole)]
  })
}

/** The comparisons of a term, or what is left of them under `never`. */
export function compared(term: string, comparisons: readonly Comparison[], never = false): string {
  const parts = comparisons.map(({ operator, value }) => `${term} ${never ? OPPOSITE[operator] : operator} ${value}`)
  return parts.join(never ? ' || ' : ' && ')
}
