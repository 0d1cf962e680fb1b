import { type ProgramColumn, type Sql, sql, textLiteral } from '@plumbline/core'

/** A cell within a stored one, as text, and where what is stored has no inside. */
export interface NestedCell {
  /** NULL where it is not there, or null. */
  readonly cell: Sql
  /** TRUE where the stored cell is neither missing nor an object or array. */
  readonly broken: Sql
}

/** The column of the data that holds the cells of a declared column. */
export const storedName = ({ name, path }: Pick<ProgramColumn, 'name' | 'path'>): string => path?.[0] ?? name

/** Keys of objects and places in arrays that lead from the stored cell to that of the column; none where it is the cell itself. */
export const stepsWithin = ({ path }: Pick<ProgramColumn, 'path'>): readonly (string | number)[] => path?.slice(1) ?? []

/** The cell at some steps within JSON text, or within a struct or list of DuckDB. */
export function nestedCell(raw: Sql, sourceType: string, steps: readonly (string | number)[]): NestedCell {
  const json = nestedJson(raw, sourceType)
  const cell = sql`json_extract_string(${json}, ${textLiteral(pointer(steps))})`
  const has = sql`coalesce(json_type(${json}) IN ('OBJECT', 'ARRAY'), FALSE)`
  return { cell, broken: sql`(${raw} IS NOT NULL AND NOT ${has})` }
}

/** What is stored, as JSON; NULL where it is a text that is none. */
export const nestedJson = (raw: Sql, sourceType: string): Sql =>
  /^(VARCHAR|JSON)$/.test(sourceType) ? sql`CASE WHEN json_valid(${raw}) THEN ${raw} END` : sql`to_json(${raw})`

/** RFC 6901: `/address/city`, `/items/0`. */
export const pointer = (steps: readonly (string | number)[]): string =>
  steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
