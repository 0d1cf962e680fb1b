import type { Clause, EveryClause, MustClause } from '../clause/clause.ts'
import type { Expr } from '../expr/expr.ts'
import type { Comparison } from '../expr/must.ts'
import type { SpecOperator } from './fault.ts'

/** A clause as it could be by mistake: the same question in other words of the same relation. */
export interface Weakened {
  readonly id: string
  readonly operator: SpecOperator
  readonly says: string
  /** With the id and digest of the clause it came from, so that it draws the same random numbers. */
  readonly clause: EveryClause | MustClause
}

/** Part of itself by which a bound is moved to the side that allows more. */
const RELAXED = 0.2

/** The faults that can be written into an authored clause, each on its own. Clauses of other forms have none here. */
export function weakenings(clause: Clause): readonly Weakened[] {
  if (clause.form === 'every') return clause.condition.kind === 'expr' ? ofEvery(clause, clause.condition.expr) : []
  return clause.form === 'must' ? ofMust(clause) : []
}

function ofMust(clause: MustClause): readonly Weakened[] {
  const { must } = clause
  const withComparison = (index: number, comparison: Comparison): MustClause => ({
    ...clause,
    must: { ...must, comparisons: must.comparisons.map((each, i) => (i === index ? comparison : each)) },
  })
  const changed = must.comparisons.flatMap((comparison, i): readonly Weakened[] => {
    const flipped = { ...comparison, op: FLIPPED[comparison.op] }
    const bound = relaxed(comparison.right, comparison.op)
    return [
      named(
        clause,
        'flipped-operator',
        i,
        `\`${comparison.expression}\` with ${flipped.op}`,
        withComparison(i, flipped),
      ),
      ...(bound === undefined
        ? []
        : [
            named(
              clause,
              'relaxed-bound',
              i,
              `\`${comparison.expression}\` with ${shown(bound)}`,
              withComparison(i, { ...comparison, right: bound }),
            ),
          ]),
    ]
  })
  const dropped = withoutConjuncts(must.condition).map((condition, i) =>
    named(clause, 'dropped-conjunct', i, `without conjunct ${i + 1}`, { ...clause, must: { ...must, condition } }),
  )
  return [...changed, ...dropped]
}

function ofEvery(clause: EveryClause, expr: Expr): readonly Weakened[] {
  const withExpr = (changed: Expr): EveryClause => ({
    ...clause,
    condition: { kind: 'expr', expr: changed, text: clause.condition.kind === 'expr' ? clause.condition.text : '' },
  })
  const found: Weakened[] = []
  for (const { op, left, right, replace } of comparisonsIn(expr, (changed) => changed)) {
    const at = found.length
    const flipped = FLIPPED[op]
    found.push(
      named(
        clause,
        'flipped-operator',
        at,
        `a comparison with ${flipped} for ${op}`,
        withExpr(replace(flipped, left, right)),
      ),
    )
    const bound = relaxed(right, op)
    if (bound !== undefined)
      found.push(
        named(
          clause,
          'relaxed-bound',
          at,
          `a bound of ${shown(bound)} for ${shown(right)}`,
          withExpr(replace(op, left, bound)),
        ),
      )
  }
  const dropped = withoutConjuncts(expr).map((condition, i) =>
    named(clause, 'dropped-conjunct', i, `without conjunct ${i + 1}`, withExpr(condition)),
  )
  return [...found, ...dropped]
}

function named(
  clause: Clause,
  operator: SpecOperator,
  at: number,
  says: string,
  weak: EveryClause | MustClause,
): Weakened {
  return { id: `${operator} ${clause.id}.${at + 1}`, operator, says: `${clause.id}: ${says}`, clause: weak }
}

type Operator = Comparison['op']

const FLIPPED: Readonly<Record<Operator, Operator>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '!=',
  '!=': '==',
}

const ORDERS: ReadonlySet<Operator> = new Set(['<', '<=', '>', '>='])

/** A number on the right, moved to the side that allows more; undefined where it is none, or where there is no such side. */
function relaxed(bound: Expr, op: Operator): Expr | undefined {
  if (bound.node !== 'literal' || !ORDERS.has(op)) return undefined
  const up = op === '<' || op === '<='
  if (bound.type.kind === 'double' && typeof bound.value === 'number' && bound.value !== 0)
    return { ...bound, value: bound.value + (up ? 1 : -1) * RELAXED * Math.abs(bound.value) }
  if (bound.type.kind !== 'int' || typeof bound.value !== 'string') return undefined
  const value = BigInt(bound.value)
  const magnitude = value < 0n ? -value : value
  const step = magnitude / 5n > 0n ? magnitude / 5n : 1n
  return { ...bound, value: String(up ? value + step : value - step) }
}

const shown = (bound: Expr): string =>
  bound.node === 'literal'
    ? String(typeof bound.value === 'number' ? Number(bound.value.toPrecision(6)) : bound.value)
    : '…'

/** Each way of leaving out one side of a conjunction at the top of a condition. */
function withoutConjuncts(expr: Expr): readonly Expr[] {
  if (expr.node !== 'and') return []
  const [left, right] = expr.args
  return [
    ...(left.node === 'and' ? withoutConjuncts(left).map((less): Expr => ({ ...expr, args: [less, right] })) : [right]),
    ...(right.node === 'and' ? withoutConjuncts(right).map((less): Expr => ({ ...expr, args: [left, less] })) : [left]),
  ]
}

interface Found {
  readonly op: Operator
  readonly left: Expr
  readonly right: Expr
  readonly replace: (op: Operator, left: Expr, right: Expr) => Expr
}

/** The comparisons of a row condition below conjunctions and disjunctions, each with how to put another in its place. */
function comparisonsIn(expr: Expr, put: (changed: Expr) => Expr): readonly Found[] {
  if (expr.node === 'and' || expr.node === 'or') {
    const [left, right] = expr.args
    return [
      ...comparisonsIn(left, (changed) => put({ ...expr, args: [changed, right] })),
      ...comparisonsIn(right, (changed) => put({ ...expr, args: [left, changed] })),
    ]
  }
  if (expr.node !== 'call' || expr.args.length !== 2) return []
  const [, name, types] = /^(lt|le|gt|ge|eq|ne)_(.+)$/.exec(expr.fn) ?? []
  const op = name === undefined ? undefined : OPERATOR_OF[name]
  const [left, right] = expr.args
  if (op === undefined || left === undefined || right === undefined) return []
  return [
    {
      op,
      left,
      right,
      replace: (changed, l, r) => put({ ...expr, fn: `${NAME_OF[changed]}_${types}` as typeof expr.fn, args: [l, r] }),
    },
  ]
}

const NAME_OF: Readonly<Record<Operator, string>> = {
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '==': 'eq',
  '!=': 'ne',
}
const OPERATOR_OF: Readonly<Record<string, Operator>> = Object.fromEntries(
  Object.entries(NAME_OF).map(([op, name]) => [name, op as Operator]),
)
