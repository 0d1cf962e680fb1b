import type { Column, Expr } from '../../expr/expr.ts'
import type { Term } from '../../expr/must.ts'
import { columnsOf, walk } from '../../targets/children.ts'
import { conjuncts, DENIED, type RowBound, rowBound } from './bounds.ts'
import type { Say } from './facts.ts'
import { either, literal, minus, plus, size, times } from './formula.ts'
import { argument, beside, cellsOf, keyOf, type Measurements, type Placed, rowsOf, subjectOf } from './measured.ts'
import { areApart, cannot, fails, hasCell, holds } from './row-cases.ts'

/** Conditions of one population that are compared with one another. */
const MOST_CONDITIONS = 24
/** Conditions of which each three are. */
const MOST_IN_THREES = 10
/** Shares are fractions of whole numbers, rounded once each. */
const ROUNDING = 1e-12

interface Shared {
  readonly placed: Placed
  readonly expr: Expr
  readonly columns: ReadonlySet<string>
}

/** What numbers of an order (ends, means, quantiles) are measured of, of these rows. */
export const orderedIn = ({ terms }: Measurements): readonly string[] =>
  [...terms.values()].flatMap(({ term }) => (OF_ORDER.has(term.fn) ? (subjectOf(term) ?? []) : []))

/**
 * Facts about shares of the same rows: of conditions that exclude one another, or of which one implies the other; and beside the
 * least and greatest value of what is `ordered`. Returned: the ends of the cells that they speak of, by subject.
 */
export function sharesOf(
  population: Measurements,
  ordered: ReadonlySet<string>,
  needed: ReadonlySet<string>,
  say: Say,
): ReadonlyMap<string, readonly Placed[]> {
  const shares = [...population.terms.values()].flatMap((placed): readonly Shared[] => {
    const [first] = placed.term.args
    if (placed.term.fn !== 'share' || first?.kind !== 'expr' || placed.term.model !== undefined) return []
    return [{ placed, expr: first.expr, columns: columnsOf(first.expr) }]
  })
  if (!needed.has(rowsOf(population.key))) return new Map()
  const alternatives = alternativesOf(shares, population, ordered)
  const some = [...shares, ...alternatives].slice(0, MOST_CONDITIONS)
  const apart = new Map(some.map((each) => [each, new Set<Shared>()]))
  for (const [i, a] of some.entries()) {
    for (const b of some.slice(i + 1)) {
      if (![...a.columns].some((name) => b.columns.has(name))) continue
      if (areApart(a.expr, b.expr)) {
        apart.get(a)?.add(b)
        apart.get(b)?.add(a)
        say('other', (f) => f.compare(plus(f.number(a.placed), f.number(b.placed)), '<=', literal(1 + ROUNDING)))
        // All and none are exact, which matters to what is left of two.
        for (const [all, none] of alternatives.includes(b) ? [[a, b] as const, [b, a] as const] : [])
          say('other', (f) =>
            either(
              f.compare(f.number(all.placed), '<', literal(1)),
              f.compare(f.number(none.placed), '<=', literal(0)),
            ),
          )
      } else {
        if (cannot(holds(a.expr), fails(b.expr)))
          say('other', (f) => f.compare(f.number(a.placed), '<=', f.number(b.placed)))
        if (cannot(holds(b.expr), fails(a.expr)))
          say('other', (f) => f.compare(f.number(b.placed), '<=', f.number(a.placed)))
      }
      exhaust(population, [a, b], say)
    }
  }
  const families = new Set<string>()
  for (const each of some) {
    const family = [each]
    for (const other of apart.get(each) ?? [])
      if (family.every((member) => apart.get(member)?.has(other))) family.push(other)
    const key = family
      .map((member) => some.indexOf(member))
      .toSorted((a, b) => a - b)
      .join()
    if (family.length > 2 && !families.has(key)) {
      families.add(key)
      exhaust(population, family, say)
      say('other', (f) =>
        f.compare(
          family.map(({ placed }) => f.number(placed)).reduce((a, b) => plus(a, b)),
          '<=',
          literal(1 + ROUNDING * family.length),
        ),
      )
    }
  }
  for (const each of some) jointly(each, some, say)
  if (shares.length <= MOST_IN_THREES) inThrees(shares, apart, say)
  return endsOf(population, some, ordered, needed, say)
}

/** What one of has to be, where some number is read that one of them bounds: with the share of the others, its own is known. */
function alternativesOf(
  shares: readonly Shared[],
  population: Measurements,
  ordered: ReadonlySet<string>,
): readonly Shared[] {
  const known = new Set(shares.map(({ expr }) => keyOf(expr)))
  return shares.flatMap(({ expr }): readonly Shared[] => {
    const parts = expr.node === 'or' ? partsOf(expr, 'or') : []
    const bounds = parts.map(rowBound)
    if (!bounds.some((bound) => bound !== undefined && ordered.has(keyOf(bound.subject)))) return []
    return parts.flatMap((part) => {
      if (known.has(keyOf(part))) return []
      known.add(keyOf(part))
      return [{ placed: beside(population, 'share', argument(part)), expr: part, columns: columnsOf(part) }]
    })
  })
}

/** Of three conditions that no row meets together each row meets two at most (Bonferroni). */
function inThrees(some: readonly Shared[], apart: ReadonlyMap<Shared, ReadonlySet<Shared>>, say: Say): void {
  const areClose = (a: Shared, b: Shared): boolean =>
    !apart.get(a)?.has(b) && [...a.columns].some((name) => b.columns.has(name))
  for (const [i, a] of some.entries())
    for (const [j, b] of some.entries())
      for (const c of j > i ? some.slice(j + 1) : []) {
        const [ab, bc, ac] = [areClose(a, b), areClose(b, c), areClose(a, c)]
        if (Number(ab) + Number(bc) + Number(ac) < 2 || [a, b].some((each) => apart.get(each)?.has(c))) continue
        if (apart.get(a)?.has(b) || !cannot(holds(a.expr), holds(b.expr), holds(c.expr))) continue
        say('other', (f) => {
          const sum = [a, b, c].map(({ placed }) => f.number(placed)).reduce(plus)
          return f.compare(sum, '<=', literal(2 + ROUNDING * 3))
        })
      }
}

/** Where each row that has the cell meets one of some conditions on it: with those that lack it, they are all. */
function exhaust(population: Measurements, family: readonly Shared[], say: Say): void {
  const [name, ...more] = new Set(family.flatMap(({ columns }) => [...columns]))
  const [first] = family
  if (name === undefined || first === undefined || more.length > 0) return
  const column = columnIn(first.expr, name)
  if (column === undefined) return
  if (!cannot(hasCell(column), ...family.map(({ expr }) => fails(expr)))) return
  const missing = beside(population, 'null_share', [{ kind: 'column', name }])
  say('other', (f) => {
    const shares = family.map(({ placed }) => f.number(placed)).reduce(plus)
    return f.compare(plus(shares, f.number(missing)), '>=', literal(1 - ROUNDING * family.length))
  })
}

/** A share of rows that meet two conditions, or one of two, beside the share of each (Fréchet 1935; Boole). */
function jointly(each: Shared, all: readonly Shared[], say: Say): void {
  const { expr } = each
  if (expr.node !== 'and' && expr.node !== 'or') return
  const parts = partsOf(expr, expr.node).map((part) => all.find((other) => keyOf(other.expr) === keyOf(part)))
  if (parts.length < 2 || !parts.every((part) => part !== undefined)) return
  const slack = ROUNDING * parts.length
  say('other', (f) => {
    const sum = parts.map(({ placed }) => f.number(placed)).reduce(plus)
    const own = f.number(each.placed)
    return expr.node === 'and'
      ? f.compare(plus(own, literal(parts.length - 1)), '>=', minus(sum, literal(slack)))
      : f.compare(own, '<=', plus(sum, literal(slack)))
  })
  const [a, b, ...more] = parts
  if (expr.node === 'and' || a === undefined || b === undefined || more.length > 0) return
  // Where all rows meet one of two, and none the one, all meet the other.
  for (const [none, other] of [[a, b] as const, [b, a] as const])
    say('other', (f) =>
      either(
        either(f.compare(f.number(each.placed), '<', literal(1)), f.compare(f.number(none.placed), '>', literal(0))),
        f.compare(f.number(other.placed), '>=', literal(1)),
      ),
    )
}

function partsOf(expr: Expr, node: 'and' | 'or'): readonly Expr[] {
  return expr.node === node ? expr.args.flatMap((arg) => partsOf(arg, node)) : [expr]
}

/** A share of rows beyond a bound: the greatest value lies there, too; and all values do where the share is 1. */
function endsOf(
  population: Measurements,
  shares: readonly Shared[],
  ordered: ReadonlySet<string>,
  needed: ReadonlySet<string>,
  say: Say,
): ReadonlyMap<string, readonly Placed[]> {
  const found = new Map<string, readonly Placed[]>()
  for (const { placed, expr } of shares) {
    const parts = conjuncts(expr)
    for (const part of parts) {
      const bound = rowBound(part)
      if (bound === undefined) continue
      const { subject, op, literal: at } = bound
      const key = keyOf(subject)
      if (!ordered.has(key) || !needed.has(cellsOf(population.key, key))) continue
      const [least, greatest] = [
        beside(population, 'min', argument(subject)),
        beside(population, 'max', argument(subject)),
      ]
      found.set(key, [least, greatest])
      for (const [end, other] of op === '=='
        ? [[greatest, least] as const, [least, greatest] as const]
        : op.startsWith('<')
          ? [[least, greatest] as const]
          : [[greatest, least] as const]) {
        const way = op === '==' ? (end === greatest ? '>=' : '<=') : op
        say('other', (f) => either(f.compare(f.number(placed), '<=', literal(0)), f.compare(f.number(end), way, at)))
        say('other', (f) => either(f.compare(f.number(placed), '<', literal(1)), f.compare(f.number(other), way, at)))
        if (op !== '==' && end === (op.startsWith('<') ? least : greatest))
          besideMean(population, key, placed, bound, say)
        if (op !== '==' && end === (op.startsWith('<') ? least : greatest))
          besideMedian(population, key, placed, bound, say)
        if (op !== '==' && parts.length === 1) {
          besideOthers(population, key, placed, bound, say)
          medianOfOthers(population, key, placed, bound, say)
        }
        if (op !== '==' && parts.length === 1)
          say('other', (f) =>
            either(f.compare(f.number(placed), '>', literal(0)), f.compare(f.number(end), DENIED[op], at)),
          )
      }
    }
  }
  return found
}

/** A share of rows beyond a bound: the mean lies no further from the ends than these rows let it (A. A. Markov's inequality). */
function besideMean(
  population: Measurements,
  key: string,
  share: Placed,
  { subject, op, literal: at }: RowBound,
  say: Say,
) {
  const mean = [...population.terms.values()].find(({ term }) => term.fn === 'mean' && subjectOf(term) === key)
  if (mean === undefined) return
  const isBelow = op.startsWith('<')
  const end = beside(population, isBelow ? 'max' : 'min', argument(subject))
  say('other', (f) => {
    const furthest = plus(f.number(end), times(f.number(share), minus(at, f.number(end))))
    const slack = times(literal(isBelow ? SLACK : -SLACK), plus(size(f.number(end)), size(at)))
    return f.compare(f.number(mean), isBelow ? '<=' : '>=', plus(furthest, slack))
  })
}

/** More than half of the rows beyond a bound: of the cells in the middle both are. */
function besideMedian(
  population: Measurements,
  key: string,
  share: Placed,
  { op, literal: at }: RowBound,
  say: Say,
): void {
  const median = [...population.terms.values()].find(({ term }) => term.fn === 'median' && subjectOf(term) === key)
  if (median === undefined) return
  say('other', (f) => either(f.compare(f.number(share), '<=', literal(0.5)), f.compare(f.number(median), op, at)))
}

/** Less than half of the rows beyond a bound: of the cells in the middle none is, where none is missing. */
function medianOfOthers(
  population: Measurements,
  key: string,
  share: Placed,
  { op, literal: at }: RowBound,
  say: Say,
): void {
  const of = (fn: string) =>
    [...population.terms.values()].find(({ term }) => term.fn === fn && subjectOf(term) === key)
  const [median, missing] = [of('median'), of('null_share')]
  if (median === undefined || missing === undefined || op === '==') return
  say('other', (f) =>
    either(
      f.compare(f.number(missing), '>', literal(0)),
      either(f.compare(f.number(share), '>=', literal(0.5)), f.compare(f.number(median), DENIED[op], at)),
    ),
  )
}

/** The rows that are not beyond a bound lie on its other side, where none is missing: the mean is no further than they let it. */
function besideOthers(
  population: Measurements,
  key: string,
  share: Placed,
  { subject, op, literal: at }: RowBound,
  say: Say,
): void {
  const of = (fn: string) =>
    [...population.terms.values()].find(({ term }) => term.fn === fn && subjectOf(term) === key)
  const [mean, missing] = [of('mean'), of('null_share')]
  if (mean === undefined || missing === undefined) return
  const isBelow = op.startsWith('<')
  const end = beside(population, isBelow ? 'min' : 'max', argument(subject))
  say('other', (f) => {
    const furthest = plus(at, times(f.number(share), minus(f.number(end), at)))
    const slack = times(literal(isBelow ? -SLACK : SLACK), plus(size(f.number(end)), size(at)))
    const fact = f.compare(f.number(mean), isBelow ? '>=' : '<=', plus(furthest, slack))
    return either(f.compare(f.number(missing), '>', literal(0)), fact)
  })
}

/** Of the ends, by which a mean of doubles may be off. */
const SLACK = 1e-9

const OF_ORDER: ReadonlySet<Term['fn']> = new Set(['min', 'max', 'mean', 'median', 'quantile', 'quantile_nearest'])

function columnIn(expr: Expr, name: string): Column | undefined {
  return walk(expr).find((part) => part.node === 'column' && part.name === name) as Column | undefined
}
