import { repeating, type Spelling } from './spelling.ts'
import { type Sql, sql } from './sql.ts'

/** How a dialect takes a part of a text. */
export interface TextParts {
  /** The number of characters. */
  readonly length: (s: Sql) => Sql
  /** So many characters from a place, counted from 1. */
  readonly part: (s: Sql, place: Sql, count: Sql) => Sql
  /** A place kept inside of the text, where a place outside would raise even in a branch that is not taken. */
  readonly inside?: (place: Sql, s: Sql) => Sql
  /** The number of characters as the integer that a place is; default `length`. */
  readonly end?: (s: Sql) => Sql
  /** The first place, as the language counts. */
  readonly first?: Sql
  /** So many characters, where the database must be told that they are not fewer than none. */
  readonly count?: (characters: Sql) => Sql
}

/** The functions that take a part of a text; NULL where a place is outside. */
export function textParts({
  length,
  part,
  inside = (place) => place,
  end = length,
  first = sql`0`,
  count = (characters) => characters,
}: TextParts) {
  const between = (s: Sql, from: Sql, to: Sql): Sql =>
    sql`(CASE WHEN ${from} >= ${first} AND ${to} <= ${length(s)} AND ${from} <= ${to} THEN ${part(s, sql`${inside(from, s)} + 1`, count(sql`${inside(to, s)} - ${inside(from, s)}`))} END)`
  return {
    char_at: repeating(
      ({ sql: s }, { sql: i }) =>
        sql`(CASE WHEN ${i} >= ${first} AND ${i} <= ${length(s)} THEN ${part(s, sql`${inside(i, s)} + 1`, sql`1`)} END)`,
    ),
    substring: repeating(({ sql: s }, from) => between(s, from.sql, end(s))),
    substring_to: repeating(({ sql: s }, from, to = from) => between(s, from.sql, to.sql)),
  } as const satisfies Readonly<Record<string, Spelling>>
}

/** The truth value that a text says, from how a dialect compares texts; NULL where it says none. */
export const boolOfText = (compared: (s: Sql) => Sql = (s) => s): Spelling =>
  repeating(
    ({ sql: s }) =>
      sql`(CASE WHEN ${compared(s)} IN ('1', 't', 'true', 'TRUE', 'True') THEN true WHEN ${compared(s)} IN ('0', 'f', 'false', 'FALSE', 'False') THEN false END)`,
  )
