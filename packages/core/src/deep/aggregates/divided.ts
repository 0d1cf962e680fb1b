import type { Expr } from '../../expr/expr.ts'
import type { Term } from '../../expr/must.ts'
import { type Division, divisionsOf } from './divisions.ts'
import type { Say } from './facts.ts'
import { either, type Formula, literal, minus, plus, size, times } from './formula.ts'
import {
  argument,
  beside,
  cellsOf,
  isExact,
  keyOf,
  type Measurements,
  type Placed,
  rowsOf,
  subjectOf,
  termKey,
} from './measured.ts'

/** Of what is compared, by which rounding may be off. */
const ROUNDING = 1e-9

/**
 * Fractions of sums over rows (and roots of them), and the median: of all rows they lie between the least and the greatest of parts that are
 * all rows. No such number: a quantile, a ROC area, a deviation.
 */
export const BETWEEN: ReadonlySet<string> = new Set<Term['fn']>([
  'mean',
  'share',
  'null_share',
  'median',
  'accuracy',
  'precision',
  'recall',
  'specificity',
  'negative_predictive_value',
  'false_positive_rate',
  'false_negative_rate',
  'false_discovery_rate',
  'jaccard',
  'f1',
  'positive_rate',
  'expected_cost',
  'mae',
  'mse',
  'rmse',
  'mape',
  'smape',
  'wape',
  'rmsle',
  'pinball',
  'mean_error',
  'brier',
  'log_loss',
])

/** They lie between the least and the greatest cell. */
const AMONG_CELLS: ReadonlySet<string> = new Set<Term['fn']>([
  'min',
  'max',
  'mean',
  'median',
  'quantile',
  'quantile_nearest',
])

/** They add up over parts that are all rows, and to no more over others. */
const ADDING: ReadonlySet<string> = new Set<Term['fn']>(['count', 'present'])

/** Each row counts once in them: they are weighed by rows, `mean` where no cell is missing. */
const BY_ROWS: ReadonlySet<string> = new Set<Term['fn']>(['mean', 'share', 'null_share'])

/** Rows of the populations, by key. */
export type RowsOf = (population: string) => number | undefined

/**
 * What numbers of all rows and of parts of them say of one another: they lie between those of the parts, are their sum, or their mean
 * weighed by rows (the law of total expectation), where the weights are counted or asked for.
 */
export function dividedFacts(
  populations: ReadonlyMap<string, Measurements>,
  needed: ReadonlySet<string>,
  rows: RowsOf,
  say: Say,
): void {
  const whole = populations.get('')
  if (whole === undefined) return
  const shareOf = sharesIn(whole)
  const means = [...whole.terms].filter(([, { term }]) => term.fn === 'mean')
  if (means.length > 0 && (rows('') !== undefined || [...whole.terms.values()].some(({ term }) => term.fn === 'share')))
    for (const part of populations.values()) besideOthers(whole, means, part, shareOf, rows, say)
  for (const division of divisionsOf(populations)) {
    for (const [key, all] of whole.terms) {
      beyondEnds(all, division, needed, say)
      const { fn } = all.term
      const parts = division.parts.flatMap((part) => part.terms.get(key) ?? [])
      if (ADDING.has(fn) && parts.length > 1) added(all, parts, division, say)
      if (parts.length < division.parts.length || division.strays === undefined || !needed.has(rowsOf(''))) continue
      if (fn === 'distinct') say('other', (f) => unless(f, division, f.compare(f.number(all), '<=', sumOf(f, parts))))
      if (fn === 'sum') summed(all, parts, division, say)
      if (fn === 'min' || fn === 'max') ends(all, parts, division, say)
      if (!BETWEEN.has(fn)) continue
      for (const op of ['>=', '<='] as const)
        say('other', (f) => {
          const numbers = parts.map((part) => f.number(part))
          const end: Expr = { node: 'reduce', type: all.term.type, op: op === '>=' ? 'min' : 'max', args: numbers }
          const isWhole = AMONG_CELLS.has(fn) && isExact(all.term)
          return unless(f, division, f.compare(f.number(all), op, isWhole ? end : slackened(end, op)))
        })
      if (BY_ROWS.has(fn)) weighed(whole, all, parts, division, shareOf, rows, say)
    }
  }
}

function added(all: Placed, parts: readonly Placed[], division: Division, say: Say): void {
  say('other', (f) => f.compare(sumOf(f, parts), '<=', f.number(all)))
  if (parts.length === division.parts.length && division.strays !== undefined)
    say('other', (f) => unless(f, division, f.compare(sumOf(f, parts), '>=', f.number(all))))
}

/** The sum of all rows is that of the parts; of doubles up to what adding them in another order makes of it. */
function summed(all: Placed, parts: readonly Placed[], division: Division, say: Say): void {
  for (const op of ['>=', '<='] as const)
    say('other', (f) => {
      const slack = parts.map((part) => size(f.number(part))).reduce(plus)
      const by = literal(op === '>=' ? -ROUNDING : ROUNDING)
      return unless(f, division, f.compare(f.number(all), op, plus(sumOf(f, parts), times(by, slack))))
    })
}

/** The least of all rows is the least of some part. That it is not above is known of each. */
function ends(all: Placed, parts: readonly Placed[], division: Division, say: Say): void {
  const isLeast = all.term.fn === 'min'
  say('other', (f) => {
    const reached = parts.map((part) => f.compare(f.number(all), isLeast ? '>=' : '<=', f.number(part))).reduce(either)
    return unless(f, division, reached)
  })
}

/** What has a place among the cells of all rows lies between the ends of the parts, whatever else is known of the parts. */
function beyondEnds(all: Placed, { parts, strays }: Division, needed: ReadonlySet<string>, say: Say): void {
  const subject = subjectOf(all.term)
  if (strays === undefined || subject === undefined || !AMONG_CELLS.has(all.term.fn)) return
  if (!needed.has(cellsOf('', subject))) return
  for (const fn of ['min', 'max'] as const) {
    if (fn === all.term.fn) continue
    const key = termKey({ ...all.term, fn, args: all.term.args.slice(0, 1) })
    const found = parts.flatMap((part) => part.terms.get(key) ?? [])
    if (found.length < parts.length) continue
    say('other', (f) => {
      const op = fn === 'min' ? '>=' : '<='
      const end: Expr = { node: 'reduce', type: all.term.type, op: fn, args: found.map((each) => f.number(each)) }
      return unless(f, { strays }, f.compare(f.number(all), op, isExact(all.term) ? end : slackened(end, op)))
    })
  }
}

/** The mean of all rows is that of the parts, each as often as it has rows. */
function weighed(
  whole: Measurements,
  all: Placed,
  parts: readonly Placed[],
  division: Division,
  shareOf: ShareOf,
  rows: RowsOf,
  say: Say,
): void {
  const missing = all.term.fn === 'mean' ? missingOf(whole, all) : undefined
  if (all.term.fn === 'mean' && missing === undefined) return
  const counts = division.parts.map(({ key }) => rows(key))
  const total = counts.reduce<number>((sum, each) => sum + (each ?? Number.NaN), 0)
  const shares = division.parts.map(shareOf)
  const isCounted = total > 0 && total === rows('')
  if (!isCounted && !shares.some(({ measured }) => measured)) return
  const weight = (f: Formula, i: number): Expr =>
    isCounted ? literal((counts[i] ?? 0) / total) : f.number((shares[i] as (typeof shares)[number]).placed)
  if (!isCounted) say('other', (f) => unless(f, division, equalTo(f, shares, literal(1))))
  for (const op of ['>=', '<='] as const)
    say('other', (f) => {
      const sum = parts.map((part, i) => times(weight(f, i), f.number(part))).reduce(plus)
      const slack = times(literal(op === '>=' ? -ROUNDING : ROUNDING), size(f.number(all)))
      const fact = f.compare(sum, op, plus(f.number(all), slack))
      const strays = [...(division.strays ?? []), ...(missing === undefined ? [] : [missing])]
      return unless(f, { strays }, fact)
    })
}

/** The mean of all rows beside that of a part whose weight is known: the other rows lie between the ends. */
function besideOthers(
  whole: Measurements,
  means: readonly (readonly [key: string, mean: Placed])[],
  part: Measurements,
  shareOf: ShareOf,
  rows: RowsOf,
  say: Say,
): void {
  const [condition, ...more] = part.conditions
  if (condition === undefined || more.length > 0) return
  for (const [key, all] of means) {
    const own = part.terms.get(key)
    const missing = own === undefined ? undefined : missingOf(whole, all)
    if (own === undefined || missing === undefined) continue
    const [count, total] = [rows(part.key), rows('')]
    const share = shareOf(part)
    const isCounted = count !== undefined && total !== undefined && total > 0
    if (!isCounted && !share.measured) continue
    for (const [fn, op] of [
      ['min', '>='],
      ['max', '<='],
    ] as const)
      say('other', (f) => {
        const [weight, end] = [
          isCounted ? literal(count / total) : f.number(share.placed),
          f.number(beside(whole, fn, all.term.args)),
        ]
        const furthest = plus(end, times(weight, minus(f.number(own), end)))
        const slack = times(literal(op === '>=' ? -ROUNDING : ROUNDING), plus(size(end), size(f.number(own))))
        return unless(f, { strays: [missing] }, f.compare(f.number(all), op, plus(furthest, slack)))
      })
  }
}

/** The share of missing cells of what a term is measured of, where something is said of it. */
function missingOf({ terms }: Measurements, { term: of }: Placed): Placed | undefined {
  return [...terms.values()].find(({ term }) => term.fn === 'null_share' && subjectOf(term) === subjectOf(of))
}

const equalTo = (f: Formula, shares: readonly { readonly placed: Placed }[], to: Expr): Expr =>
  f.compare(shares.map(({ placed }) => f.number(placed)).reduce(plus), '==', to)

/** The share of all rows that are in a part, and whether something is asked of it. */
type ShareOf = (part: Measurements) => { readonly placed: Placed; readonly measured: boolean }

/** Shares of all rows by what is true of them: looked up once for each part, since conditions are compared as texts. */
function sharesIn(whole: Measurements): ShareOf {
  const measured = new Map<string, Placed>()
  for (const placed of whole.terms.values()) {
    const { fn, args, model } = placed.term
    const [first] = args
    if (fn === 'share' && model === undefined && first?.kind === 'expr') measured.set(keyOf(first.expr), placed)
  }
  const found = new Map<Measurements, ReturnType<ShareOf>>()
  return (part) => {
    const before = found.get(part)
    if (before !== undefined) return before
    const condition = part.conditions[0] as Expr
    const placed = measured.size === 0 ? undefined : measured.get(keyOf(condition))
    const share = { placed: placed ?? beside(whole, 'share', argument(condition)), measured: placed !== undefined }
    found.set(part, share)
    return share
  }
}

const sumOf = (f: Formula, parts: readonly Placed[]): Expr => parts.map((part) => f.number(part)).reduce(plus)

const slackened = (end: Expr, op: '>=' | '<='): Expr => {
  const slack = times(literal(ROUNDING), size(end))
  return op === '>=' ? minus(end, slack) : plus(end, slack)
}

/** A fact of parts that are all rows: unless there are strays. */
function unless(f: Formula, { strays = [] }: Pick<Division, 'strays'>, fact: Expr): Expr {
  return strays.reduce((all, stray) => either(f.compare(f.number(stray), '>', literal(0)), all), fact)
}
