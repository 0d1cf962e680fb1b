import type { RecordValue, Value } from '../expr/value.ts'
import type { Asked } from './asked.ts'
import { candidatesOf } from './candidates.ts'
import { meets, onRow } from './confirm.ts'
import { orderedCells } from './order.ts'

/** Changes of a cell or two, after which the search gives up. */
const MOST_STEPS = 60
/** Pairs of values tried in one step. */
const MOST_PAIRS = 600

/**
 * Looks for a row that meets all demands by changing a cell or two at a time, each time for the fewest failing demands. It
 * finds most rows that there are in a fraction of the time that a solver takes to begin; not finding one means nothing.
 */
export function findRow(asked: readonly Asked[], start: RecordValue = new Map()): RecordValue | undefined {
  const readers = new Map<string, Asked[]>()
  for (const each of asked) for (const name of each.columns) readers.set(name, [...(readers.get(name) ?? []), each])
  if (start.size > 0) {
    const found = searched(asked, readers, start)
    if (found !== undefined) return found
  }
  // What is to lie in an order lies nowhere near it at first.
  for (const wide of [true, false]) {
    const cells = orderedCells(asked, wide)
    if (cells.size === 0 && (!wide || start.size > 0)) continue
    const found = searched(asked, readers, cells)
    if (found !== undefined) return found
  }
  return undefined
}

function searched(asked: readonly Asked[], readers: Readers, start: RecordValue): RecordValue | undefined {
  const known = new Map<string, readonly (Value | null)[]>()
  const valuesOf = (name: string): readonly (Value | null)[] => {
    const values = known.get(name) ?? candidatesOf(name, readers.get(name) ?? [])
    known.set(name, values)
    return values
  }
  let row = new Map(start)
  for (const [name, all] of readers) {
    if (row.has(name)) continue
    const own = all.filter(({ columns }) => columns.size === 1)
    const best = fewest(valuesOf(name), (value) => failingOf(own, new Map([[name, value]])).length)
    row.set(name, best ?? null)
  }
  let failing = failingOf(asked, row)
  for (let step = 0; step < MOST_STEPS && failing.length > 0; step++) {
    const better = improved(row, failing, readers, valuesOf)
    if (better === undefined) return undefined
    row = new Map([...row, ...better])
    failing = failingOf(asked, row)
  }
  return failing.length === 0 ? row : undefined
}

/** The demands that read a column. */
type Readers = ReadonlyMap<string, readonly Asked[]>

function failingOf(asked: Iterable<Asked>, row: RecordValue): readonly Asked[] {
  const valueOf = onRow(row)
  return [...asked].filter(({ demand }) => !meets(demand, valueOf))
}

type Change = readonly (readonly [name: string, value: Value | null])[]

/** The change of the cells of one failing demand after which the fewest fail; undefined where none leaves fewer than before. */
function improved(
  row: Map<string, Value | null>,
  failing: readonly Asked[],
  readers: Readers,
  valuesOf: (name: string) => readonly (Value | null)[],
): Change | undefined {
  let best: { readonly change: Change; readonly gain: number } | undefined
  const look = (change: Change): void => {
    const concerned = new Set(change.flatMap(([name]) => readers.get(name) ?? []))
    const before = failing.filter((each) => concerned.has(each)).length
    const old = change.map(([name]) => [name, row.get(name) ?? null] as const)
    for (const [name, value] of change) row.set(name, value)
    const gain = before - failingOf(concerned, row).length
    for (const [name, value] of old) row.set(name, value)
    if (gain > (best?.gain ?? 0)) best = { change, gain }
  }
  for (const { columns } of failing) {
    for (const name of columns)
      for (const value of [...valuesOf(name), ...neighbours(columns, name, row, valuesOf(name))]) look([[name, value]])
    if (best !== undefined) return best.change
  }
  for (const { columns } of failing) {
    let left = MOST_PAIRS
    for (const [first, second] of pairs([...columns]))
      for (const a of valuesOf(first))
        for (const b of valuesOf(second)) {
          if (left-- <= 0 || best !== undefined) continue
          look([
            [first, a],
            [second, b],
          ])
        }
    if (best !== undefined) return best.change
  }
  return undefined
}

/** What the other cells of a demand hold, and what lies beside that, as far as they are numbers of the column's own kind. */
function neighbours(
  columns: ReadonlySet<string>,
  name: string,
  row: RecordValue,
  values: readonly (Value | null)[],
): readonly Value[] {
  const kind = typeof values.find((value) => value !== null)
  return [...columns].flatMap((other): readonly Value[] => {
    const cell = other === name ? null : (row.get(other) ?? null)
    if (typeof cell !== kind) return []
    if (typeof cell === 'bigint') return [cell, cell - 1n, cell + 1n]
    return typeof cell === 'number' ? [cell, cell - 1, cell + 1] : []
  })
}

function pairs(names: readonly string[]): readonly (readonly [string, string])[] {
  return names.flatMap((first, i) => names.slice(i + 1).map((second) => [first, second] as const))
}

function fewest<T>(items: readonly T[], cost: (item: T) => number): T | undefined {
  let best: { readonly item: T; readonly cost: number } | undefined
  for (const item of items) {
    const of = cost(item)
    if (best === undefined || of < best.cost) best = { item, cost: of }
    if (of === 0) break
  }
  return best?.item
}
