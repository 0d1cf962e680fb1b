import type { Literal } from '../../expr/expr.ts'
import type { Value } from '../../expr/value.ts'

/** A number to show is rounded where it moves by less than this, relative to its size. */
export const NEGLIGIBLE = 1e-6
const MOST_DECIMALS = 15
/** Halvings after which the nearest number is known to a millionth of any distance that matters. */
const MOST_HALVINGS = 60

/**
 * The nearest number that serves, from one that does. A solver's optimum behind a strict comparison is not attained, and
 * what it then answers may lie anywhere beyond: so the way between the old number and the found one is halved.
 */
export async function closest(
  from: Literal,
  value: Value,
  meets: (to: Literal) => Promise<boolean>,
): Promise<{ readonly nearest: Value; readonly isAttained: boolean }> {
  if (typeof value !== 'number' || !Number.isFinite(value)) return { nearest: value, isAttained: true }
  const old = Number(from.value)
  const literal = (number: number): Literal => ({ node: 'literal', type: from.type, value: number })
  const negligible = (at: number): number => NEGLIGIBLE * Math.max(1, Math.abs(at))
  let [fails, serves] = [old, value]
  if (!(await meets(literal(value + Math.sign(old - value) * negligible(value)))))
    return { nearest: value, isAttained: true }
  for (let i = 0; i < MOST_HALVINGS && Math.abs(fails - serves) > negligible(serves); i++) {
    const middle = (fails + serves) / 2
    if (await meets(literal(middle))) serves = middle
    else fails = middle
  }
  return { nearest: serves, isAttained: false }
}

/**
 * The number found, first with few decimals, rounded away from the old one: by less than is seen, or, where the nearest
 * number does not serve itself, by a hundredth of the way.
 */
export function shown(from: Literal, value: Value, isAttained: boolean): readonly Literal[] {
  if (typeof value === 'bigint') return [{ node: 'literal', type: from.type, value: String(value) }]
  if (typeof value !== 'number' || !Number.isFinite(value)) return []
  const old = Number(from.value)
  const negligible = NEGLIGIBLE * Math.max(1, Math.abs(value))
  const tolerance = isAttained ? negligible : Math.max(negligible, Math.abs(value - old) / 100)
  const candidates: number[] = []
  for (let decimals = 0; decimals <= MOST_DECIMALS; decimals++) {
    const scale = 10 ** decimals
    const rounded = (value > old ? Math.ceil(value * scale) : Math.floor(value * scale)) / scale
    if (Math.abs(rounded - value) <= tolerance) candidates.push(rounded)
  }
  return [...new Set([...candidates, value])]
    .slice(0, 6)
    .map((each) => ({ node: 'literal', type: from.type, value: each }))
}
