import { integerLiteral, join, nearestName, type ProgramColumn, type Sql, sql, textLiteral } from '@plumbline/core'
import type { Database } from '../engines/database.ts'
import { nestedJson, pointer, stepsWithin, storedName } from './nested-cell.ts'
import type { RawSource } from './raw-source.ts'
import type { RelationColumn } from './relation.ts'

/** Rows that are looked at for what stands where a path ends, and names of a level that are told apart. */
const LOOKED_AT = 10_000n
const MOST_NAMES = 200n

/** A path that leads to no value in any row. */
export interface DeadPath {
  /** The declared column. */
  readonly column: string
  /** A sentence with the nearest path there is. */
  readonly says: string
}

/** How a database looks inside of stored cells. */
export interface NestedPlaces {
  /** The stored rows. */
  readonly from: Sql
  /** The cells of a stored column as JSON; undefined where they have no inside. */
  readonly json: (column: string) => Sql | undefined
  /** What stands at some steps within the JSON: NULL where nothing does, null of JSON being something. */
  readonly at: (json: Sql, steps: Steps) => Sql
  /** The keys (`name`) of objects at some steps within a column `json` of a FROM item, one row each; some may stand twice. */
  readonly keys: (rows: Sql, steps: Steps) => Sql
}

type Steps = readonly (string | number)[]

/** How the engine looks inside of the cells of files. */
export const placesInFiles = ({ from, columns }: RawSource): NestedPlaces => ({
  from,
  json(column) {
    const stored = columns.get(column)
    return stored === undefined ? undefined : nestedJson(stored.cell, stored.type)
  },
  at: (json, steps) => sql`json_type(${json}, ${textLiteral(pointer(steps))})`,
  keys(rows, steps) {
    const keys = steps.length === 0 ? sql`json_keys("json")` : sql`json_keys("json", ${textLiteral(pointer(steps))})`
    return sql`SELECT unnest(${keys}) AS "name" FROM ${rows}`
  },
})

/**
 * The paths of declared columns that lead to no value in any row: as many missing cells as rows look the same
 * where a key is misspelt. A key that is there with null in every row is no such path, and neither is one in a column that holds nothing.
 */
export async function deadPaths(
  session: Database,
  places: NestedPlaces,
  opened: { readonly from: Sql; readonly columns: ReadonlyMap<string, RelationColumn> },
  declared: readonly ProgramColumn[],
): Promise<readonly DeadPath[]> {
  const dead: DeadPath[] = []
  for (const column of declared) {
    const read = opened.columns.get(column.name)
    if (stepsWithin(column).length === 0 || read === undefined) continue
    const json = places.json(storedName(column))
    if (json === undefined || (await anyThere(session, opened.from, read))) continue
    const end = await endOfPath(session, places, json, stepsWithin(column))
    if (end !== undefined) dead.push({ column: column.name, says: sentence(column, end) })
  }
  return dead
}

/** Whether any row has a cell, be it one that cannot be read. What is not known counts as one. */
async function anyThere(session: Database, from: Sql, { cell, misfit }: RelationColumn): Promise<boolean> {
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
  session: Database,
  { from, at, keys }: NestedPlaces,
  json: Sql,
  steps: Steps,
): Promise<PathEnd | undefined> {
  const rows = sql`(SELECT ${json} AS "json" FROM ${from} LIMIT ${integerLiteral(LOOKED_AT)}) AS "rows"`
  for (let depth = 0; depth < steps.length; depth++) {
    const here = at(sql`"json"`, steps.slice(0, depth + 1))
    const reached = await session.query(sql`SELECT count("json") AS "any", count(${here}) AS "here" FROM ${rows}`)
    const count = (name: string): number => (reached.ok ? Number(reached.value.columns.get(name)?.[0] ?? 0) : 0)
    if (!reached.ok || count('any') === 0) return undefined
    if (count('here') > 0) continue
    const known = await session.query(
      sql`SELECT DISTINCT "name" FROM (${keys(rows, steps.slice(0, depth))}) AS "keys" ORDER BY 1 LIMIT ${integerLiteral(MOST_NAMES)}`,
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
