import type { Literal } from '../../expr/expr.ts'
import { type Duration, literalValue, type Timestamp, type Value } from '../../expr/value.ts'
import { above, below } from '../../targets/smt/float64.ts'

/** Values of a kind, one at least in each interval between constants, and each constant. */
export function valuesOf(kind: string, literals: readonly Literal[]): readonly Value[] {
  const constants = literals.map(literalValue).filter((value) => value !== null)
  switch (kind) {
    case 'bool':
      return [false, true]
    case 'int':
      return integersOf(constants)
    case 'double':
      return distinct([
        0,
        ...constants.flatMap((value) => {
          const at = Number(value)
          return Number.isFinite(at) ? [below(at), at, above(at)] : [at, Math.sign(at) * Number.MAX_VALUE]
        }),
      ])
    case 'string':
      // Nothing lies between a text and the same with U+0000 behind it.
      return distinct(['', ...constants.flatMap((value) => (typeof value === 'string' ? [value, `${value}\0`] : []))])
    case 'timestamp':
      return integersOf(constants.map((value) => (value as Timestamp).timestamp)).map((timestamp) => ({ timestamp }))
    case 'duration':
      return integersOf(constants.map((value) => (value as Duration).duration)).map((duration) => ({ duration }))
    default:
      return []
  }
}

const integersOf = (constants: readonly Value[]): readonly bigint[] =>
  distinct([0n, ...constants.flatMap(integersAround)]).filter((value) => BigInt.asIntN(64, value) === value)

function integersAround(value: Value): readonly bigint[] {
  if (typeof value === 'bigint') return [value - 1n, value, value + 1n]
  const at = Number(value)
  if (!Number.isFinite(at)) return []
  const [floor, ceiling] = [BigInt(Math.floor(at)), BigInt(Math.ceil(at))]
  return [floor - 1n, floor, ceiling, ceiling + 1n]
}

const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)]
