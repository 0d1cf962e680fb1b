import type { ColumnType } from '@plumbline/core'
import { all, bound, number } from '../text/cel.ts'
import { field, type Fields } from '../text/json.ts'

/** The bounds of an expectation as conditions on a term; a text in `problem` where they cannot be. */
export type Bounds = { readonly conditions: readonly string[] } | { readonly problem: string }

/**
 * Reads the bounds of cells, or of the size of a table: Great Expectations refuses those that are out of order, where of
 * one number of a column ({@link boundsOf}) it finds that nothing lies between them.
 */
export function cellBounds(term: string, kwargs: Fields, type: ColumnType): Bounds {
  const [low, high] = [field(kwargs, 'min_value'), field(kwargs, 'max_value')]
  const ordered = typeof low === typeof high && ['number', 'string'].includes(typeof low)
  return ordered && (low as string) > (high as string)
    ? { problem: '`min_value` is greater than `max_value`.' }
    : boundsOf(term, kwargs, type)
}

/** Reads `min_value`, `max_value`, `strict_min` and `strict_max` for what has values of a column's type. */
export function boundsOf(term: string, kwargs: Fields, type: ColumnType): Bounds {
  const conditions: string[] = []
  for (const [name, strict, sign] of [
    ['min_value', 'strict_min', '>'],
    ['max_value', 'strict_max', '<'],
  ] as const) {
    const value = field(kwargs, name)
    if (value === undefined || value === null) continue
    if (value === (sign === '>' ? -Infinity : Infinity)) continue
    // What is never below 0 needs no such bound.
    if (sign === '>' && NEVER_NEGATIVE.test(term) && typeof value === 'number' && value < 0) continue
    const plain =
      typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' ? value : undefined
    const written = plain === undefined || Math.abs(Number(plain)) === Infinity ? undefined : bound(plain, type)
    if (written === undefined)
      return { problem: `\`${name}\` is ${JSON.stringify(value)}, which has no order with ${article(type)}.` }
    conditions.push(`${term} ${sign}${field(kwargs, strict) === true ? '' : '='} ${written}`)
  }
  return { conditions }
}

const NEVER_NEGATIVE = /^(stddev|column_count|count|distinct|size)\(/

/** Reads the same bounds for what is a count or a number anyway. */
export function numberBounds(term: string, kwargs: Fields): Bounds {
  return boundsOf(term, kwargs, 'number')
}

/** Both bounds as one condition. */
export const both = (conditions: readonly string[]): string => all(conditions)

/** `term == value`, for a number. */
export const equal = (term: string, value: number): string => `${term} == ${number(value)}`

function article(type: ColumnType): string {
  return type === 'integer' ? 'an integer' : `a ${type}`
}
