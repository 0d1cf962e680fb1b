import {
  atomsOf,
  type Formula,
  type LeafValue,
  type Op,
  type Scalar,
  type Truth,
  truthOf,
  type World,
} from './formula.ts'
import type { Facts, Leaf } from './leaves.ts'
import { extent, scaled, sum } from './linear.ts'
import { pointsOf } from './points.ts'

/** Combinations that are looked at; above, a question stays open. */
const MOST_WORLDS = 200_000

const FAILED = { failed: true } as const

/**
 * Calls `visit` with every representative combination of values of the leaves that the formulas ask about, until it answers
 * true. False at the end; undefined where there are too many to look at.
 */
export function someWorld(
  formulas: readonly Formula[],
  leaves: ReadonlyMap<string, Leaf>,
  facts: Facts,
  visit: (world: World) => boolean,
): boolean | undefined {
  const atoms = formulas.flatMap(atomsOf)
  const asked = [...new Set(atoms.map(({ leaf }) => leaf))].flatMap((key) => leaves.get(key) ?? [])
  const read = new Set(asked.flatMap((leaf) => [...leaf.reads]))
  const columns = [...read].map((key) => {
    const leaf = asked.find((found) => found.key === key && !found.computed)
    const values: readonly Scalar[] =
      leaf === undefined ? [true] : pointsOf(leaf, atoms, facts(key).certain === true ? facts(key) : undefined)
    return { key, values: facts(key).nullable ? [null, ...values] : values }
  })
  const computed = asked
    .filter((leaf) => leaf.computed)
    .map((leaf) => ({ leaf, values: pointsOf(leaf, atoms, extentFacts(leaf, facts)) }))
  const size = [...columns, ...computed].reduce((n, { values }) => n * (values.length + 1), 1)
  if (size > MOST_WORLDS) return undefined
  const admits = relatedSums(atoms, leaves, facts)
  const world = new Map<string, LeafValue>()
  const place = (i: number): boolean => {
    const column = columns[i]
    if (column !== undefined) return column.values.some((value) => (world.set(column.key, value), place(i + 1)))
    const next = computed[i - columns.length]
    if (next === undefined) return admits(world) && visit(world)
    return valuesIn(world, next.leaf, next.values, facts).some(
      (value) => (world.set(next.leaf.key, value), place(i + 1)),
    )
  }
  return place(0)
}

/** What a computed leaf can be where its columns are as they are. */
function valuesIn(world: World, leaf: Leaf, values: readonly Scalar[], facts: Facts): readonly LeafValue[] {
  const missing = [...leaf.reads].some((column) => world.get(column) === null)
  // A sum of bounded columns cannot overflow.
  const failed = leaf.fails && extentFacts(leaf, facts) === undefined ? [FAILED] : []
  if (!leaf.strict) return [...values, null, FAILED]
  return missing ? [null, ...failed] : [...values, ...failed]
}

function extentFacts({ form }: Leaf, facts: Facts): { nullable: boolean; low?: number; high?: number } | undefined {
  if (form === undefined) return undefined
  const [low, high] = extent(form, boundsOf(facts))
  // Rounding may carry a sum a hair beyond its exact extent.
  const slack = 1e-9 * (1 + Math.abs(low) + Math.abs(high))
  return slack < SAFE ? { nullable: false, low: low - slack, high: high + slack } : undefined
}

/** Sums below are far from the overflow of any number. */
const SAFE = 2 ** 30

const boundsOf =
  (facts: Facts) =>
  (leaf: string): readonly [number, number] => [facts(leaf).low ?? -Infinity, facts(leaf).high ?? Infinity]

type Bound = Extract<ReturnType<typeof atomsOf>[number], { kind: 'bound' }>

/**
 * Worlds that sums of columns admit: where `f ≤ a` carries `g ≤ b` along for all values within the bounds of the columns, no
 * world has one without the other. Differences smaller than what rounding can do are left open.
 */
function relatedSums(
  atoms: ReturnType<typeof atomsOf>,
  leaves: ReadonlyMap<string, Leaf>,
  facts: Facts,
): (world: World) => boolean {
  const sums = atoms.filter((atom): atom is Bound => atom.kind === 'bound' && leaves.get(atom.leaf)?.form !== undefined)
  const rules: ((world: World) => boolean)[] = []
  for (const a of sums) {
    for (const b of sums) {
      if (a.leaf === b.leaf) continue
      const [f, g] = [belowZero(a, leaves), belowZero(b, leaves)]
      if (f === undefined || g === undefined) continue
      const [low, high] = extent(sum(g, scaled(f, -1)), boundsOf(facts))
      const slack = 1e-9 * (1 + Math.max(Math.abs(low), Math.abs(high)))
      if (!(high < -slack)) continue
      // f ≤ 0 carries g ≤ 0 along.
      rules.push((world) => !(decided(a, world) && !decided(b, world)) || !bothDecided(a, b, world))
    }
  }
  return (world) => rules.every((rule) => rule(world))
}

const truthOfBound = (atom: Bound, world: World): Truth => truthOf({ kind: 'atom', atom }, world)
const decided = (atom: Bound, world: World): boolean => truthOfBound(atom, world) === true
const bothDecided = (a: Bound, b: Bound, world: World): boolean =>
  typeof truthOfBound(a, world) === 'boolean' && typeof truthOfBound(b, world) === 'boolean'

const UPPER: ReadonlySet<Op> = new Set(['lt', 'le'])
const LOWER: ReadonlySet<Op> = new Set(['gt', 'ge'])

/** The form that is at most (or below) zero exactly where the bound holds. */
function belowZero({ leaf, op, value }: Bound, leaves: ReadonlyMap<string, Leaf>) {
  const form = leaves.get(leaf)?.form
  if (form === undefined || (!UPPER.has(op) && !LOWER.has(op))) return undefined
  const shifted = sum(form, { coefficients: new Map(), constant: -Number(value) })
  return UPPER.has(op) ? shifted : scaled(shifted, -1)
}
