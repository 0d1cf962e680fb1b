import type { List, Value } from '../value.ts'
import { equal, mapKey } from './equality.ts'
import type { Outcome } from './implementation.ts'

/** A test of membership: scalars are looked up, the rest compared one by one. */
function memberOf({ list }: List): (value: Value) => boolean {
  const keys = new Set(list.flatMap((value) => (value === value ? (mapKey(value) ?? []) : [])))
  const others = list.filter((value) => mapKey(value) === undefined)
  return (value) => {
    const key = mapKey(value)
    return key === undefined ? others.some((other) => equal(other, value)) : value === value && keys.has(key)
  }
}

/** Lists as sets. */
export const sets = {
  sets_contains: (a: List, b: List): Outcome => b.list.every(memberOf(a)),
  sets_equivalent: (a: List, b: List): Outcome => a.list.every(memberOf(b)) && b.list.every(memberOf(a)),
  sets_intersects: (a: List, b: List): Outcome => a.list.some(memberOf(b)),
}
