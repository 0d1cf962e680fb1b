/**
 * Writes `packages/core/src/expr/units/table.generated.ts` and its golden conversions from mathjs, which is installed for it:
 *
 *     npm i --no-save mathjs@15 && node tools/golden/units.mjs
 *
 * Run by hand when the table is to follow a newer mathjs; not part of `npm run generate`, so that nobody else needs mathjs.
 */
import { writeFileSync } from 'node:fs'
import { all, create } from 'mathjs'

const math = create(all)
const out = (path) => new URL(`../../packages/core/${path}`, import.meta.url)
const BASES = ['mass', 'length', 'time', 'current', 'temperature', 'luminosity', 'substance', 'angle', 'bit']

/** A number as the decimal text or fraction that it was defined by. */
const exact = (value) => {
  if (typeof value === 'object' && 'n' in value) return `${value.s * value.n}/${value.d}`
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined
}

const families = new Map()
const units = []
for (const [name, unit] of Object.entries(math.Unit.UNITS)) {
  const factor = exact(unit.value)
  const offset = exact(unit.offset ?? 0)
  if (factor === undefined || offset === undefined || !/^[A-Za-z]\w*$/.test(name)) continue
  const prefixes = Object.entries(unit.prefixes).filter(([prefix]) => prefix !== '')
  const family = JSON.stringify(prefixes.map(([prefix, { value }]) => [prefix, String(value)]))
  if (!families.has(family)) families.set(family, families.size)
  const powers = unit.dimensions.flatMap((power, i) => (power === 0 ? [] : [[BASES[i], power]]))
  units.push([
    name,
    powers.map(([base, power]) => (power === 1 ? base : `${base}^${power}`)).join(' '),
    factor,
    families.get(family),
    offset,
  ])
}
const currencies = Intl.supportedValuesOf('currency').toSorted()

const rows = units.map(([name, dimension, factor, family, offset]) => {
  const rest = offset === '0' ? [] : [offset]
  return `  [${[name, dimension, factor].map((text) => `'${text}'`).join(', ')}, ${[family, ...rest.map((text) => `'${text}'`)].join(', ')}],`
})
writeFileSync(
  out('src/expr/units/table.generated.ts'),
  `// Written by tools/golden/units.mjs from mathjs ${math.version} (Apache-2.0) and the currencies of ISO 4217. Do not edit.

/** A unit: name, base dimensions, factor to base units (exact), index of its prefixes, and what is added before the factor. */
export type UnitRow = readonly [name: string, dimension: string, factor: string, prefixes: number, offset?: string]

/** The units that have names. */
export const UNIT_TABLE: readonly UnitRow[] = [
${rows.join('\n')}
]

/** What may stand before a name, with its factor. */
export const PREFIX_FAMILIES: readonly (readonly (readonly [prefix: string, factor: string])[])[] = [
${[...families.keys()].map((family) => `  ${family.replaceAll('"', "'").replaceAll(',', ', ')},`).join('\n')}
]

/** Codes of currencies. */
export const CURRENCIES = '${currencies.join(' ')}'
`,
)

const pairs = []
for (const [i, [name, dimension]] of units.entries()) {
  const others = units.filter(([other, of]) => of === dimension && other !== name)
  const other = others[(i * 7) % Math.max(1, others.length)]
  if (other !== undefined) pairs.push([1 + (i % 13) / 4, name, other[0]])
}
for (const [from, to] of [
  ['km/h', 'm/s'],
  ['kg*m^2/s^2', 'J'],
  ['mile/gallon', 'km/L'],
  ['kW*h', 'MJ'],
  ['mg/dL', 'g/L'],
  ['GB/s', 'bit/min'],
])
  pairs.push([3.5, from, to])
const golden = pairs.map(([value, from, to]) => [value, from, to, math.unit(value, from).toNumber(to)])
writeFileSync(out('golden/units.json'), `${JSON.stringify(golden, null, 0).replaceAll('],[', '],\n[')}\n`)
