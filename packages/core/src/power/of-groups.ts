import type { Expr } from '../expr/expr.ts'
import type { Term } from '../expr/must.ts'
import { type DrawnRows, drawnRows, atDrawnRows, saidOfDrawn } from './drawn-rows.ts'
import { areasWithin, type LabelledRows } from './groups/group-areas.ts'
import { gapEffect, numbersWithin } from './groups/group-numbers.ts'
import { spreadWithin, USUAL_RATE } from './groups/spread.ts'
import { knownErrorOf } from './known-error-of.ts'
import { USUAL_AREA } from './models/paired-areas.ts'
import { relativeError, shareOfVariance } from './numbers/losses.ts'
import type { KnownError } from './numbers/normal-effect.ts'
import { rangeOfCost, rowsOfShare } from './of-term.ts'
import { joined, unknown } from './saying.ts'
import { type Levels, type RowCount, type RowsAtHand, type Said, spreadKey } from './rows-at-hand.ts'
import { type Way, wayOf } from './ways.ts'

type Reduction = Extract<Expr, { readonly node: 'reduce' }>

/** A gap or ratio over groups against a bound. */
export interface AskedOfGroups {
  readonly spread: Reduction
  readonly terms: readonly Term[]
  readonly bound: number
  readonly atLeast: boolean
}

/** One group: what is asked of it, and its rows. */
interface Group {
  readonly term: Term
  readonly count: RowCount
}

/** A gap that has to be small, or a ratio that has to be great, with its groups. */
interface Within {
  readonly kind: 'gap' | 'ratio'
  readonly bound: number
  readonly groups: readonly Group[]
  readonly smallest: number
}

/** What rows can say of a gap that has to be small, or a ratio that has to be great, of one number over groups; undefined where one has no row, which is said by itself. */
export function saidOfGroups(
  { spread, terms, bound, atLeast }: AskedOfGroups,
  at: RowsAtHand,
  levels: Levels,
): Said | undefined {
  const { rows } = at.count
  const members = spread.args.map((arg) => (arg.node === 'term' ? terms[arg.index] : undefined))
  const [first] = members
  if (spread.op !== 'gap' && spread.op !== 'ratio') {
    const way = first === undefined ? undefined : wayOf(first.fn)
    return unknown(rows, way?.kind === 'none' ? way.why : 'of groups a figure is given of a gap or a ratio')
  }
  if ((spread.op === 'gap') === atLeast) return unknown(rows, 'the bound asks for the worse side')
  if (first === undefined || members.length < 2 || members.some((term) => term === undefined))
    return unknown(rows, 'a figure is given of one number over groups')
  const drawn = drawnRows(first, at.count)
  if (typeof drawn === 'string') return unknown(rows, drawn)
  const scaled = atDrawnRows(at, drawn)
  const groups = members.flatMap((term) => (term === undefined ? [] : (groupOf(term, scaled) ?? [])))
  if (groups.length !== members.length) return unknown(rows, 'the rows of each group are not known')
  if (groups.some(({ count }) => count.rows === 0)) return undefined
  const smallest = Math.min(...groups.map(({ count }) => count.rows))
  const said = saidWithin({ kind: spread.op, bound, groups, smallest }, wayOf(first.fn), levels)
  return saidOfDrawnGroups({ ...said, groups: groups.length }, drawn)
}

/** Clusters of a group are not counted each for itself. */
const saidOfDrawnGroups = (said: Said, drawn: DrawnRows): Said =>
  saidOfDrawn(said, drawn.drawn === undefined ? drawn : { share: drawn.share, given: drawn.given }, said.rows)

function groupOf(term: Term, { group }: RowsAtHand): Group | undefined {
  const count = term.where === undefined ? undefined : group?.(term.where)
  if (count === undefined) return undefined
  const of = term.args.find((arg) => arg.kind === 'class')
  if (of?.kind !== 'class') return { term, count }
  const positives = count.classes?.get(String(of.code))
  const args = term.args.filter(({ kind }) => kind !== 'class')
  return positives === undefined ? undefined : { term: { ...term, args }, count: { ...count, positives } }
}

function saidWithin(within: Within, way: Way, levels: Levels): Said {
  const { kind, bound, groups, smallest } = within
  const usual = `of rates about ${USUAL_RATE}`
  switch (way.kind) {
    case 'area':
      return saidOfAreas(within, levels)
    case 'share': {
      const rows = groups.flatMap(({ term, count }) => rowsOfShare(term, count) ?? [])
      if (rows.length !== groups.length) return unknown(smallest, 'rows with a positive label are not known')
      if (way.of === 'runs') return unknown(smallest, 'how many runs of rows there are is not counted')
      const found = spreadWithin(kind, rows, bound, levels.lenient)
      if (way.of !== 'chosen' && way.of !== 'union')
        return { ...joined(Math.min(...rows), found, found.detectable), given: usual }
      // A decision chooses these rows. With all of them nothing more could be shown.
      const most = way.of === 'chosen' ? found : spreadWithin(kind, all(groups), bound, levels.lenient)
      const positives = groups.flatMap(({ count }) => count.positives ?? [])
      const detectable =
        positives.length === groups.length && most.canHold
          ? spreadWithin(kind, positives, bound, levels.lenient).detectable
          : undefined
      const given = way.of === 'chosen' ? `${usual}, were as many rows chosen as are positive` : usual
      return { ...joined(smallest, most, detectable), given, ...(way.of === 'union' ? { atMost: true } : {}) }
    }
    case 'bounded-mean':
    case 'group-mean':
      return saidOfBounded(within, way, levels)
    case 'mean':
    case 'mean-loss':
      return saidOfMeans(within, way.kind === 'mean-loss' ? way.of : 'the numbers', levels)
    case 'scale':
      return saidOfRelative(within, levels, ({ count }) => (way.of === 'stddev' ? 0.5 : 1) * Math.sqrt(2 / count.rows))
    case 'loss':
      if (['r2', 'surrogate_r2', 'explained_variance'].includes(groups[0]?.term.fn ?? ''))
        return saidOfErrors(within, levels, ({ count }) => shareOfVariance(count.rows))
      return saidOfRelative(within, levels, ({ term, count }) => relativeError(term, count.rows))
    case 'correlation':
      return saidOfErrors(within, levels, ({ count }) => ({
        error: () => 1 / Math.sqrt(Math.max(1, count.rows - 3)),
        range: { low: -1, high: 1 },
        usual: 0,
        given: 'of correlations about 0, where they vary most',
        atMost: true,
      }))
    case 'decision':
    case 'mean-area':
    case 'known-error':
    case 'calibration':
      return saidOfErrors(within, levels, ({ term, count }) => knownErrorOf(term, count))
    case 'sum':
      return unknown(smallest, 'sums go with the rows of a group')
    case 'quantile':
      return unknown(smallest, 'how densely the numbers lie at the quantile is not known')
    case 'none':
      return unknown(smallest, way.why)
  }
}

const all = (groups: readonly Group[]): readonly number[] => groups.map(({ count }) => count.rows)

function saidOfAreas({ kind, bound, groups, smallest }: Within, { lenient }: Levels): Said {
  const labelled = groups.flatMap(({ count }) => labelledRows(count) ?? [])
  if (labelled.length !== groups.length) return unknown(smallest, 'rows with a positive label are not known')
  // A Gini coefficient is twice the area less one: so is a gap of them.
  const times = groups[0]?.term.fn === 'gini' ? 2 : 1
  if (times === 2 && kind === 'ratio') return unknown(smallest, 'a ratio of Gini coefficients has no usual size')
  const found = areasWithin(kind, labelled, bound / times, lenient)
  const detectable = found.detectable === undefined ? undefined : found.detectable * times
  return { ...joined(smallest, found, detectable), given: `of areas about ${USUAL_AREA}` }
}

/** Means of numbers between two ends vary most where each is one of them: as shares do. */
function saidOfBounded(
  { kind, bound, groups, smallest }: Within,
  way: Extract<Way, { kind: 'bounded-mean' | 'group-mean' }>,
  { lenient }: Levels,
): Said {
  const [first] = groups
  const [low, high] = way.kind === 'bounded-mean' ? (way.range ?? rangeOfCost(first?.term as Term)) : [0, 1]
  if (kind === 'ratio' && low !== 0) return unknown(smallest, 'a ratio of numbers on both sides of 0 has no usual size')
  const units = groups.flatMap(({ term, count }) => {
    if (way.kind === 'bounded-mean') return [count.rows]
    const [by] = term.args.flatMap((arg) => (arg.kind === 'column' ? [arg.name] : []))
    const counted = count.groups?.get(by ?? '')
    return counted === undefined ? [] : [counted.relevant ?? counted.groups]
  })
  if (units.length !== groups.length || units.some((own) => own < 1))
    return unknown(smallest, 'its groups are not counted')
  const width = kind === 'gap' ? high - low : 1
  const { detectable } = spreadWithin(kind, units, bound / width, lenient)
  const possible = { canHold: kind === 'gap' ? bound > 0 : bound < 1, canFail: true }
  const given = `however the numbers vary, about ${low + USUAL_RATE * (high - low)}`
  const of = joined(Math.min(...units), possible, detectable === undefined ? undefined : detectable * width)
  const [by] = way.kind === 'group-mean' ? (first?.term.args ?? []) : []
  return { ...of, given, atMost: true, ...(by?.kind === 'column' ? { unit: `groups of ${by.name}` } : {}) }
}

function saidOfMeans({ kind, groups, smallest }: Within, of: string, { lenient }: Levels): Said {
  if (kind === 'ratio') return unknown(smallest, 'a ratio of means has no usual size')
  const spreads = groups.map(({ term: { args }, count }) => {
    const [on] = args
    const key = on?.kind === 'column' ? spreadKey(on.name) : on?.kind === 'expr' ? spreadKey(on.expr) : ''
    return count.spreads?.get(key)
  })
  const errors = groups.map(({ count }, i) => 1 / Math.sqrt(Math.max(1, spreads[i]?.rows ?? count.rows)))
  const effect = { size: gapEffect(errors, lenient), of: `standard deviations of ${of}` }
  return { rows: smallest, canHold: true, canFail: true, effect }
}

/** Of numbers whose errors are shares of themselves: of a ratio it is known, of a gap in their own size. */
function saidOfRelative(within: Within, levels: Levels, errorOf: (group: Group) => number | undefined): Said {
  const { kind, groups, smallest } = within
  const errors = groups.flatMap((group) => errorOf(group) ?? [])
  if (errors.length !== groups.length)
    return unknown(smallest, 'how densely the errors lie at their median is not known')
  const given = 'of normal errors'
  if (kind === 'gap') {
    const effect = { size: gapEffect(errors, levels.lenient), of: 'times what it is in the groups' }
    return { rows: smallest, canHold: true, canFail: true, effect, given }
  }
  return saidOfErrors(within, levels, (group) => ({
    error: (value) => value * (errorOf(group) ?? Number.NaN),
    range: { low: 0, high: Number.POSITIVE_INFINITY },
    usual: 1,
    given,
    atMost: false,
  }))
}

function saidOfErrors(
  { kind, bound, groups, smallest }: Within,
  { lenient }: Levels,
  errorOf: (group: Group) => KnownError | string,
): Said {
  const errors = groups.map(errorOf)
  const why = errors.find((each) => typeof each === 'string')
  if (typeof why === 'string') return unknown(smallest, why)
  const known = errors.filter((each) => typeof each !== 'string')
  const [first] = known
  if (kind === 'ratio' && (first?.usual ?? 0) <= 0) return unknown(smallest, 'a ratio of numbers about 0 has no size')
  const detectable = numbersWithin(kind, known, bound, lenient)
  const about = first === undefined || first.given?.startsWith('about') === true ? '' : `about ${first.usual}`
  const given = [about, first?.given].filter((each) => each !== undefined && each !== '').join(', ')
  const said = { ...joined(smallest, { canHold: true, canFail: true }, detectable), given }
  return first?.atMost === true ? { ...said, atMost: true } : said
}

const labelledRows = ({ rows, positives }: RowCount): LabelledRows | undefined =>
  positives === undefined ? undefined : { positives, negatives: rows - positives }
