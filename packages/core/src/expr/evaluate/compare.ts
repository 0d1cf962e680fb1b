import type { Duration, Timestamp } from '../value.ts'

/** Negative, zero or positive, as `a` is before, equal to or after `b`. */
type Order<A, B = A> = (a: A, b: B) => number

/** Also for int beside double: the language compares the exact numbers of a bigint and a number. */
const numeric: Order<bigint | number> = (a, b) => (a < b ? -1 : a > b ? 1 : 0)

/** By code point. `<` on strings compares UTF-16 units, which puts U+1F600 before U+FFFD. */
export const compareText: Order<string> = (a, b) => {
  const [left, right] = [[...a], [...b]]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

const boolean: Order<boolean> = (a, b) => Number(a) - Number(b)
const timestamp: Order<Timestamp> = (a, b) => numeric(a.timestamp, b.timestamp)
const duration: Order<Duration> = (a, b) => numeric(a.duration, b.duration)

const overloads = <Test extends (order: number) => boolean>(test: Test) => ({
  int: (a: bigint, b: bigint) => test(numeric(a, b)),
  double: (a: number, b: number) => test(numeric(a, b)),
  int_double: (a: bigint, b: number) => test(numeric(a, b)),
  double_int: (a: number, b: bigint) => test(numeric(a, b)),
  string: (a: string, b: string) => test(compareText(a, b)),
  bool: (a: boolean, b: boolean) => test(boolean(a, b)),
  timestamp: (a: Timestamp, b: Timestamp) => test(timestamp(a, b)),
  duration: (a: Duration, b: Duration) => test(duration(a, b)),
})

/** The six comparisons for every pair of kinds that may be compared. */
export const comparisons = {
  lt: overloads((order) => order < 0),
  le: overloads((order) => order <= 0),
  gt: overloads((order) => order > 0),
  ge: overloads((order) => order >= 0),
  eq: overloads((order) => order === 0),
  ne: overloads((order) => order !== 0),
}
