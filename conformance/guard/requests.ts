import type { stats, Value } from '@plumbline/core'

/** A raw value, and what it is, said by whoever made it. */
interface Made {
  readonly raw: unknown
  readonly truth: { readonly cell: Value | null } | 'wrong type' | 'unsafe'
}

/** A generated request row and answer. */
export interface Generated {
  readonly raw: Readonly<Record<string, unknown>>
  readonly outputs: Readonly<Record<string, unknown>>
  /** Cells by column of keys, inputs and outputs; what is not given is null. */
  readonly cells: ReadonlyMap<string, Value | null>
  readonly wrong: readonly string[]
  readonly unsafe: readonly string[]
  readonly unknown: readonly string[]
}

const is = (raw: unknown, cell: Value | null): Made => ({ raw, truth: { cell } })
const wrong = (raw: unknown): Made => ({ raw, truth: 'wrong type' })
const unsafe = (raw: unknown): Made => ({ raw, truth: 'unsafe' })

const WRONG_FOR_ALL: readonly unknown[] = [{}, [], [1], { age: 1 }, Symbol.iterator, () => 1]
const BIG = 2 ** 53
const micros = (text: string): bigint => BigInt(Date.parse(text)) * 1000n

type Pools = Readonly<Record<'int' | 'double' | 'bool' | 'text' | 'at', { readonly odd: readonly Made[] }>>

const ODD: Pools = {
  int: {
    odd: [
      ...['7', '', 1.5, true, Infinity, -Infinity, 5e-324, '0x10'].map(wrong),
      ...[BIG, -BIG, BIG + 2, 1e300, 2n ** 53n, -(2n ** 63n), 2n ** 70n].map(unsafe),
      is(-0, 0n),
      is(9n, 9n),
      is(BIG - 1, 2n ** 53n - 1n),
      is(1 - BIG, 1n - 2n ** 53n),
      is(9007199254740991n, 9007199254740991n),
      is(NaN, null),
    ],
  },
  double: {
    odd: [
      ...['1.5', '', false, 'NaN'].map(wrong),
      ...[2n ** 53n, -(2n ** 70n)].map(unsafe),
      is(Infinity, Infinity),
      is(-Infinity, -Infinity),
      is(-0, -0),
      is(5e-324, 5e-324),
      is(Number.MAX_VALUE, Number.MAX_VALUE),
      is(1e300, 1e300),
      is(3n, 3),
      is(NaN, null),
    ],
  },
  bool: { odd: [is(1, true), is(0, false), is(-0, false), ...['true', 2, '', 1n, 0.5].map(wrong), is(NaN, null)] },
  text: {
    odd: [
      ...[1, true, 7n, '\ud83d', 'a\udc00b', Infinity].map(wrong),
      is('', ''),
      is('😀', '😀'),
      is('\uffff', '\uffff'),
      is('<b>', '<b>'),
      is('it\'s "x"', 'it\'s "x"'),
      is('Ulm ', 'Ulm '),
      is('ulm', 'ulm'),
      is('Ko\u0308ln', 'Ko\u0308ln'),
      is('__proto__', '__proto__'),
      is('x'.repeat(300), 'x'.repeat(300)),
      is('😀😀😀😀😀😀', '😀😀😀😀😀😀'),
    ],
  },
  at: {
    odd: [
      ...['2020-02-30T00:00:00Z', '2020-01-01', '2020-01-01T00:00:00', 'now', '', '2020-01-01t00:00:00z', true].map(
        wrong,
      ),
      ...['0000-01-01T00:00:00Z', '2020-01-01T24:00:00Z', '2020-01-01T00:00:60Z', '2020-01-01T00:00:00.1234567Z'].map(
        wrong,
      ),
      ...[1.5, Infinity].map(wrong),
      ...[BIG, 2n ** 60n].map(unsafe),
      is('9999-12-31T23:59:59.999999Z', 253402300799999999n),
      is('2000-02-29T12:00:00.5+01:30', micros('2000-02-29T10:30:00.500Z')),
      is('1969-12-31T23:59:59.999999Z', -1n),
      is('1995-12-31T23:59:59-00:30', micros('1996-01-01T00:29:59Z')),
      is(0, 0n),
      is(-1, -1n),
      is(1_577_836_800_000_000, 1_577_836_800_000_000n),
    ].map((made): Made => {
      if (typeof made.truth !== 'object' || typeof made.truth.cell !== 'bigint') return made
      return is(made.raw, { timestamp: made.truth.cell })
    }),
  },
}

/** Makes one row; hostility differs from row to row. */
export function generate(random: stats.Random, id: number): Generated {
  // A calm row satisfies the clauses on the input.
  const calm = random.int(4) === 0
  const hostile = calm ? 0 : random.int(3) === 0 ? 0.3 : 0.02
  const absent = calm ? 0 : ([0, 0.05, 0.5][random.int(3)] as number)
  const pick = <T>(items: readonly T[]): T => items[random.int(items.length)] as T
  const odd = (kind: keyof Pools): Made => (random.int(8) === 0 ? wrong(pick(WRONG_FOR_ALL)) : pick(ODD[kind].odd))
  const int = (low: number, high: number): Made => {
    const value = low + random.int(high - low + 1)
    return is(value, BigInt(value))
  }
  const double = (low: number, high: number): Made => {
    const value = low + random.float() * (high - low)
    return is(value, value)
  }
  const text = (of: readonly string[]): Made => {
    const value = pick(of)
    return is(value, value)
  }
  const plain: Readonly<Record<string, readonly [keyof Pools, () => Made]>> = {
    id: ['int', () => is(id, BigInt(id))],
    age: ['int', () => (calm ? int(41, 99) : int(16, 103))],
    debt: ['int', () => (calm ? int(0, 90) : random.int(20) === 0 ? int(9_000_000, 9_000_001) : int(-500, 2_000_000))],
    income: ['double', () => (calm ? double(500, 9000) : random.int(20) === 0 ? is(0, 0) : double(-10, 1_000_100))],
    ratio: ['double', () => (random.int(20) === 0 ? is(0, 0) : double(0, 1000))],
    city: ['text', () => text(calm ? ['Ulm', 'Köln'] : ['Ulm', 'Köln', 'Paris', 'Paris', 'Rom'])],
    grade: ['int', () => int(0, 4)],
    note: ['text', () => text(calm ? ['ok', 'ä'] : ['ok', 'later', 'a longer note', 'ä', ''])],
    member: ['bool', () => (calm ? is(true, true) : pick([is(true, true), is(false, false)]))],
    since: [
      'at',
      () => {
        const at =
          BigInt(random.int(2 ** 31)) * (calm ? 500_000n : 2_000_003n) +
          (calm ? micros('2001-01-01T00:00:00Z') : -(10n ** 15n))
        return is(Number(at), { timestamp: at })
      },
    ],
    constructor: ['int', () => (calm ? int(4, 10) : int(0, 10))] as const,
    risk: ['double', () => double(-0.05, 1.05)],
    band: ['text', () => text(['low', 'high', 'high', 'mid'])],
  }
  const raw: Record<string, unknown> = {}
  const outputs: Record<string, unknown> = {}
  const cells = new Map<string, Value | null>()
  const found = { wrong: [] as string[], unsafe: [] as string[], unknown: [] as string[] }
  for (const [name, [kind, make]] of Object.entries(plain)) {
    const into = name === 'risk' || name === 'band' ? outputs : raw
    cells.set(name, null)
    if (random.float() < absent) {
      if (random.int(2) === 0) into[name] = pick([null, undefined])
      continue
    }
    const made = random.float() < hostile ? odd(kind) : make()
    into[name] = made.raw
    if (made.truth === 'wrong type') found.wrong.push(name)
    else if (made.truth === 'unsafe') found.unsafe.push(name)
    else cells.set(name, made.truth.cell)
  }
  if (!calm && random.int(40) === 0) {
    const name = pick(['Age', 'age ', 'toString', '__proto__', 'valueOf', 'risk', 'default', '_at', ''])
    Object.defineProperty(raw, name, { value: 1, enumerable: true, configurable: true, writable: true })
    found.unknown.push(name)
  }
  return { raw, outputs, cells, ...found }
}
