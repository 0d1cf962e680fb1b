import { integerLiteral, join, nearestName, type ProgramColumn, type Sql, sql, textLiteral } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { nestedJson, pointer, stepsWithin, storedName } from './nested-cell.ts'
import type { RawSource } from './raw-source.ts'
import type { RelationColumn } from './relation.ts'

/** Rows that are looked at for what stands where a path ends, and names of a level that are told apart. */
const LOOKED_AT = 10_000n
const MOST_NAMES = 200n

/**
 * The paths of declared columns that lead to no value in any row, a sentence each: as many missing cells as rows look the same
 * where a key is misspelt. A key that is there with null in every row is no such path, and neither is one in a column that holds nothing.
 */
export async function deadPaths(
  session: Session,
  source: RawSource,
  opened: { readonly from: Sql; readonly columns: ReadonlyMap<string, RelationColumn> },
  declared: readonly ProgramColumn[],
): Promise<readonly string[]> {
  const notes: string[] = []
  for (const column of declared) {
    const read = opened.columns.get(column.name)
    const stored = source.columns.get(storedName(column))
    if (stepsWithin(column).length === 0 || read === undefined || stored === undefined) continue
    if (await anyThere(session, opened.from, read)) continue
    const end = await endOfPath(session, source.from, nestedJson(stored.cell, stored.type), stepsWithin(column))
    if (end !== undefined) notes.push(sentence(column, end))
  }
  return notes
}

/** Whether any row has a cell, be it one that cannot be read. What is not known counts as one. */
async function anyThere(session: Session, from: Sql, { cell, misfit }: RelationColumn): Promise<boolean> {
  const there = [cell, ...(misfit === undefined ? [] : [misfit])].map((each) => sql`${each} IS NOT NULL`)
  const found = await session.query(sql`SELECT 1 AS "one" FROM ${from} WHERE ${join(there, sql` OR `)} LIMIT 1`)
  return !found.ok || found.value.rows > 0
}

interface PathEnd {
  /** How many steps lead somewhere. */
  readonly depth: number
  /** The keys there are instead; none where there is no object. */
  readonly names: readonly string[]
}

/** Where a path ends before it is over; undefined where it does not, or nothing is stored at all. */
async function endOfPath(
  session: Session,
  from: Sql,
  json: Sql,
  steps: readonly (string | number)[],
): Promise<PathEnd | undefined> {
  const rows = sql`(SELECT ${json} AS "json" FROM ${from} LIMIT ${integerLiteral(LOOKED_AT)})`
  for (let depth = 0; depth < steps.length; depth++) {
    const at = textLiteral(pointer(steps.slice(0, depth + 1)))
    const reached = await session.query(
      sql`SELECT count(json_type("json")) AS "any", count(json_type("json", ${at})) AS "here" FROM ${rows} AS "rows"`,
    )
    const count = (name: string): number => (reached.ok ? Number(reached.value.columns.get(name)?.[0] ?? 0) : 0)
    if (!reached.ok || count('any') === 0) return undefined
    if (count('here') > 0) continue
    const above = textLiteral(pointer(steps.slice(0, depth)))
    const keys = depth === 0 ? sql`json_keys("json")` : sql`json_keys("json", ${above})`
    const known = await session.query(
      sql`SELECT DISTINCT unnest(${keys}) AS "name" FROM ${rows} AS "rows" ORDER BY 1 LIMIT ${integerLiteral(MOST_NAMES)}`,
    )
    return { depth, names: known.ok ? (known.value.columns.get('name') ?? []).map(String) : [] }
  }
  return undefined
}

function sentence(column: ProgramColumn, { depth, names }: PathEnd): string {
  const path = column.path ?? []
  const upTo = path.slice(0, depth + 1)
  const missing = String(path[depth + 1])
  const near = nearestName(missing, names)
  const instead =
    near !== undefined
      ? ` Did you mean ${written([...upTo, near, ...path.slice(depth + 2)])}?`
      : names.length > 0
        ? ` There it has: ${names.slice(0, 20).join(', ')}.`
        : ` No object with keys stands there.`
  return `The path ${written(path)} of the column ${column.name} leads to no value in any row: ${written(upTo)} has no ${missing}.${instead}`
}

const written = (path: readonly (string | number)[]): string => path.join('.')
