import type { Expr, Literal } from '../expr/expr.ts'
import { literalOf, literalValue, type Value } from '../expr/value.ts'
import { walk } from '../targets/children.ts'
import type { Asked } from './asked.ts'

/** Values tried of one column. */
const MOST_VALUES = 32

/** Values of a column worth trying: what the conditions that read it name, what lies just beside that, and a missing cell. */
export function candidatesOf(name: string, readers: readonly Asked[]): readonly (Value | null)[] {
  const found = new Map<string, Value | null>()
  const add = (value: Value): void => void found.set(String(literalOf({ kind: 'int' }, value).value), value)
  for (const { demand } of readers) {
    const parts = [...walk(demand.expr), ...(demand.within === undefined ? [] : walk(demand.within))]
    const type = parts.find((part) => part.node === 'column' && part.name === name)?.type
    if (type?.kind === 'list')
      for (const each of listsOf(type.element.kind, parts)) found.set(keyOf(each), { list: each })
    const kind = type?.kind
    for (const value of ORDINARY[kind ?? ''] ?? []) add(value)
    const literals = parts.flatMap((part) =>
      part.node === 'literal' ? [part] : part.node === 'in-list' ? part.elements : [],
    )
    for (const literal of literals) {
      for (const value of around(literal, kind)) add(value)
      if (found.size >= MOST_VALUES) return [...found.values(), null]
    }
  }
  return [...found.values(), null]
}

const ORDINARY: Readonly<Record<string, readonly Value[]>> = {
  bool: [true, false],
  int: [0n, 1n],
  double: [0, 1],
  string: ['', 'a'],
  timestamp: [{ timestamp: 1_700_000_000_000_000n }],
  duration: [{ duration: 0n }],
}

/** Lengths of lists that are tried beside those that conditions name. */
const LENGTHS = [0, 1, 2]
const LONGEST = 64

/** Lists of one value, over and over: as long as conditions say, of what they compare with. */
function listsOf(kind: string, parts: readonly Expr[]): readonly (readonly Value[])[] {
  const literals = parts.filter((part) => part.node === 'literal')
  const lengths = literals.flatMap(({ type, value }) => (type.kind === 'int' ? [Number(value)] : []))
  const values = [...(ORDINARY[kind] ?? []), ...literals.flatMap((literal) => around(literal, kind))]
  return [...new Set([...LENGTHS, ...lengths])]
    .filter((length) => length >= 0 && length <= LONGEST)
    .flatMap((length) => values.slice(0, length === 0 ? 1 : 8).map((value) => Array.from({ length }, () => value)))
}

const keyOf = (list: readonly Value[]): string =>
  JSON.stringify(list, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part))

/** A literal as a cell of a kind, and its neighbours. */
function around(literal: Literal, kind: string | undefined): readonly Value[] {
  const value = literalValue(literal)
  if (value === null) return []
  const isNumber = typeof value === 'bigint' || typeof value === 'number'
  if (kind === 'double' && isNumber) {
    const middle = Number(value)
    const step = Math.max(1, Math.abs(middle)) / 8
    return [middle, middle - step, middle + step]
  }
  if (kind === 'int' && isNumber) {
    if (!Number.isFinite(Number(value))) return []
    const middle = typeof value === 'bigint' ? value : BigInt(Math.trunc(value))
    return [middle, middle - 1n, middle + 1n]
  }
  if (kind === 'timestamp' && typeof value === 'object' && 'timestamp' in value) {
    const at = value.timestamp as bigint
    return [value, { timestamp: at - 1n }, { timestamp: at + 1n }]
  }
  return typeof value === 'string' && kind === 'string' ? [value, `${value}x`] : []
}
