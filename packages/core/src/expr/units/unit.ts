import { nearestName } from '../../diagnostics/suggest.ts'
import { equal, ONE, over, parseRational, type Rational, times, toPower } from './rational.ts'
import { CURRENCIES, PREFIX_FAMILIES, UNIT_TABLE, type UnitRow } from './table.generated.ts'

/** A unit of measure. */
export interface Unit {
  /** As it is shown: `year`, `TWD/month`, `m^2`; `1` for a pure number. */
  readonly text: string
  /** Names with their powers; none is zero. */
  readonly powers: ReadonlyMap<string, number>
  /** Base dimensions with their powers: `length`, `time`, … and one of its own for each currency and each `[unit]`. */
  readonly dimension: ReadonlyMap<string, number>
  /** One of it in base units. */
  readonly factor: Rational
  /** Added before the factor: degrees Celsius and Fahrenheit. */
  readonly offset?: Rational
}

/** A text that names no unit. */
export interface UnitProblem {
  readonly problem: string
  /** The name that was probably meant. */
  readonly near?: string
}

/** Longest text of a unit that is read. */
const LONGEST = 100
/** Greatest power of one name. */
const MOST_POWER = 9

const EXTRA: readonly UnitRow[] = [
  ['percent', '', '0.01', 1],
  ['permille', '', '0.001', 1],
  ['ppm', '', '1e-6', 1],
  ['bp', '', '0.0001', 1],
]

const ROWS: ReadonlyMap<string, UnitRow> = new Map([...UNIT_TABLE, ...EXTRA].map((row) => [row[0], row]))

/** A pure number. */
export const PURE: Unit = { text: '1', powers: new Map(), dimension: new Map(), factor: ONE }

/**
 * Reads a unit: a name with or without prefix (`year`, `km`, `EUR`), `%`, `1`, one of the author's own in square brackets
 * (`[claim]`), or names joined by `*` and `/` with whole powers (`kg*m^2/s^2`); what follows a `/` alone is divided by.
 */
export function parseUnit(text: string): Unit | UnitProblem {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed.length > LONGEST) return { problem: 'is not a unit' }
  const parts = trimmed.split(/\s*([*/])\s*/)
  let found: Unit | undefined
  for (let i = 0; i < parts.length; i += 2) {
    const part = parsePart(parts[i] ?? '', parts.length === 1)
    if ('problem' in part) return part
    const joined =
      found === undefined ? part : parts[i - 1] === '/' ? dividedBy(found, part) : multipliedBy(found, part)
    if (joined === undefined) return { problem: 'joins a temperature scale with another unit, which has no meaning' }
    found = joined
  }
  return found ?? { problem: 'is not a unit' }
}

function parsePart(part: string, alone: boolean): Unit | UnitProblem {
  const none = alone ? 'is not a unit' : `has a part that is no unit: '${part}'`
  const match = /^(1|%|\[[^[\]]+\]|[A-Za-z]\w*)(?:\^(-?\d))?$/u.exec(part)
  if (match === null) return { problem: none }
  const [, name = '', written = '1'] = match
  const power = Number(written)
  if (name === '1') return PURE
  const atom = atomOf(name)
  if (atom === undefined) {
    const singular = name.endsWith('s') && atomOf(name.slice(0, -1)) !== undefined ? name.slice(0, -1) : undefined
    const near = singular ?? nearestName(name, knownNames())
    return { problem: none, ...(near === undefined ? {} : { near }) }
  }
  if (power === 1) return atom
  return atom.offset === undefined ? powerOf(atom, power) : { problem: 'is a power of a temperature scale' }
}

function atomOf(name: string): Unit | undefined {
  if (name.startsWith('[')) return own(name, name)
  if (name === '%') return rowUnit('%', EXTRA[0] as UnitRow, ONE)
  const row = ROWS.get(name)
  if (row !== undefined) return rowUnit(name, row, ONE)
  if (/^[A-Z]{3}$/.test(name) && CURRENCIES.split(' ').includes(name)) return own(name, `currency ${name}`)
  for (const candidate of ROWS.values()) {
    const [known, , , family] = candidate
    if (!name.endsWith(known)) continue
    const prefix = name.slice(0, name.length - known.length)
    const factor = PREFIX_FAMILIES[family]?.find(([spelled]) => spelled === prefix)?.[1]
    if (factor !== undefined) return rowUnit(name, candidate, parseRational(factor) ?? ONE)
  }
  return undefined
}

function own(name: string, dimension: string): Unit {
  return { text: name, powers: new Map([[name, 1]]), dimension: new Map([[dimension, 1]]), factor: ONE }
}

function rowUnit(name: string, [, dimension, factor, , offset]: UnitRow, prefix: Rational): Unit {
  const powers = dimension.split(' ').filter((part) => part !== '')
  return {
    text: name,
    powers: new Map([[name, 1]]),
    dimension: new Map(powers.map((part) => [part.split('^')[0] ?? '', Number(part.split('^')[1] ?? 1)])),
    factor: times(prefix, parseRational(factor) ?? ONE),
    ...(offset === undefined ? {} : { offset: parseRational(offset) ?? ONE }),
  }
}

/** Names to propose for a mistyped one. */
function knownNames(): readonly string[] {
  return [...ROWS.keys(), ...CURRENCIES.split(' ')]
}

/** The unit of a product; undefined where one is a temperature scale with a zero of its own. */
export function multipliedBy(a: Unit, b: Unit): Unit | undefined {
  return joined(a, b, 1)
}

/** The unit of a quotient; undefined where one is a temperature scale with a zero of its own. */
export function dividedBy(a: Unit, b: Unit): Unit | undefined {
  return joined(a, b, -1)
}

function joined(a: Unit, b: Unit, sign: 1 | -1): Unit | undefined {
  if (b.powers.size === 0) return a
  if (a.offset !== undefined || b.offset !== undefined) return undefined
  const powers = sum(a.powers, b.powers, sign)
  const factor = sign === 1 ? times(a.factor, b.factor) : over(a.factor, b.factor)
  return { text: textOf(powers), powers, dimension: sum(a.dimension, b.dimension, sign), factor }
}

/** The unit of a whole power. */
export function powerOf(unit: Unit, power: number): Unit | UnitProblem {
  const scale = (map: ReadonlyMap<string, number>): ReadonlyMap<string, number> =>
    new Map([...map].flatMap(([name, old]) => (power === 0 ? [] : [[name, old * power]])))
  const powers = scale(unit.powers)
  if ([...powers.values()].some((p) => Math.abs(p) > MOST_POWER)) return { problem: `has a power above ${MOST_POWER}` }
  return { text: textOf(powers), powers, dimension: scale(unit.dimension), factor: toPower(unit.factor, power) }
}

function sum(
  a: ReadonlyMap<string, number>,
  b: ReadonlyMap<string, number>,
  sign: 1 | -1,
): ReadonlyMap<string, number> {
  const total = new Map(a)
  for (const [name, power] of b) {
    const next = (total.get(name) ?? 0) + sign * power
    if (next === 0) total.delete(name)
    else total.set(name, next)
  }
  return total
}

function textOf(powers: ReadonlyMap<string, number>): string {
  const spell = (sign: 1 | -1): readonly string[] =>
    [...powers]
      .filter(([, p]) => p * sign > 0)
      .map(([name, p]) => (Math.abs(p) === 1 ? name : `${name}^${Math.abs(p)}`))
  const above = spell(1)
  return [above.length === 0 ? '1' : above.join('*'), ...spell(-1)].join('/')
}

/** Whether values of both may be added and compared, once they are in one of them. */
export function sameDimension(a: Unit, b: Unit): boolean {
  return a.dimension.size === b.dimension.size && [...a.dimension].every(([name, p]) => b.dimension.get(name) === p)
}

/** Whether a value means the same in both. */
export function sameUnit(a: Unit, b: Unit): boolean {
  if (a === b) return true
  const none = { n: 0n, d: 1n }
  return sameDimension(a, b) && equal(a.factor, b.factor) && equal(a.offset ?? none, b.offset ?? none)
}
