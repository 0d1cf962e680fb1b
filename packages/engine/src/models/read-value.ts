type Value = number | bigint | boolean | string

/** What somebody else answered, read as a type; undefined where it is none of it. A number that is not there (`null`) is NaN. */
export const READERS = {
  double: (raw) => {
    if (raw === null) return Number.NaN
    if (typeof raw === 'string') return SPECIAL.get(raw)
    return typeof raw === 'number' ? raw : typeof raw === 'bigint' ? Number(raw) : undefined
  },
  int: (raw) => {
    if (typeof raw === 'bigint') return BigInt.asIntN(64, raw) === raw ? raw : undefined
    if (typeof raw === 'number') return Number.isSafeInteger(raw) ? BigInt(raw) : undefined
    return typeof raw === 'string' && /^-?\d{1,19}$/.test(raw) ? BigInt(raw) : undefined
  },
  bool: (raw) => (typeof raw === 'boolean' ? raw : raw === 0 || raw === 1 ? raw === 1 : undefined),
  string: (raw) => (typeof raw === 'string' ? raw : undefined),
} as const satisfies Readonly<Record<string, (raw: unknown) => Value | undefined>>

const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
])

const LONGEST = 60

/** What was answered, as a message shows it. */
export function shownValue(raw: unknown): string {
  if (raw === undefined) return 'nothing'
  const text = typeof raw === 'bigint' ? String(raw) : (JSON.stringify(raw) ?? typeof raw)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
