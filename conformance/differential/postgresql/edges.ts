import type { Expr } from '../../../packages/core/src/expr/expr.ts'
import { type RowFunctionName, rowFunctions } from '../../../packages/core/src/expr/functions/row-functions.ts'
import { DOUBLE, INT, STRING, type Type } from '../../../packages/core/src/expr/type.ts'
import type { Value } from '../../../packages/core/src/expr/value.ts'
import type { Random } from '../../../packages/core/src/stats/prng.ts'
import type { Group } from '../group.ts'
import { chance, pick } from '../../../packages/core/src/fuzz/choose.ts'
import { hostileInts } from '../../../packages/core/src/fuzz/hostile-values.ts'
import { near as nearInt } from '../pools.ts'

const view = new DataView(new ArrayBuffer(8))

/** The float64 of these bits. */
function ofBits(bits: bigint): number {
  view.setBigUint64(0, bits)
  return view.getFloat64(0)
}

/** The float64 that is `steps` further from zero (or nearer, if negative). */
function next(value: number, steps: number): number {
  view.setFloat64(0, value)
  const moved = ofBits(view.getBigUint64(0) + BigInt(steps))
  return Number.isNaN(moved) ? value : moved
}

const word = (random: Random): bigint => (BigInt(random.int(2 ** 31)) << 32n) | BigInt(random.int(2 ** 31) * 2)
const signed = (random: Random, value: number): number => (chance(random, 0.5) ? value : -value)

/** Any finite float64, of any size. */
function anyDouble(random: Random): number {
  const found = ofBits(word(random) & ~(1n << 63n))
  return Number.isFinite(found) ? found : anyDouble(random)
}

/** A number in [1, 2). */
const mantissa = (random: Random): number => (chance(random, 0.3) ? 1 + random.int(8) / 8 : 1 + random.float())

const specials: readonly number[] = [Infinity, 0, 1, Number.MAX_VALUE, 5e-324]

/** Pairs whose sum, product or quotient lies at the border of overflow, or of underflow to zero, to the last bit. */
function edgePair(random: Random): readonly [number, number] {
  if (chance(random, 0.05)) return [signed(random, pick(random, specials)), signed(random, pick(random, specials))]
  const [a, b] = borderPair(random)
  const near = (value: number): number => (chance(random, 0.5) && value !== 0 ? next(value, random.int(5) - 2) : value)
  const pair = [signed(random, near(a)), signed(random, near(b))] as const
  return chance(random, 0.5) ? pair : [pair[1], pair[0]]
}

function borderPair(random: Random): readonly [number, number] {
  const m = mantissa(random)
  switch (random.int(6)) {
    case 0: {
      // The sum is the greatest number and half a step more.
      return [
        pick(random, [Number.MAX_VALUE, 2 ** 1023, m * 2 ** 1023]),
        pick(random, [2 ** 970, 2 ** 969, m * 2 ** 970, m * 2 ** 1022]),
      ]
    }
    case 1: {
      const exponent = random.int(1000)
      return [m * 2 ** exponent, (1 / m) * 2 ** (1023 - exponent) * pick(random, [1, 2])]
    }
    case 2: {
      // The product is 2^-1075, which is a tie between 0 and the least number, and its neighbours.
      const exponent = random.int(1074)
      return [m * 2 ** -exponent, (1 / m) * 2 ** (exponent - 1074) * pick(random, [1, 0.5, 2])]
    }
    case 3: {
      const exponent = 2 ** (random.int(60) - 1074)
      const small = exponent * (1 + random.int(1000))
      return [small, Math.min(small * 2 ** 1000 * 2 ** 75, Number.MAX_VALUE)]
    }
    case 4: {
      const divisor = m * 2 ** (-1 - random.int(1072))
      return [divisor * 2 ** 1000 * pick(random, [2 ** 23, 2 ** 24]), divisor]
    }
    default:
      return [anyDouble(random), anyDouble(random)]
  }
}

const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => String(random.int(10))).join('')

const halfOfLeast = String(5n ** 1075n)
const halfAboveGreatest = String(2n ** 1024n - 2n ** 970n)

/** Decimals at the borders of float64 and int64: ties written out in full, long zeros, large exponents. */
function edgeText(random: Random): string {
  const sign = pick(random, ['', '-', '+'])
  switch (random.int(7)) {
    case 0: {
      const tail = pick(random, ['', '0', '000', '1', '00001'])
      const text = pick(random, [halfAboveGreatest, String(BigInt(halfAboveGreatest) - 1n)])
      return `${sign}${text}${pick(random, ['', '.0', `.${tail || '0'}`])}${pick(random, ['', 'e0', 'e-00'])}`
    }
    case 1: {
      const text = pick(random, [halfOfLeast, String(BigInt(halfOfLeast) - 1n), `${halfOfLeast}0`, `${halfOfLeast}1`])
      const shift = text.length - halfOfLeast.length
      return `${sign}${text}e-${1075 + shift}`
    }
    case 2:
      return `${sign}0.${'0'.repeat(random.int(400))}${digits(random, 1 + random.int(20))}e${pick(random, ['', '+', '-'])}${random.int(800)}`
    case 3:
      return `${sign}${digits(random, 1 + random.int(5))}e${pick(random, ['', '+', '-'])}${pick(random, ['308', '309', '324', '323', '325', '000308', '99999999999', '4000000000', '0'])}`
    case 4:
      return `${sign}${'0'.repeat(random.int(30))}${pick(random, ['9223372036854775807', '9223372036854775808', '9223372036854775809', '1000000000000000000', digits(random, 19), digits(random, 18), digits(random, 25)])}`
    case 5:
      return `${sign}${digits(random, 1 + random.int(30))}.${digits(random, 1 + random.int(30))}`
    default:
      return pick(random, [
        '',
        '+',
        '1.',
        '.1',
        '1e',
        '1e+',
        '0x1',
        '1 ',
        ' 1',
        '1\n',
        '٣',
        '--1',
        '1e5.0',
        '1.2.3',
        'Infinity',
        'NaN',
        '1_0',
        '0',
        '-0',
        '0e9',
        '0.0e-99999999999',
      ])
  }
}

const column = (name: string, type: Type): Expr => ({ node: 'column', type, name })
const call = (fn: RowFunctionName, ...args: readonly Expr[]): Expr => ({
  node: 'call',
  type: rowFunctions[fn].result,
  fn,
  args,
})
const [x, y] = [column('x', DOUBLE), column('a b', DOUBLE)]
const [a, b] = [column('a', INT), column('constructor', INT)]
const s = column('s', STRING)

const ofFloats = (['add_double', 'sub_double', 'mul_double', 'div_double'] as const).map((fn) => call(fn, x, y))
const ofInts = [
  ...(['add_int', 'sub_int', 'mul_int', 'div_int', 'mod_int'] as const).map((fn) => call(fn, a, b)),
  ...(['lt', 'le', 'gt', 'ge', 'eq', 'ne'] as const).map((op) => call(`${op}_int_double`, a, x)),
  call('neg_int', a),
  call('abs_int', a),
]
const ofTexts = [call('double_of_string', s), call('int_of_string', s)]

function intCells(random: Random): readonly (readonly [string, Value])[] {
  const int = nearInt(random, pick(random, hostileInts))
  return [
    ['a', int],
    ['constructor', pick(random, [-1n, 0n, 1n, 2n, nearInt(random, pick(random, hostileInts))])],
    ['x', Number(nearInt(random, int)) + pick(random, [0, 0.5, -0.5])],
  ]
}

function floatCells(random: Random): readonly (readonly [string, Value])[] {
  const [left, right] = edgePair(random)
  return [
    ['x', left],
    ['a b', right],
  ]
}

const ROWS = 150

/** Arithmetic of floats, arithmetic of ints and ints beside floats, and texts as numbers, each where it errs or just does not. */
export function edgeGroups(random: Random): readonly [floats: Group, ints: Group, texts: Group] {
  const group = (exprs: readonly Expr[], cells: () => readonly (readonly [string, Value])[]): Group => ({
    exprs,
    rows: Array.from({ length: ROWS }, () => ({ cells: new Map(cells()), hostile: true })),
  })
  return [
    group(ofFloats, () => floatCells(random)),
    group(ofInts, () => intCells(random)),
    group(ofTexts, () => [['s', edgeText(random)]]),
  ]
}
