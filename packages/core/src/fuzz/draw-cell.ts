import type { ProgramColumn } from '../clause/program.ts'
import { type PatternProgram, patternProgram } from '../expr/pattern/program.ts'
import type { ScalarKind } from '../expr/type.ts'
import type { Value } from '../expr/value.ts'
import { imageText } from '../images/image-value.ts'
import type { Random } from '../stats/prng.ts'
import { chance, pick } from './choose.ts'
import type { Constants } from './constants.ts'
import { stepped } from './float64.ts'
import {
  hostileDoubles,
  hostileDurations,
  hostileInts,
  hostileTexts,
  hostileTimes,
  plainDoubles,
  plainDurations,
  plainInts,
  plainTexts,
  plainTimes,
} from './hostile-values.ts'
import { textForPattern } from './text-for-pattern.ts'

/** Elements of a list whose length is not declared. */
const MOST_ELEMENTS = 4

/** Draws cells of declared columns. */
export interface CellDrawer {
  /** A value that the declaration allows; null only where the column is optional. */
  allowed(column: ProgramColumn): Value | null
  /** A value near what the expressions compare with, allowed or not; an allowed one where they hold no constant of its kind. */
  near(column: ProgramColumn): Value | null
  /** A value at which implementations part, or none (null, and NaN for numbers). */
  hostile(column: ProgramColumn): Value | null
}

const codeValue = (code: string | number | boolean): Value => (typeof code === 'number' ? BigInt(code) : code)
const kindOf = ({ type }: ProgramColumn): ScalarKind => type.kind as ScalarKind
const int64 = (value: bigint): bigint => BigInt.asIntN(64, value)

interface Near {
  readonly constants: Constants
  readonly programs: readonly PatternProgram[]
}

/** A drawer that knows the constants of the expressions that read a column, by its name. */
export function createCellDrawer(random: Random, constants: ReadonlyMap<string, Constants>): CellDrawer {
  const known = new Map(
    [...constants].map(([name, of]): [string, Near] => [
      name,
      { constants: of, programs: of.patterns.map(patternProgram) },
    ]),
  )
  const nearColumn = (column: ProgramColumn): Value | undefined => {
    const near = known.get(column.name)
    return near === undefined ? undefined : nearConstant(random, kindOf(column), near)
  }
  /** A list of up to so many elements, or of as many as are declared; what is drawn as missing is left out. */
  const list = (column: ProgramColumn, element: (of: ProgramColumn) => Value | null): Value => {
    const { type, length } = column
    if (type.kind !== 'list') throw new Error(`${column.name} holds no lists.`)
    const of = { ...column, type: type.element, optional: false }
    const count = length === undefined || chance(random, 0.1) ? random.int(MOST_ELEMENTS + 1) : Math.min(length, 64)
    const drawn = Array.from({ length: count }, () => element(of))
    return { list: drawn.filter((each) => each !== null && !Number.isNaN(each)) as Value[] }
  }
  const isList = ({ type }: ProgramColumn): boolean => type.kind === 'list'
  const draw: CellDrawer = {
    allowed(column) {
      if (column.optional && chance(random, 0.15)) return null
      if (isList(column)) return list(column, draw.allowed)
      if (isImage(column)) return image(random)
      if (column.values !== undefined) return codeValue(pick(random, column.values).code)
      const close = chance(random, 0.4) ? nearColumn(column) : undefined
      return close !== undefined && within(column, close) ? close : plain(random, column)
    },
    near: (column) =>
      isList(column)
        ? list(column, draw.near)
        : isImage(column)
          ? image(random)
          : (nearColumn(column) ?? draw.allowed(column)),
    hostile(column) {
      if (isList(column)) return chance(random, 0.3) ? null : list(column, draw.hostile)
      if (isImage(column)) return chance(random, 0.3) ? null : image(random)
      const kind = kindOf(column)
      if (chance(random, 0.3)) return kind === 'double' && chance(random, 0.5) ? Number.NaN : null
      return hostile(random, kind)
    },
  }
  return draw
}

const isImage = ({ type }: ProgramColumn): boolean => type.kind === 'image'

/** What reading a file gives: no other text is ever in such a cell. */
function image(random: Random): Value {
  const side = (): number => 1 + random.int(chance(random, 0.5) ? 4 : 30_000)
  const digest = Array.from({ length: 8 }, () => random.uint32().toString(16).padStart(8, '0')).join('')
  return imageText({
    format: pick(random, ['png', 'jpeg', 'gif', 'bmp'] as const),
    width: side(),
    height: side(),
    channels: 1 + random.int(4),
    bytes: 1 + random.int(2 ** 26),
    digest,
    edits: [],
  })
}

function hostile(random: Random, kind: ScalarKind): Value {
  switch (kind) {
    case 'bool':
      return chance(random, 0.5)
    case 'int':
      return pick(random, hostileInts)
    case 'double':
      return pick(random, hostileDoubles)
    case 'string':
      return pick(random, hostileTexts)
    case 'timestamp':
      return { timestamp: pick(random, hostileTimes) }
    case 'duration':
      return { duration: pick(random, hostileDurations) }
  }
}

/** A value in the declared range: an end of it, one anywhere between, or an ordinary one that fits. */
function plain(random: Random, column: ProgramColumn): Value {
  switch (kindOf(column)) {
    case 'bool':
      return chance(random, 0.5)
    case 'int':
      return between(random, column, plainInts)
    case 'double':
      return number(random, column)
    case 'timestamp':
      return { timestamp: between(random, column, plainTimes) }
    case 'duration':
      return { duration: pick(random, plainDurations) }
    default:
      return chance(random, 0.3) ? pick(random, hostileTexts) : pick(random, plainTexts)
  }
}

function between(random: Random, { low, high }: ProgramColumn, pool: readonly bigint[]): bigint {
  const ordinary = pick(random, pool)
  const [least, greatest] = [low === undefined ? undefined : BigInt(low), high === undefined ? undefined : BigInt(high)]
  const fits = (value: bigint) =>
    (least === undefined || value >= least) && (greatest === undefined || value <= greatest)
  if (least === undefined || greatest === undefined) return fits(ordinary) ? ordinary : (least ?? greatest ?? ordinary)
  if (chance(random, 0.25)) return chance(random, 0.5) ? least : greatest
  const wide = (BigInt(random.uint32()) << 32n) | BigInt(random.uint32())
  return fits(ordinary) && chance(random, 0.2) ? ordinary : least + (wide % (greatest - least + 1n))
}

function number(random: Random, { low, high }: ProgramColumn): number {
  const [least, greatest] = [low === undefined ? -Infinity : Number(low), high === undefined ? Infinity : Number(high)]
  const ordinary = pick(random, plainDoubles)
  const fits = ordinary >= least && ordinary <= greatest
  if (!Number.isFinite(least) || !Number.isFinite(greatest))
    return fits ? ordinary : Number.isFinite(least) ? least : greatest
  if (chance(random, 0.25)) return chance(random, 0.5) ? least : greatest
  return fits && chance(random, 0.2)
    ? ordinary
    : Math.min(Math.max(least + random.float() * (greatest - least), least), greatest)
}

function within({ low, high }: ProgramColumn, value: Value): boolean {
  const plainValue = typeof value === 'object' && 'timestamp' in value ? (value.timestamp as bigint) : value
  if (typeof plainValue !== 'bigint' && typeof plainValue !== 'number') return true
  return (low === undefined || plainValue >= asNumber(low)) && (high === undefined || plainValue <= asNumber(high))
}

const asNumber = (bound: number | string): number | bigint => (typeof bound === 'string' ? BigInt(bound) : bound)

function nearConstant(random: Random, kind: ScalarKind, { constants, programs }: Near): Value | undefined {
  const known = (of: ScalarKind): readonly Value[] => constants.values.get(of) ?? []
  const step = random.int(3) - 1
  switch (kind) {
    case 'int': {
      const numbers = [...known('int'), ...known('double').map((of) => wholeOf(of as number))].filter(
        (of) => of !== undefined,
      )
      return numbers.length === 0 ? undefined : int64((pick(random, numbers) as bigint) + BigInt(step))
    }
    case 'double': {
      const numbers = [...known('double'), ...known('int').map(Number)] as readonly number[]
      if (numbers.length === 0) return undefined
      return chance(random, 0.7) ? stepped(pick(random, numbers), step) : pick(random, numbers) + step
    }
    case 'string': {
      if (programs.length > 0 && chance(random, 0.6)) return textOf(random, programs)
      const texts = known('string') as readonly string[]
      return texts.length === 0 ? undefined : changed(pick(random, texts), random)
    }
    case 'timestamp':
    case 'duration': {
      const times = known(kind) as readonly { readonly timestamp: bigint; readonly duration: bigint }[]
      return times.length === 0 ? undefined : ({ [kind]: pick(random, times)[kind] + BigInt(step) } as unknown as Value)
    }
    default:
      return undefined
  }
}

const textOf = (random: Random, programs: readonly PatternProgram[]): string =>
  textForPattern(pick(random, programs), random)

function wholeOf(value: number): bigint | undefined {
  return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : undefined
}

/** The text itself, or one that is easily taken for it. */
function changed(text: string, random: Random): string {
  const middle = random.int(text.length + 1)
  const forms = [
    text,
    text,
    text.toUpperCase(),
    text.toLowerCase(),
    ` ${text}`,
    `${text}\n`,
    `${text}${text}`,
    text.slice(0, middle),
    text.slice(middle),
    `${text}\u0301`,
  ]
  const form = pick(random, forms)
  return form.isWellFormed() ? form : text
}
