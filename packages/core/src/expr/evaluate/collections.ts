import type { Bytes, List, MapValue, Optional, Value } from '../value.ts'
import { equal, mapKey, numberOf, order } from './equality.ts'
import { error, type Outcome } from './implementation.ts'
import { kindOf } from './kinds.ts'

/** Most elements of a list that `lists.range` makes. */
const MAX_RANGE = 1_000_000n
const INVALID = error('invalid-argument')
const list = (values: readonly Value[]): Outcome => ({ list: values })
const NONE: Optional = { optional: undefined }
const some = (value: Value): Optional => ({ optional: value })

/** The element at a place; a place may be a whole number of another kind. */
function at({ list: values }: List, place: Value): Value | undefined {
  const number = numberOf(place)
  if (number === undefined || (typeof number === 'number' && !Number.isInteger(number))) return undefined
  return number < 0 || number >= values.length ? undefined : values[Number(number)]
}

function valueOf({ map }: MapValue, key: Value): Value | undefined {
  return map.get(mapKey(key) ?? '')?.value
}

/** What a list or a map in an optional holds at a place or under a key. */
function part(owner: Value, key: Value): Outcome {
  const kind = kindOf(owner)
  if (kind === 'list') return found(at(owner as List, key))
  return kind === 'map' ? found(valueOf(owner as MapValue, key)) : error('no-such-overload')
}

const found = (value: Value | undefined): Optional => (value === undefined ? NONE : some(value))
const inside = (o: Optional, find: (value: Value) => Outcome): Outcome =>
  o.optional === undefined ? NONE : find(o.optional)

function flatten(values: readonly Value[], depth: number): readonly Value[] {
  if (depth <= 0) return values
  return values.flatMap((value) =>
    typeof value === 'object' && 'list' in value ? flatten((value as List).list, depth - 1) : [value],
  )
}

/** In ascending order; stable. Undefined where two values have no order. */
export function sorted<T>(items: readonly T[], keyOf: (item: T) => Value): readonly T[] | undefined {
  const [first] = items
  if (first === undefined) return items
  if (items.some((item) => order(keyOf(item), keyOf(first)) === undefined)) return undefined
  return items.toSorted((a, b) => order(keyOf(a), keyOf(b)) ?? 0)
}

/** The root of the sum of squares; bounds keep every square, and the sum of them, an ordinary number in any database. */
function norm(elements: readonly number[]): Outcome {
  let sum = 0
  for (const element of elements) {
    const size = Math.abs(element)
    if (!(size <= 1e150)) return error('non-finite')
    if (size >= 1e-150) sum += element * element
  }
  return Math.sqrt(sum)
}

/** Lists and maps. */
export const collections = {
  eq_any: (a: Value, b: Value): Outcome => equal(a, b),
  ne_any: (a: Value, b: Value): Outcome => !equal(a, b),
  size_bytes: (a: Bytes): Outcome => BigInt(a.bytes.length),
  size_list: (a: List): Outcome => BigInt(a.list.length),
  norm_list: (a: List): Outcome => norm(a.list as readonly number[]),
  size_map: (a: MapValue): Outcome => BigInt(a.map.size),
  add_list: (a: List, b: List): Outcome => list([...a.list, ...b.list]),
  in_list: (a: Value, b: List): Outcome => b.list.some((element) => equal(a, element)),
  in_map: (a: Value, b: MapValue): Outcome => valueOf(b, a) !== undefined,
  index_list: (a: List, place: Value): Outcome => at(a, place) ?? INVALID,
  index_map: (a: MapValue, key: Value): Outcome => valueOf(a, key) ?? error('no-such-key'),
  find_list: (a: List, place: Value): Outcome => found(at(a, place)),
  find_map: (a: MapValue, key: Value): Outcome => found(valueOf(a, key)),
  find_optional_list: (a: Optional, place: Value): Outcome => inside(a, (value) => part(value, place)),
  find_optional_map: (a: Optional, key: Value): Outcome => inside(a, (value) => part(value, key)),
  index_optional_list: (a: Optional, place: Value): Outcome => inside(a, (value) => part(value, place)),
  index_optional_map: (a: Optional, key: Value): Outcome => inside(a, (value) => part(value, key)),
  slice: ({ list: values }: List, from: bigint, to: bigint): Outcome =>
    from < 0n || to > values.length || from > to ? INVALID : list(values.slice(Number(from), Number(to))),
  flatten: (a: List): Outcome => list(flatten(a.list, 1)),
  flatten_any: (a: List): Outcome => list(flatten(a.list, 1)),
  flatten_deep: (a: List, depth: bigint): Outcome =>
    depth < 0n ? INVALID : list(flatten(a.list, depth > 1000n ? 1000 : Number(depth))),
  sort: (a: List): Outcome => {
    const values = sorted(a.list, (value) => value)
    return values === undefined ? error('no-such-overload') : list(values)
  },
  distinct: (a: List): Outcome => list(distinct(a.list)),
  reverse_list: (a: List): Outcome => list(a.list.toReversed()),
  first: (a: List): Outcome => found(a.list[0]),
  last: (a: List): Outcome => found(a.list.at(-1)),
  range: (n: bigint): Outcome =>
    n > MAX_RANGE ? error('too-costly') : list(Array.from({ length: Math.max(0, Number(n)) }, (_, i) => BigInt(i))),
}

/** Scalars are told apart by their key, the rest one by one. */
function distinct(values: readonly Value[]): readonly Value[] {
  const keys = new Set<string>()
  const others: Value[] = []
  return values.filter((value) => {
    const key = mapKey(value)
    if (key !== undefined && value === value) return keys.has(key) ? false : keys.add(key) !== undefined
    if (others.some((other) => equal(other, value))) return false
    others.push(value)
    return true
  })
}
