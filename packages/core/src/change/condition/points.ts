import { type Atom, order, type Scalar } from './formula.ts'
import type { ColumnFacts, Leaf } from './leaves.ts'

/**
 * Values of a leaf between which no atom changes: each bound, and one value on either side of it that lies before the next.
 * On them a formula of bounds takes every truth value it can take.
 */
export function pointsOf(leaf: Leaf, atoms: readonly Atom[], facts: ColumnFacts | undefined): readonly Scalar[] {
  const bounds = atoms.flatMap((atom) =>
    atom.leaf !== leaf.key || atom.kind === 'missing' ? [] : atom.kind === 'bound' ? [atom.value] : atom.values,
  )
  const points = [...new Set(candidates(leaf, bounds))].toSorted(order)
  const within = points.filter(
    (point) =>
      typeof point === 'string' ||
      typeof point === 'boolean' ||
      (point >= (facts?.low ?? -Infinity) && point <= (facts?.high ?? Infinity)),
  )
  return within.length === 0 ? points.slice(0, 1) : within
}

function candidates(leaf: Leaf, bounds: readonly Scalar[]): readonly Scalar[] {
  switch (leaf.kind) {
    case 'bool':
      return [false, true]
    case 'string':
      return ['', ...bounds.flatMap((b) => (typeof b === 'string' ? [b, `${b}\u0000`] : []))]
    case 'double':
    case 'other':
      return [...bounds.flatMap((b) => aroundNumber(Number(b))), ...(bounds.length === 0 ? [0] : [])]
    default:
      return [...bounds.flatMap(aroundInteger), ...(bounds.length === 0 ? [0n] : [])]
  }
}

function aroundNumber(value: number): readonly number[] {
  return Number.isFinite(value) ? [-Infinity, nextBelow(value), value, -nextBelow(-value), Infinity] : [0, value]
}

function aroundInteger(bound: Scalar): readonly bigint[] {
  if (typeof bound === 'bigint') return [bound - 1n, bound, bound + 1n].filter(isInt64)
  if (typeof bound !== 'number' || !Number.isFinite(bound)) return [0n]
  const floor = BigInt(Math.floor(bound))
  return [floor - 1n, floor, floor + 1n, floor + 2n].filter(isInt64)
}

const isInt64 = (value: bigint): boolean => BigInt.asIntN(64, value) === value

/** The greatest double below a finite one. */
export function nextBelow(value: number): number {
  if (value === 0) return -Number.MIN_VALUE
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value)
  const raw = bits.getBigInt64(0)
  bits.setBigInt64(0, value > 0 ? raw - 1n : raw + 1n)
  return bits.getFloat64(0)
}
