import type { Statement } from '@plumbline/core'

/** What two engines may differ in: which data it was, and nothing else. */
function told(statement: Statement): unknown {
  const rest = { ...statement, digests: null }
  if (!('witnesses' in statement) || statement.witnesses === undefined) return rest
  const { witnesses, failing = 0 } = statement
  // Of too many rows DuckDB shows the worst and a database the first by key; where all are shown they are the same ones.
  const shown = witnesses.length < failing ? [] : witnesses.toSorted((one, other) => one.row - other.row)
  return { ...rest, witnesses: shown, shown: witnesses.length }
}

/** Relative difference that two orders of adding may make. */
const TOLERANCE = 1e-12
/** Halves of the least numbers are rounded as each engine interpolates. */
const LEAST = 1e-300

function same(a: unknown, b: unknown, scale = 0): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return a === b || Math.abs(a - b) <= Math.max(LEAST, TOLERANCE * Math.max(Math.abs(a), Math.abs(b), scale))
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  const [left, right] = [Object.entries(a), b as Readonly<Record<string, unknown>>]
  return left.length === Object.keys(b).length && left.every(([key, value]) => same(value, right[key], scale))
}

const shown = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part), 1)

/** What two runs of one program say differently, one text a statement. */
export function disagreements(
  left: readonly Statement[],
  right: readonly Statement[],
  scale: (clause: string) => number = () => 0,
): readonly string[] {
  const key = ({ clause, slice }: Statement) => `${clause}[${slice}]`
  const byKey = new Map(right.map((each) => [key(each), each]))
  if (left.length !== right.length) return [`${left.length} statements against ${right.length}`]
  return left.flatMap((one) => {
    const other = byKey.get(key(one))
    return other !== undefined && same(told(one), told(other), scale(one.clause))
      ? []
      : [`${key(one)}\n${shown(told(one))}\n${other === undefined ? 'nothing' : shown(told(other))}`]
  })
}
