import type { Expr } from '../../expr/expr.ts'
import type { Comparison, Term } from '../../expr/must.ts'
import type { Instance } from '../instance.ts'
import { combinedFacts } from './combined.ts'
import { correlationFacts } from './correlation.ts'
import { dividedFacts, type RowsOf } from './divided.ts'
import { createFormula, either, type Formula, literal, minus, plus, size, times } from './formula.ts'
import {
  beside,
  cellsOf,
  isExact,
  type Measurements,
  type Placed,
  readingOf,
  rowsOf,
  subjectOf,
  termKey,
} from './measured.ts'
import { orderedIn, sharesOf } from './shares.ts'

/** Of doubles, what is computed may lie beyond what it is computed from: by far less than this of it. */
const ROUNDING = 1e-9
/** Not less than the square root of a half: two values differ from their mean by half of what they differ by. */
const WIDEST = 0.707_106_782

/** Counts of cells, each at most that of the next that is measured. */
const COUNTS = ['modes', 'distinct', 'present', 'count'] as const
/** Counts that are not 0 where a cell is there. */
const VALUES: ReadonlySet<string> = new Set(['distinct', 'present', 'modes', 'mode_count'])
/** Counts of some of the cells that are there. */
const PARTS: ReadonlySet<string> = new Set([
  'mode_count',
  'ascents',
  'descents',
  'repeats',
  'above_stddevs',
  'below_stddevs',
  'orphans',
  'not_after',
])
/** They do not grow where rows are left out. */
const GROWING: ReadonlySet<string> = new Set([
  'count',
  'distinct',
  'present',
  'duplicates',
  'mode_count',
  'orphans',
  'max',
])

/** Adds what a formula says to the facts. */
export type Say = (kind: 'order' | 'other', write: (formula: Formula) => Expr) => void

/**
 * What is true of the numbers that instances read, whatever table they are measured on, where those that are needed have a
 * value (Devore, "Probability and Statistics", chapter 1, for order statistics and the deviation). `ofTwoClasses`: decisions are between two.
 */
export function factsOf(
  instances: readonly Instance[],
  rows: RowsOf = () => undefined,
  ofTwoClasses = false,
): readonly Instance[] {
  const { populations, needed } = readingOf(instances)
  const like = instances[0]?.clause
  if (like === undefined || !needed.has(rowsOf(''))) return []
  const facts: Instance[] = []
  const say: Say = (fact, write) => {
    const formula = createFormula()
    facts.push(formula.instance(write(formula), like, 'fact', { fact }))
  }
  const everything = populations.get('')
  const whole = everything === undefined ? undefined : subjectsOf(everything)
  const ordered = everything === undefined ? [] : orderedIn(everything)
  for (const population of populations.values()) {
    const bySubject = population === everything && whole !== undefined ? whole : subjectsOf(population)
    const within = new Map([
      ...sharesOf(population, new Set([...orderedIn(population), ...ordered]), needed, say),
      ...combinedFacts(population, (subject) => needed.has(cellsOf(population.key, subject)), say),
    ])
    for (const [subject, placed] of bySubject) {
      if (subject === undefined) continue
      const own = new Map(placed.map((each) => [each.term.fn, each]))
      for (const each of within.get(subject) ?? []) if (!own.has(each.term.fn)) own.set(each.term.fn, each)
      const all = [...placed.filter(({ term }) => term.fn.startsWith('quantile')), ...own.values()]
      if (needed.has(cellsOf(population.key, subject))) {
        orderOf([...new Set(all)], say)
        spreadOf(own, say)
        medianOf(own, say)
        sumOf(population, own, say)
      }
    }
    if (needed.has(rowsOf(population.key)))
      for (const each of population.terms.values())
        if (each.term.fn === 'count') say('other', (f) => f.compare(f.number(each), '>=', literal(1)))
    countsOf(population, bySubject, say)
    presentValues(population, bySubject, needed, say)
    valuesOf(population, bySubject, needed, say)
    if (population.whole || everything === undefined || whole === undefined) continue
    partOf(population, bySubject, whole, needed, say)
    for (const [subject, ends] of within) endsOfPart(population, ends, whole.get(subject) ?? [], say)
    for (const [key, part] of population.terms) {
      const all = everything.terms.get(key)
      const { fn } = part.term
      if (all === undefined || (part.slice !== null && part.term.where !== undefined)) continue
      const grows = GROWING.has(fn)
      const counts = fn !== 'min' && fn !== 'max'
      if (!grows && fn !== 'min') continue
      if (!counts && !needed.has(cellsOf(population.key, subjectOf(part.term) ?? ''))) continue
      say('order', (f) => f.compare(f.number(part), grows ? '<=' : '>=', f.number(all)))
    }
  }
  dividedFacts(populations, needed, rows, say)
  if (ofTwoClasses) correlationFacts(populations.values(), instances, say)
  return facts
}

const subjectsOf = ({ terms }: Measurements): BySubject => Map.groupBy(terms.values(), ({ term }) => subjectOf(term))

/** Numbers of a part of the rows beside others of all: a mean beside the greatest of all values, distinct values beside all cells. */
function partOf(part: Measurements, parts: BySubject, all: BySubject, needed: ReadonlySet<string>, say: Say): void {
  const counts = [...all.values()].flat().filter(({ term }) => term.fn === 'count')
  for (const [subject, placed] of parts) {
    if (subject === undefined) continue
    const others = all.get(subject) ?? []
    const isThere = needed.has(cellsOf(part.key, subject))
    for (const each of placed) {
      // A fact speaks of one slice: of a group in a slice and of all rows it cannot.
      if (each.slice !== null) continue
      const rank = rankOf(each)
      const isOrdered = isThere && (levelOf(each.term) !== undefined || isBetween(each.term))
      if (rank >= 0)
        for (const other of [...others.filter((known) => rankOf(known) > rank), ...counts])
          say('order', (f) => f.compare(f.number(each), '<=', f.number(other)))
      for (const other of isOrdered ? others : []) {
        const { fn } = other.term
        if (fn === 'max' && each.term.fn !== fn) atMost(each, other, say)
        if (fn === 'min' && each.term.fn !== fn) atMost(other, each, say)
      }
    }
  }
}

/** The least and greatest value of a part that nobody measures, beside those of all rows. */
function endsOfPart({ terms }: Measurements, ends: readonly Placed[], all: readonly Placed[], say: Say): void {
  for (const end of ends) {
    const other = all.find(({ term }) => term.fn === end.term.fn)
    if (other === undefined || end.slice !== null || terms.has(termKey(end.term))) continue
    if (end.term.fn === 'max') atMost(end, other, say)
    else atMost(other, end, say)
  }
}

type BySubject = ReadonlyMap<string | undefined, readonly Placed[]>
const rankOf = ({ term: { fn } }: Placed): number => (COUNTS as readonly string[]).indexOf(fn)

const isBetween = ({ fn }: Term): boolean => fn === 'mean' || fn === 'quantile_nearest'

/** How far up in the order of the cells a number lies; undefined for one that has no place there. */
function levelOf({ fn, args }: Term): number | undefined {
  if (fn === 'min') return 0
  if (fn === 'max') return 1
  if (fn === 'median') return 0.5
  const [, q] = args
  return fn === 'quantile' && q?.kind === 'value' ? q.value : undefined
}

/** Quantiles lie in order, and means between the ends. */
function orderOf(placed: readonly Placed[], say: Say): void {
  const levels = placed
    .flatMap((each) => {
      const level = levelOf(each.term)
      return level === undefined ? [] : [{ each, level }]
    })
    .toSorted((a, b) => a.level - b.level)
  for (const [i, { each, level }] of levels.entries()) {
    const next = levels[i + 1]
    if (next === undefined) break
    atMost(each, next.each, say)
    if (next.level === level) atMost(next.each, each, say)
  }
  const [least, greatest] = [placed.find(({ term }) => term.fn === 'min'), placed.find(({ term }) => term.fn === 'max')]
  for (const each of placed) {
    if (!isBetween(each.term)) continue
    if (least !== undefined) atMost(least, each, say)
    if (greatest !== undefined) atMost(each, greatest, say)
  }
}

function atMost(low: Placed, high: Placed, say: Say): void {
  say('order', (f) => {
    const end = f.number(high)
    return f.compare(
      f.number(low),
      '<=',
      isExact(low.term) && isExact(high.term) ? end : plus(end, times(literal(ROUNDING), size(end))),
    )
  })
}

type Own = ReadonlyMap<Term['fn'], Placed>

function spreadOf(own: Own, say: Say): void {
  const [least, greatest] = [own.get('min'), own.get('max')]
  const [deviation, variance] = [own.get('stddev'), own.get('variance')]
  const range = (f: Formula): Expr => minus(f.number(greatest as Placed), f.number(least as Placed))
  if (least !== undefined && greatest !== undefined) {
    if (deviation !== undefined)
      say('other', (f) => f.compare(f.number(deviation), '<=', times(literal(WIDEST), range(f))))
    if (variance !== undefined)
      say('other', (f) => {
        const width = range(f)
        return f.compare(f.number(variance), '<=', times(literal(0.5 + ROUNDING), times(width, width)))
      })
  }
  if (deviation === undefined || variance === undefined) return
  for (const [op, factor] of [
    ['<=', 1 + ROUNDING],
    ['>=', 1 - ROUNDING],
  ] as const)
    say('other', (f) => {
      const square = times(f.number(deviation), f.number(deviation))
      return f.compare(f.number(variance), op, times(literal(factor), square))
    })
}

/** Half of the cells are at least the median, and half at most: the mean is no nearer to an end than half as far as the median. */
function medianOf(own: Own, say: Say): void {
  const [mean, median] = [own.get('mean'), own.get('median')]
  if (mean === undefined || median === undefined) return
  for (const [fn, op] of [
    ['min', '>='],
    ['max', '<='],
  ] as const) {
    const end = own.get(fn)
    if (end === undefined) continue
    say('other', (f) => {
      const middle = times(literal(0.5), plus(f.number(end), f.number(median)))
      const slack = times(
        literal(op === '>=' ? -ROUNDING : ROUNDING),
        plus(size(f.number(end)), size(f.number(median))),
      )
      return f.compare(f.number(mean), op, plus(middle, slack))
    })
  }
}

/**
 * The sum: as many numbers as there are cells, each between the ends. Where a cell is infinite there is no sum. Of doubles it may be off by
 * a little of what is added, which the ends bound.
 */
function sumOf(population: Measurements, own: Own, say: Say): void {
  const sum = own.get('sum')
  const [first] = sum?.term.args ?? []
  if (sum === undefined || first?.kind !== 'expr') return
  const isWhole = first.expr.type.kind === 'int'
  const name = first.expr.node === 'column' ? first.expr.name : undefined
  const cells =
    name === undefined
      ? beside(population, 'present', [first])
      : beside(population, 'present', [{ kind: 'column', name }])
  const count = [...population.terms.values()].find(({ term }) => term.fn === 'count')
  const missing = [...population.terms.values()].find(
    ({ term }) => term.fn === 'null_share' && subjectOf(term) === subjectOf(sum.term),
  )
  say('other', (f) => f.compare(f.number(cells), '>=', literal(1)))
  if (count !== undefined) say('order', (f) => f.compare(f.number(cells), '<=', f.number(count)))
  if (count !== undefined && missing !== undefined && !hasPresent(population, cells))
    presentOf(count, missing, cells, say)
  const compare = (fn: Term['fn'], op: Comparison['op'], slack: number): void => {
    const other = own.get(fn)
    if (other === undefined) return
    say('other', (f) => {
      const product = times(f.number(cells), f.number(other))
      return f.compare(f.number(sum), op, slack === 0 ? product : plus(product, times(literal(slack), size(product))))
    })
  }
  compare('min', '>=', isWhole ? 0 : -ROUNDING)
  compare('max', '<=', isWhole ? 0 : ROUNDING)
  if (isWhole) {
    compare('mean', '<=', ROUNDING)
    compare('mean', '>=', -ROUNDING)
    return
  }
  const mean = own.get('mean')
  if (mean === undefined) return
  const ends = (['min', 'max'] as const).map((fn) => own.get(fn) ?? beside(population, fn, sum.term.args))
  for (const [op, way] of [
    ['<=', ROUNDING],
    ['>=', -ROUNDING],
  ] as const)
    say('other', (f) => {
      const each = ends.map((end) => size(f.number(end))).reduce(plus)
      const slack = times(literal(way), times(f.number(cells), each))
      return f.compare(f.number(sum), op, plus(times(f.number(cells), f.number(mean)), slack))
    })
}

const hasPresent = ({ terms }: Measurements, cells: Placed): boolean => terms.has(termKey(cells.term))

/** Cells that are there, beside the share of those that are not. */
function presentOf(
  count: Placed,
  missing: Placed,
  present: Placed,
  say: Say,
  ops: readonly ('<=' | '>=')[] = ['<=', '>='],
): void {
  for (const op of ops)
    say('other', (f) => {
      const rows = f.number(count)
      const slack = times(literal(op === '<=' ? ROUNDING : -ROUNDING), rows)
      return f.compare(f.number(present), op, plus(times(rows, minus(literal(1), f.number(missing))), slack))
    })
}

/** Whole numbers between the ends: no more of them are distinct. */
function valuesOf(
  population: Measurements,
  bySubject: ReadonlyMap<string | undefined, readonly Placed[]>,
  needed: ReadonlySet<string>,
  say: Say,
): void {
  for (const [subject, placed] of bySubject) {
    const at = (fn: Term['fn']) => placed.find(({ term }) => term.fn === fn)
    const [distinct, least, greatest] = [at('distinct'), at('min'), at('max')]
    const [first] = least?.term.args ?? []
    const isWhole = first?.kind === 'expr' && first.expr.type.kind === 'int'
    if (subject === undefined || distinct === undefined || least === undefined || greatest === undefined) continue
    if (isWhole && needed.has(cellsOf(population.key, subject)))
      say('other', (f) => {
        const width = minus(f.number(greatest), f.number(least))
        return f.compare(f.number(distinct), '<=', plus(width, literal(1)))
      })
  }
}

/** Where a cell is there, so is its value: it is asked for, or some row has to have it. */
function presentValues({ key }: Measurements, bySubject: BySubject, needed: ReadonlySet<string>, say: Say): void {
  for (const [subject, placed] of bySubject) {
    const missing = placed.find(({ term }) => term.fn === 'null_share')
    for (const each of subject === undefined ? [] : placed) {
      if (!VALUES.has(each.term.fn)) continue
      const some = (f: Formula): Expr => f.compare(f.number(each), '>=', literal(1))
      if (needed.has(cellsOf(key, subject ?? ''))) say('other', some)
      else if (missing !== undefined && needed.has(rowsOf(key)))
        say('other', (f) => either(f.compare(f.number(missing), '>=', literal(1)), some(f)))
    }
  }
}

function countsOf(
  population: Measurements,
  bySubject: ReadonlyMap<string | undefined, readonly Placed[]>,
  say: Say,
): void {
  const count = [...population.terms.values()].find(({ term }) => term.fn === 'count')
  const most = (low: Placed, high: Placed | undefined): void => {
    if (high !== undefined) say('order', (f) => f.compare(f.number(low), '<=', f.number(high)))
  }
  for (const each of population.terms.values()) if (each.term.fn === 'duplicates') most(each, count)
  for (const [subject, placed] of bySubject) {
    if (subject === undefined) continue
    const own = new Map(placed.map((each) => [each.term.fn, each]))
    if (count !== undefined) own.set('count', count)
    const chain = COUNTS.flatMap((fn) => own.get(fn) ?? [])
    for (const [i, each] of chain.entries()) most(each, chain[i + 1])
    const top = own.get('present') ?? count
    for (const each of placed) if (PARTS.has(each.term.fn)) most(each, top)
    const missing = own.get('null_share')
    const counted = own.get('present') ?? own.get('distinct')
    if (missing !== undefined && count !== undefined && counted !== undefined)
      presentOf(count, missing, counted, say, counted.term.fn === 'present' ? ['<=', '>='] : ['<='])
    const [distinct, duplicates] = [own.get('distinct'), own.get('duplicates')]
    // Each row that is no duplicate has a value of its own, or is the one whose cell is missing.
    if (distinct !== undefined && duplicates?.term.args.length === 1 && count !== undefined)
      say('other', (f) =>
        f.compare(f.number(count), '<=', plus(plus(f.number(distinct), f.number(duplicates)), literal(1))),
      )
    if (distinct !== undefined && duplicates?.term.args.length === 1 && count !== undefined && missing !== undefined)
      say('other', (f) =>
        either(
          f.compare(f.number(missing), '>', literal(0)),
          f.compare(f.number(count), '<=', plus(f.number(distinct), f.number(duplicates))),
        ),
      )
  }
}
