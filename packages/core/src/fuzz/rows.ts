import type { ProgramColumn } from '../clause/program.ts'
import type { RecordValue, Value } from '../expr/value.ts'
import type { Random } from '../stats/prng.ts'
import { chance } from './choose.ts'
import type { Constants } from './constants.ts'
import { createCellDrawer } from './draw-cell.ts'

/** A generated row, and whether any of its cells is hostile. A cell that is null or NaN is missing. */
export interface GeneratedRow {
  readonly cells: RecordValue
  readonly hostile: boolean
}

/**
 * Rows of declared columns, without end: a third as declared; a third with hostile cells here and there (missing,
 * infinite, edges of int64 and of calendars, odd texts); in the last third cells stand near the constants of the
 * expressions, where a comparison is decided by the last bit, and numbers meet each other.
 */
export function* generateRows(
  random: Random,
  columns: readonly ProgramColumn[],
  constants: ReadonlyMap<string, Constants>,
): Generator<GeneratedRow, never> {
  const draw = createCellDrawer(random, constants)
  for (;;) {
    const form = random.int(3)
    const rate = form === 0 ? 0 : form === 1 ? 0.1 + 0.5 * random.float() : 0.1
    let hostile = false
    let shared: Value | null = null
    const cells = columns.map((column): [string, Value | null] => {
      if (chance(random, rate)) {
        hostile = true
        return [column.name, draw.hostile(column)]
      }
      if (form !== 2) return [column.name, draw.allowed(column)]
      const meets = chance(random, 0.3) ? asKind(shared, column) : undefined
      const cell = meets ?? draw.near(column)
      shared = cell
      return [column.name, cell]
    })
    yield { cells: new Map(cells), hostile }
  }
}

/** The same number, or the same value, as a cell of the column; undefined where it has none. */
function asKind(value: Value | null, { type, values }: ProgramColumn): Value | undefined {
  if (value === null || values !== undefined || type.kind === 'list') return undefined
  if (type.kind === 'double') return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined
  if (type.kind === 'int') {
    if (typeof value === 'bigint') return value
    return typeof value === 'number' && Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : undefined
  }
  if (type.kind === 'string') return typeof value === 'string' ? value : undefined
  return typeof value === 'object' && type.kind in value ? value : undefined
}
