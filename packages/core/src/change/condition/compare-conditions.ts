import type { MissingPolicy } from '../../clause/clause.ts'
import type { Expr } from '../../expr/expr.ts'
import { atomsOf, conjuncts, type Formula, type Truth, truthOf, type World } from './formula.ts'
import { exprKey, type Facts, type Leaf } from './leaves.ts'
import { readFormula } from './read-formula.ts'
import { asValue, canBeTried, rowsToTry, type TriedRow, truthOnRow } from './tried-rows.ts'
import { someWorld } from './worlds.ts'

/** A condition on rows (or terms, as columns), and what becomes of rows that end in the error `missing`. */
export interface Condition {
  readonly expr: Expr
  readonly missing: MissingPolicy
}

/** Whether one statement carries another along, as far as could be found out. */
export type Implied = 'proved' | 'refuted' | 'unknown'

/** What a solver says of an implication. */
export interface ImplicationAnswer {
  readonly implied: Implied
  /** Where it is refuted: a row that satisfies the premise and not the conclusion. */
  readonly row?: TriedRow
  /** What the answer rests on, or why there is none. */
  readonly note?: string
}

/**
 * Decides what the formulas leave open: whether no row does worse under `conclusion` than under `premise`. What is known of
 * the columns is an argument, since a term of a metric has a range that no row can leave.
 */
export type ImplicationPort = (premise: Condition, conclusion: Condition, facts: Facts) => ImplicationAnswer

/** How the new condition stands to the old one. */
export interface ConditionOrder {
  /** Whether the new one admits all that the old one admits. */
  readonly admitsAll: Implied
  /** Whether it admits nothing else. */
  readonly admitsNoMore: Implied
  /** A row that only the new one admits, or admits more readily. */
  readonly gained?: TriedRow
  /** A row that only the old one admits. */
  readonly lost?: TriedRow
  /** What a proof rests on, or why none was found. */
  readonly note?: string
}

/**
 * Orders two conditions by what they admit. A row passes, is left out of the count, or fails; the new condition is at least as
 * weak as the old one where no row does worse under it.
 */
export function compareConditions(
  before: Condition,
  after: Condition,
  facts: Facts,
  port?: ImplicationPort,
): ConditionOrder {
  if (before.missing === after.missing && exprKey(before.expr) === exprKey(after.expr))
    return { admitsAll: 'proved', admitsNoMore: 'proved' }
  const [old, now] = [readFormula(before.expr), readFormula(after.expr)]
  const leaves = new Map([...old.leaves, ...now.leaves])
  const [first, second]: readonly [Side, Side] = [
    { formula: old.formula, missing: before.missing },
    { formula: now.formula, missing: after.missing },
  ]
  const seen: { lost?: World; gained?: World } = {}
  const admitsAll = implied(first, second, leaves, facts, (world) => (seen.lost = new Map(world)))
  const admitsNoMore = implied(second, first, leaves, facts, (world) => (seen.gained = new Map(world)))
  const tried = triedDifference(before, after, [old.formula, now.formula], leaves, facts)
  const gained = tried.gained ?? (admitsNoMore === 'refuted' ? rowOf(seen.gained, leaves) : undefined)
  const lost = tried.lost ?? (admitsAll === 'refuted' ? rowOf(seen.lost, leaves) : undefined)
  // What was seen on a row goes before what was concluded.
  const all = asked(lost === undefined ? admitsAll : 'refuted', before, after, facts, port)
  const noMore = asked(gained === undefined ? admitsNoMore : 'refuted', after, before, facts, port)
  const [newGain, newLoss, note] = [gained ?? noMore.row, lost ?? all.row, all.note ?? noMore.note]
  return {
    admitsAll: all.implied,
    admitsNoMore: noMore.implied,
    ...(newGain === undefined ? {} : { gained: newGain }),
    ...(newLoss === undefined ? {} : { lost: newLoss }),
    ...(note === undefined ? {} : { note }),
  }
}

/** What is left open goes to the port. */
function asked(
  found: Implied,
  premise: Condition,
  conclusion: Condition,
  facts: Facts,
  port: ImplicationPort | undefined,
): ImplicationAnswer {
  return found === 'unknown' && port !== undefined ? port(premise, conclusion, facts) : { implied: found }
}

/** The cells of a world whose values are those of columns. */
function rowOf(world: World | undefined, leaves: ReadonlyMap<string, Leaf>): TriedRow | undefined {
  if (world === undefined) return undefined
  const cells = [...world].flatMap(([key, value]) => {
    const kind = leaves.get(key)?.kind
    return kind === undefined || (value !== null && typeof value === 'object')
      ? []
      : [[key, asValue(value, kind)] as const]
  })
  return new Map(cells)
}

interface Side {
  readonly formula: Formula
  readonly missing: MissingPolicy
}

/** Fails, is left out, passes. */
function grade(truth: Truth, missing: MissingPolicy): 0 | 1 | 2 {
  if (truth === true) return 2
  if (truth !== 'missing' || missing === 'fail') return 0
  return missing === 'pass' ? 2 : 1
}

/** Whether no row does worse under `conclusion` than under `premise`. */
function implied(
  premise: Side,
  conclusion: Side,
  leaves: ReadonlyMap<string, Leaf>,
  facts: Facts,
  see: (world: World) => void,
): Implied {
  if (premise.missing === 'fail' && conclusion.missing === 'fail')
    return impliedParts(conjuncts(premise.formula), conjuncts(conclusion.formula), leaves, facts, see)
  const formulas = [premise.formula, conclusion.formula]
  const worse = someWorld(
    formulas,
    leaves,
    facts,
    seeing(
      see,
      (world) =>
        grade(truthOf(conclusion.formula, world), conclusion.missing) <
        grade(truthOf(premise.formula, world), premise.missing),
    ),
  )
  return answer(worse, formulas, leaves)
}

/** A test of worlds that shows the one it holds in. */
const seeing =
  (see: (world: World) => void, holds: (world: World) => boolean) =>
  (world: World): boolean => {
    const found = holds(world)
    if (found) see(world)
    return found
  }

/** A world that a computed value takes part in may be one that no row makes: it proves nothing. */
function answer(found: boolean | undefined, formulas: readonly Formula[], leaves: ReadonlyMap<string, Leaf>): Implied {
  if (found === undefined) return 'unknown'
  if (!found) return 'proved'
  const computed = formulas.flatMap(atomsOf).some(({ leaf }) => leaves.get(leaf)?.computed === true)
  return computed ? 'unknown' : 'refuted'
}

/** Each part of a conclusion is decided with the parts of the premise that have to do with it: wide conditions stay quick. */
function impliedParts(
  premise: readonly Formula[],
  conclusion: readonly Formula[],
  leaves: ReadonlyMap<string, Leaf>,
  facts: Facts,
  see: (world: World) => void,
): Implied {
  const keys = new Set(premise.map((part) => formulaKey(part)))
  let all: Implied = 'proved'
  for (const part of conclusion) {
    if (keys.has(formulaKey(part))) continue
    const related = relatedParts(premise, part, leaves)
    const found = impliedPart(related, part, leaves, facts, see)
    if (found === 'refuted') {
      const others = premise.filter((other) => !related.includes(other))
      const possible = others.length === 0 || satisfiable(others, leaves, facts)
      if (possible === true) return 'refuted'
      // Premises that nothing satisfies carry everything along.
      if (possible === false) return 'proved'
    }
    if (found !== 'proved') all = 'unknown'
  }
  return all
}

function impliedPart(
  related: readonly Formula[],
  part: Formula,
  leaves: ReadonlyMap<string, Leaf>,
  facts: Facts,
  see: (world: World) => void,
): Implied {
  const worse = (with_: readonly Formula[]): boolean | undefined =>
    someWorld(
      [...with_, part],
      leaves,
      facts,
      seeing(see, (world) => with_.every((p) => truthOf(p, world) === true) && truthOf(part, world) !== true),
    )
  const found = worse(related)
  if (found !== undefined) return answer(found, [...related, part], leaves)
  const own = new Set(atomsOf(part).map(({ leaf }) => leaf))
  const nearest = related.filter((p) => atomsOf(p).some(({ leaf }) => own.has(leaf)))
  return worse(nearest) === false ? 'proved' : 'unknown'
}

/** Whether parts can all be true; each group of parts that share columns is looked at alone. */
function satisfiable(parts: readonly Formula[], leaves: ReadonlyMap<string, Leaf>, facts: Facts): boolean | undefined {
  let left = parts
  let answerOfAll: boolean | undefined = true
  while (left[0] !== undefined) {
    const first = left[0]
    const group = relatedParts(left, first, leaves)
    left = left.filter((part) => part !== first && !group.includes(part))
    const together = [...new Set([first, ...group])]
    const found = someWorld(together, leaves, facts, (world) => together.every((part) => truthOf(part, world) === true))
    if (found === false) return false
    if (found === undefined || together.flatMap(atomsOf).some(({ leaf }) => leaves.get(leaf)?.computed === true))
      answerOfAll = undefined
  }
  return answerOfAll
}

/** The parts that share a column (or a computed value) with `part`, also by way of each other. */
function relatedParts(parts: readonly Formula[], part: Formula, leaves: ReadonlyMap<string, Leaf>): readonly Formula[] {
  // What reads no column (the answer of a model, a number of days) has itself in common with itself.
  const readBy = (formula: Formula): readonly string[] =>
    atomsOf(formula).flatMap(({ leaf }) => [leaf, ...(leaves.get(leaf)?.reads ?? [])])
  const reached = new Set(readBy(part))
  let related: readonly Formula[] = []
  for (;;) {
    const found = parts.filter((p) => readBy(p).some((column) => reached.has(column)))
    if (found.length === related.length) return found
    related = found
    for (const p of found) for (const column of readBy(p)) reached.add(column)
  }
}

const formulaKey = (formula: Formula): string =>
  JSON.stringify(formula, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : typeof value === 'number' ? String(value) : value,
  )

/** Rows on which the evaluator tells the two apart. */
function triedDifference(
  before: Condition,
  after: Condition,
  formulas: readonly Formula[],
  leaves: ReadonlyMap<string, Leaf>,
  facts: Facts,
): { readonly gained?: TriedRow; readonly lost?: TriedRow } {
  if (!canBeTried(before.expr) || !canBeTried(after.expr)) return {}
  let gained: TriedRow | undefined
  let lost: TriedRow | undefined
  for (const row of rowsToTry([before.expr, after.expr], formulas, leaves, facts)) {
    const [old, now] = [
      grade(truthOnRow(before.expr, row), before.missing),
      grade(truthOnRow(after.expr, row), after.missing),
    ]
    if (now > old) gained ??= row
    if (now < old) lost ??= row
    if (gained !== undefined && lost !== undefined) break
  }
  return { ...(gained === undefined ? {} : { gained }), ...(lost === undefined ? {} : { lost }) }
}
