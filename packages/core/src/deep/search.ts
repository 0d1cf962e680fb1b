import type { RecordValue, Value } from '../expr/value.ts'
import type { Asked } from './asked.ts'
import { candidatesOf } from './candidates.ts'
import { meets, onRow } from './confirm.ts'

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
  const values = new Map([...readers].map(([name, all]) => [name, candidatesOf(name, all)]))
  let row = new Map(start)
  for (const [name, tried] of values) {
    if (row.has(name)) continue
    const own = (readers.get(name) ?? []).filter(({ columns }) => columns.size === 1)
    const best = fewest(tried, (value) => failingOf(own, new Map([[name, value]])).length)
    row.set(name, best ?? null)
  }
  let failing = failingOf(asked, row)
  for (let step = 0; step < MOST_STEPS && failing.length > 0; step++) {
    const better = improved(row, failing, readers, values)
    if (better === undefined) return undefined
    row = new Map([...row, ...better])
    failing = failingOf(asked, row)
  }
  return failing.length === 0 ? row : undefined
}

function failingOf(asked: Iterable<Asked>, row: RecordValue): readonly Asked[] {
  const valueOf = onRow(row)
  return [...asked].filter(({ demand }) => !meets(demand, valueOf))
}

type Change = readonly (readonly [name: string, value: Value | null])[]

/** The change of the cells of one failing demand after which the fewest fail; undefined where none leaves fewer than before. */
function improved(
  row: RecordValue,
  failing: readonly Asked[],
  readers: ReadonlyMap<string, readonly Asked[]>,
  values: ReadonlyMap<string, readonly (Value | null)[]>,
): Change | undefined {
  let best: { readonly change: Change; readonly gain: number } | undefined
  const look = (change: Change): void => {
    const concerned = new Set(change.flatMap(([name]) => readers.get(name) ?? []))
    const before = failing.filter((each) => concerned.has(each)).length
    const gain = before - failingOf(concerned, new Map([...row, ...change])).length
    if (gain > (best?.gain ?? 0)) best = { change, gain }
  }
  for (const { columns } of failing) {
    for (const name of columns) for (const value of values.get(name) ?? []) look([[name, value]])
    if (best !== undefined) return best.change
  }
  for (const { columns } of failing) {
    let left = MOST_PAIRS
    for (const [first, second] of pairs([...columns]))
      for (const a of values.get(first) ?? [])
        for (const b of values.get(second) ?? []) {
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
