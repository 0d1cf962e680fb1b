import { mutate, specialValues, uniformPoint } from '../falsify/draw.ts'
import { type CellValue, type Point, type Row, spaceOf } from '../falsify/domain.ts'
import type { Random } from '../falsify/random.ts'
import { edges, type SpecColumn } from './columns.ts'
import type { Reference } from './reference.ts'

/** What rows are drawn from. */
export interface RowSource {
  readonly columns: readonly SpecColumn[]
  readonly reference: Reference
  /** Actual rows: drawn rows take their keys from them, and start from them where the domain is hard to hit. */
  readonly real: readonly Row[]
}

/** Draws given up for one row. */
const TRIES = 40

/** Whether no clause on the input finds anything, those that only flag included. `changed`: since it was known to be so. */
export function isValid(reference: Reference, row: Row, changed?: readonly string[]): boolean {
  const judged = reference.judgeInput(row, changed)
  return !judged.refused && judged.enforced.length === 0 && judged.flagged.length === 0
}

/**
 * At most `count` rows of the declared domain that satisfy every clause on the input: half drawn uniformly, half made
 * from actual rows by small changes; fewer where the clauses admit few.
 */
export function drawValidRows({ columns, reference, real }: RowSource, count: number, random: Random): readonly Row[] {
  const space = spaceOf([{ kind: 'record', name: 'x', columns: columns.map(({ domain }) => domain), rows: real }])
  if (typeof space === 'string') return []
  const specials = space.coordinates.map(specialValues)
  const keysOf = (i: number): Row => withoutColumns(real[i % Math.max(1, real.length)], columns)
  const rowAt = (point: Point, i: number): Row =>
    new Map([...keysOf(i), ...columns.map(({ name }, c): [string, CellValue] => [name, point[c] ?? null])])
  const draw = (i: number): Point => {
    const start = i % 2 === 1 ? space.starts[random.int(Math.max(1, space.starts.length))] : undefined
    return start === undefined ? uniformPoint(space, random) : mutate(start, space, specials, random)
  }
  const rows: Row[] = []
  for (let tries = 0; rows.length < count && tries < count * TRIES; tries++) {
    const row = rowAt(draw(tries), rows.length)
    if (isValid(reference, row)) rows.push(row)
  }
  return rows
}

function withoutColumns(row: Row | undefined, columns: readonly SpecColumn[]): Row {
  const own = new Set(columns.map(({ name }) => name))
  return new Map([...(row ?? [])].filter(([name]) => !own.has(name)))
}

/** A row with one column at an edge of its domain. */
export interface EdgeRow {
  readonly row: Row
  readonly column: string
  readonly value: CellValue
}

/**
 * Each edge of each column on a valid row, preferably one that stays valid: range ends, integer edges, every code, null
 * where optional. What the clauses say of it is the reference's to tell.
 */
export function edgeRows({ columns, reference }: RowSource, valid: readonly Row[]): readonly EdgeRow[] {
  return columns.flatMap((column) =>
    edges(column).flatMap((value): readonly EdgeRow[] => {
      const made = valid.map((base): Row => new Map(base).set(column.name, value))
      const row = made.find((each) => isValid(reference, each, [column.name])) ?? made[0]
      return row === undefined ? [] : [{ row, column: column.name, value }]
    }),
  )
}
