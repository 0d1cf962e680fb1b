import { columnText, quotedText, roleHints } from '@plumbline/core'
import type { DraftColumn, DraftRows } from './rows.ts'

/** Named subsets that a column of the data tells apart. */
export interface Splits {
  readonly column: DraftColumn
  readonly conditions: ReadonlyMap<string, string>
}

const NAMES = /^(train|training|test|testing|valid|validation|val|dev|holdout|calibration|fresh|later)$/i

/** A column whose name and values say that it divides the rows into splits; `fold` and the like are a person's to read. */
export function splitsOf({ columns }: DraftRows): Splits | undefined {
  for (const column of columns) {
    const { name, type, values, missing } = column.profile
    const hint = roleHints(name)
    if (missing > 0) continue
    const term = columnText(name)
    const two =
      type === 'boolean'
        ? ['false', 'true']
        : values?.length === 2 && values[0] === 0 && values[1] === 1
          ? ['0', '1']
          : undefined
    if (hint.split && two !== undefined && /is_?(test|train|valid|validation)/i.test(name)) {
      const positive = /train/i.test(name) ? 'train' : /valid/i.test(name) ? 'valid' : 'test'
      const other = positive === 'train' ? 'test' : 'train'
      const written = (value: string | undefined): string =>
        type === 'boolean' ? (value === 'true' ? term : `!${term}`) : `${term} == ${value}`
      const entries: [string, string][] = [
        [other, written(two[0])],
        [positive, written(two[1])],
      ]
      return { column, conditions: new Map(entries.toSorted(([a]) => (a === 'train' ? -1 : 1))) }
    }
    const named = values?.every((value) => typeof value === 'string' && NAMES.test(value)) === true
    if (type === 'category' && values !== undefined && values.length >= 2 && named) {
      const conditions = new Map(
        values.map((value) => [String(value).toLowerCase(), `${term} == ${quotedText(String(value))}`]),
      )
      if (conditions.size === values.length) return { column, conditions }
    }
  }
  return undefined
}
