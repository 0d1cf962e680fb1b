import {
  type ColumnSource,
  featureDiagnostics as catalog,
  nearestName,
  parseDecimal,
  parseMicros,
  quotedText,
} from '@plumbline/core'
import { derived, joined, partOf, type PlacedText, trimmed } from '../../text/placed-text.ts'
import { PARAMETERS, type ParameterName } from '../parameters.ts'
import { cel, refuse, type Scene } from '../scene.ts'

/** A number as CEL writes it: `5%` → `0.05`. */
export function numberText(scene: Scene, written: PlacedText): PlacedText | undefined {
  const decimal = parseDecimal(plainNumber(written.text))
  return decimal === undefined ? badArgument(scene, written, 'number') : derived(decimal.text, written.span)
}

/** Without blanks, and without commas that part thousands: `10,000`, never `0,800`. */
const plainNumber = (text: string): string => {
  const plain = text.replaceAll(/\s/g, '')
  return /^[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?%?$/.test(plain) ? plain.replaceAll(',', '') : plain
}

/** Says that an argument does not fit. */
export function badArgument(scene: Scene, written: PlacedText, parameter: ParameterName, near?: string): undefined {
  return refuse(scene, catalog.badArgument, written.span, {
    text: written.text,
    expects: PARAMETERS[parameter].expects,
    ...(near === undefined ? {} : { near }),
  })
}

/** The comparison of a bound. */
export type Operator = '<' | '<=' | '>' | '>=' | '=='

const WORDS: Readonly<Record<string, Operator>> = {
  '<': '<',
  '<=': '<=',
  '≤': '<=',
  '>': '>',
  '>=': '>=',
  '≥': '>=',
  '=': '==',
  'at least': '>=',
  'at most': '<=',
  below: '<',
  under: '<',
  above: '>',
  over: '>',
  'less than': '<',
  'more than': '>',
  'greater than': '>',
  'no less than': '>=',
  'no more than': '<=',
  exactly: '==',
  'equal to': '==',
}

/** A bound taken apart; two comparisons for `between a and b`, both ends allowed. */
export interface Bound {
  readonly written: PlacedText
  readonly comparisons: readonly { readonly operator: Operator; readonly value: PlacedText }[]
}

/** Reads `at most 5%`, `>= 3`, `between 1 and 2`; `read` turns each value into CEL. */
export function boundOf(
  scene: Scene,
  written: PlacedText,
  read: (scene: Scene, value: PlacedText) => PlacedText | undefined = numberText,
): Bound | undefined {
  const between = /^between (.*) and (.*)$/s.exec(written.text)
  if (between !== null) {
    const [, first = '', second = ''] = between
    const at = 'between '.length
    const low = read(scene, partOf(written, at, at + first.length))
    const high = read(scene, partOf(written, written.text.length - second.length, written.text.length))
    if (low === undefined || high === undefined) return undefined
    return {
      written,
      comparisons: [
        { operator: '>=', value: low },
        { operator: '<=', value: high },
      ],
    }
  }
  const words = Object.keys(WORDS).toSorted((a, b) => b.length - a.length)
  const found = words.find((word) => written.text.startsWith(word))
  const operator = found === undefined ? undefined : WORDS[found]
  if (found === undefined || operator === undefined) return badArgument(scene, written, 'bound')
  const value = read(scene, trimmed(partOf(written, found.length, written.text.length)))
  return value && { written, comparisons: [{ operator, value }] }
}

/** `left <= 0.05`, or `left >= a && left <= b`. */
export function compared(scene: Scene, left: PlacedText, { comparisons }: Bound): PlacedText {
  const parts = comparisons.map(({ operator, value }) => cel(scene)`${left} ${operator} ${value}`)
  const [first = left, second] = parts
  return second === undefined ? first : joined([first, derived(' && ', scene.span), second], scene.span)
}

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^(?:microseconds?)$/, 'us'],
  [/^(?:milliseconds?|msecs?)$/, 'ms'],
  [/^(?:seconds?|secs?)$/, 's'],
  [/^(?:minutes?|mins?)$/, 'm'],
  [/^hours?$/, 'h'],
  [/^days?$/, 'd'],
  [/^weeks?$/, 'w'],
]

/** A duration in microseconds: `7d`, `2 weeks`, `a day`. */
export function durationOf(scene: Scene, written: PlacedText): bigint | undefined {
  const [, amount = '', unit = ''] = /^(an?|one|[\d_.]+)\s?([A-Za-z]+)$/.exec(written.text) ?? []
  const short = UNITS.find(([pattern]) => pattern.test(unit))?.[1] ?? unit
  return parseMicros(`${/^\d/.test(amount) ? amount : '1'}${short}`) ?? badArgument(scene, written, 'duration')
}

/** Bytes in a unit, by its first letters in lower case. */
const SIZES: Readonly<Record<string, bigint>> = {
  b: 1n,
  byte: 1n,
  bytes: 1n,
  kb: 1000n,
  mb: 1000n ** 2n,
  gb: 1000n ** 3n,
  kib: 1024n,
  mib: 1024n ** 2n,
  gib: 1024n ** 3n,
}

/** A size as a whole number of bytes: `10 MB` → `10000000`; a fraction of a byte is refused. */
export function bytesOf(scene: Scene, written: PlacedText): PlacedText | undefined {
  const [, amount = '', unit = ''] = /^([\d_.]+)\s?([A-Za-z]+)$/.exec(written.text) ?? []
  const [size, decimal] = [SIZES[unit.toLowerCase()], parseDecimal(amount)?.text]
  const [whole = '', fraction = ''] = decimal?.split('.') ?? []
  const scaled = size === undefined || decimal === undefined ? undefined : BigInt(whole + fraction) * size
  const parts = 10n ** BigInt(fraction.length)
  if (scaled === undefined || scaled % parts !== 0n)
    return badArgument(scene, written, 'size-bound', nearestName(unit, ['B', 'kB', 'MB', 'GB', 'KiB', 'MiB', 'GiB']))
  return derived(String(scaled / parts), written.span)
}

/** A value as a literal of its column's type; codes by their code or label. Without a column by its looks. */
export function literalOf(scene: Scene, written: PlacedText, column: ColumnSource | undefined): PlacedText | undefined {
  const isQuoted = /^"(?:[^"\\]|\\.)*"$/s.test(written.text)
  const text = isQuoted ? written.text.slice(1, -1).replaceAll(/\\(.)/gs, '$1') : written.text
  const { span } = written
  const type = column?.type.value
  const codes = column?.values?.value
  if (type === 'category' && codes !== undefined) {
    const code = codes.find((each) => String(each.code) === text) ?? codes.find(({ label }) => label === text)
    if (code !== undefined)
      return derived(typeof code.code === 'string' ? quotedText(code.code) : String(code.code), span)
    const known = codes.flatMap((each) => [String(each.code), ...(each.label === undefined ? [] : [each.label])])
    const expects = `a declared value of ${column?.name ?? ''}: ${known.slice(0, 12).join(', ')}`
    return refuse(scene, catalog.badArgument, span, { text, expects, near: nearestName(text, known) })
  }
  if (type === 'boolean' || (type === undefined && !isQuoted && /^(true|false)$/.test(text))) {
    if (text === 'true' || text === '1') return derived('true', span)
    if (text === 'false' || text === '0') return derived('false', span)
    return refuse(scene, catalog.badArgument, span, { text, expects: 'true or false' })
  }
  const isNumber = type === 'integer' || type === 'number'
  if (isNumber || (type === undefined && !isQuoted && parseDecimal(text) !== undefined)) {
    const decimal = parseDecimal(text)
    return decimal === undefined ? badArgument(scene, written, 'number') : derived(decimal.text, span)
  }
  return derived(type === 'timestamp' ? `timestamp(${quotedText(text)})` : quotedText(text), span)
}

/** `red, green and "dark blue"` → its parts; commas and the last `and` part them, outside of quotes. */
export function listOf(written: PlacedText): readonly PlacedText[] {
  const parts = splitAt(written, [...outside(written.text, /,/g)])
  const last = parts.at(-1)
  const and = last === undefined ? undefined : [...outside(last.text, /(?:^|(?<=\s))and(?=\s)/g)].at(-1)
  if (last !== undefined && and !== undefined) parts.splice(-1, 1, ...splitAt(last, [and]))
  return parts.map(trimmed).filter(({ text }) => text !== '')
}

type Range = readonly [start: number, end: number]

function* outside(text: string, pattern: RegExp): Generator<Range> {
  const inside = [...text.matchAll(/"(?:[^"\\]|\\.)*"/gs)].map(
    ({ 0: all, index }): Range => [index, index + all.length],
  )
  for (const { 0: all, index } of text.matchAll(pattern))
    if (!inside.some(([start, end]) => index >= start && index < end)) yield [index, index + all.length]
}

function splitAt(text: PlacedText, separators: readonly Range[]): PlacedText[] {
  const starts = [0, ...separators.map(([, end]) => end)]
  return starts.map((start, i) => partOf(text, start, separators[i]?.[0] ?? text.text.length))
}
