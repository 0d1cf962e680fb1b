import type { Expr } from '../../expr/expr.ts'
import { createEvaluator } from '../../expr/evaluate/evaluate.ts'
import { isError, type Value } from '../../expr/value.ts'
import { createRandom } from '../../stats/prng.ts'
import { walk } from '../../targets/children.ts'
import { type Atom, atomsOf, type Formula, type Scalar, type Truth } from './formula.ts'
import type { Facts, Leaf } from './leaves.ts'
import { pointsOf } from './points.ts'

/** Rows that are tried. */
const ROWS = 400

/** A row of columns (or terms) by name; null is a missing cell. */
export type TriedRow = ReadonlyMap<string, Value | null>

/**
 * Rows on which conditions may differ: around the bounds they name, at the ends of the declared ranges, and between, from a
 * fixed seed. Only for conditions that the evaluator can be asked about: nothing in them asks a model.
 */
export function rowsToTry(
  exprs: readonly Expr[],
  formulas: readonly Formula[],
  leaves: ReadonlyMap<string, Leaf>,
  facts: Facts,
): readonly TriedRow[] {
  const atoms = formulas.flatMap(atomsOf)
  const columns = columnKinds(exprs)
  const random = createRandom('change', 'rows')
  const bounds = atoms.flatMap((atom) => (atom.kind === 'bound' && typeof atom.value !== 'boolean' ? [atom.value] : []))
  const widest = bounds.reduce<number>((most, b) => Math.max(most, Math.abs(Number(b)) || 0), 1)
  const choices = new Map(
    [...columns].map(([name, kind]) => {
      const leaf: Leaf = leaves.get(name) ?? {
        key: name,
        kind,
        reads: new Set([name]),
        computed: false,
        strict: true,
        fails: false,
      }
      return [name, pointsOf(leaf, atomsOn(atoms, name, bounds, leaf), facts(name))]
    }),
  )
  const cell = (name: string, kind: Leaf['kind']): Scalar | null => {
    const { nullable, low, high } = facts(name)
    const draw = random.float()
    if (nullable && draw < 0.05) return null
    const points = choices.get(name) ?? []
    const numeric = kind === 'int' || kind === 'double'
    if (!numeric || draw < 0.45) return points[random.int(Math.max(1, points.length))] ?? null
    const [from, to] = [low ?? Math.min(high ?? 0, -2 * widest), high ?? Math.max(low ?? 0, 2 * widest)]
    const value = from + random.float() * (to - from)
    return kind === 'int' ? BigInt(Math.round(value)) : value
  }
  return Array.from(
    { length: ROWS },
    () => new Map([...columns].map(([name, kind]) => [name, asValue(cell(name, kind), kind)])),
  )
}

/** A column that is only read inside sums gets the bounds of the sums as points: some rows then lie on a bound. */
function atomsOn(atoms: readonly Atom[], name: string, bounds: readonly Scalar[], leaf: Leaf): readonly Atom[] {
  if (atoms.some((atom) => atom.leaf === name && atom.kind !== 'missing')) return atoms
  if (leaf.kind !== 'int' && leaf.kind !== 'double') return atoms
  return bounds
    .filter((value) => typeof value === 'number' || typeof value === 'bigint')
    .map((value) => ({ kind: 'bound', leaf: name, op: 'le', value }))
}

/** A scalar as a cell of its column. */
export function asValue(value: Scalar | null, kind: Leaf['kind']): Value | null {
  if (typeof value === 'bigint' && kind === 'timestamp') return { timestamp: value }
  if (typeof value === 'bigint' && kind === 'duration') return { duration: value }
  return value
}

function columnKinds(exprs: readonly Expr[]): ReadonlyMap<string, Leaf['kind']> {
  const kinds = new Map<string, Leaf['kind']>()
  for (const expr of exprs) {
    for (const node of walk(expr)) {
      if (node.node === 'column') kinds.set(node.name, node.type.kind as Leaf['kind'])
    }
  }
  return kinds
}

/** The reference evaluator's answer about a row. */
export function truthOnRow(expr: Expr, row: TriedRow): Truth {
  const outcome = createEvaluator().evaluate(expr, { row })
  if (typeof outcome === 'boolean') return outcome
  return isError(outcome) && outcome.error === 'missing' ? 'missing' : 'error'
}

/** Whether the evaluator can be asked: nothing in it asks for something other than cells, and rows can be made of them. */
export function canBeTried(expr: Expr): boolean {
  return walk(expr).every(
    ({ node, type }) =>
      node !== 'predict' &&
      node !== 'local' &&
      node !== 'verdict-of' &&
      node !== 'field' &&
      (node !== 'column' || SCALARS.has(type.kind)),
  )
}

const SCALARS: ReadonlySet<string> = new Set(['bool', 'int', 'double', 'string', 'timestamp', 'duration'])
