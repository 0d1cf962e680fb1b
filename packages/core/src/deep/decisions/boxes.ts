/** All numbers between two ends, which may be infinite. */
export interface Span {
  readonly low: number
  readonly high: number
}

/** A demand on one metric of a decision. */
export interface Limit {
  readonly metric: BoxMetric
  readonly atLeast: boolean
  readonly bound: number
}

/** What a box of decisions is: false negatives and false positives for each true positive, and the share of the true negatives. */
interface Box {
  /** a / (1 + a) of the false negatives a, b / (1 + b) of the false positives b, for each true positive. */
  readonly missed: Span
  readonly wrong: Span
  /** True negatives for all that are right. */
  readonly negative: Span
}

/** Decisions as spans of what their metrics are made of. */
interface Ratios {
  readonly recall: Span
  readonly precision: Span
  readonly a: Span
  readonly b: Span
  readonly v: Span
  readonly w: Span
}

const UNIT: Span = { low: 0, high: 1 }
/** Outwards, relatively and at least: more than the dozen operations of a metric are off by. */
const ROUNDING = 1e-13
/** How far beyond a bound a metric has to be for a box to be left out: far more than rounding. */
const BEYOND = 1e-9
/** Boxes beyond which it is given up, and the width below which none is divided. */
const MOST_BOXES = 60_000
const MANY_BOXES = 300_000
const NARROW = 1e-5

const outwards = (low: number, high: number): Span => ({
  low: Number.isNaN(low) ? Number.NEGATIVE_INFINITY : low - ROUNDING * Math.max(1, Math.abs(low)),
  high: Number.isNaN(high) ? Number.POSITIVE_INFINITY : high + ROUNDING * Math.max(1, Math.abs(high)),
})
const plus = (x: Span, y: Span): Span => outwards(x.low + y.low, x.high + y.high)
const minus = (x: Span, y: Span): Span => outwards(x.low - y.high, x.high - y.low)
/** Of numbers that are not below 0; of 0 times infinity nothing is known but that. */
const times = (x: Span, y: Span): Span => {
  const low = Math.max(0, x.low) * Math.max(0, y.low)
  const high = x.high * y.high
  return outwards(Number.isNaN(low) ? 0 : low, Number.isNaN(high) ? Number.POSITIVE_INFINITY : high)
}
/** Of a number of any sign by one that is above 0. */
const over = (x: Span, y: Span): Span => {
  const by = { low: Math.max(0, y.low), high: y.high }
  const ends = [x.low / by.low, x.low / by.high, x.high / by.low, x.high / by.high]
  if (ends.some(Number.isNaN)) return { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  return outwards(Math.min(...ends), Math.max(...ends))
}
const root = (x: Span): Span => outwards(Math.sqrt(Math.max(0, x.low)), Math.sqrt(Math.max(0, x.high)))
const scaled = (x: Span, by: number): Span =>
  by < 0 ? outwards(x.high * by, x.low * by) : outwards(x.low * by, x.high * by)
const rest = (x: Span): Span => minus({ low: 1, high: 1 }, x)
const both = (x: Span, y: Span): Span => ({ low: Math.max(x.low, y.low), high: Math.min(x.high, y.high) })
const ONE: Span = { low: 1, high: 1 }

const ratios = ({ missed, wrong, negative }: Box): Ratios => {
  const each = ({ low, high }: Span): Span => outwards(low / (1 - low), high / (1 - high))
  const [a, b] = [each(missed), each(wrong)]
  return { recall: rest(missed), precision: rest(wrong), a, b, v: negative, w: rest(negative) }
}

/** True negatives for all negative labels (`of` the false positives), or for all negative decisions. */
const ofNegatives = (v: Span, w: Span, of: Span): Span => {
  // v / (v + w of) falls with w of: its ends are at opposite ends of it.
  const other = times(w, of)
  return both(UNIT, {
    low: over({ low: v.low, high: v.low }, plus({ low: v.low, high: v.low }, { low: other.high, high: other.high }))
      .low,
    high: over({ low: v.high, high: v.high }, plus({ low: v.high, high: v.high }, { low: other.low, high: other.low }))
      .high,
  })
}

/**
 * The metrics of a decision with true positives, of which there is one unit: with a false negatives and b false positives for each of them, and
 * the true negatives v for w = 1 − v of these. All are smooth in a, b and v, however few the positive rows are.
 */
const METRICS = {
  recall: ({ recall }) => recall,
  false_negative_rate: ({ recall }) => rest(recall),
  precision: ({ precision }) => precision,
  false_discovery_rate: ({ precision }) => rest(precision),
  f1: ({ a, b }) => over({ low: 2, high: 2 }, plus({ low: 2, high: 2 }, plus(a, b))),
  jaccard: ({ a, b }) => over(ONE, plus(ONE, plus(a, b))),
  specificity: ({ b, v, w }) => ofNegatives(v, w, b),
  false_positive_rate: ({ b, v, w }) => rest(ofNegatives(v, w, b)),
  negative_predictive_value: ({ a, v, w }) => ofNegatives(v, w, a),
  balanced_accuracy: ({ recall, b, v, w }) => scaled(plus(recall, ofNegatives(v, w, b)), 0.5),
  accuracy: ({ a, b, w }) => over(ONE, plus(ONE, times(w, plus(a, b)))),
  positive_rate: ({ a, b, w }) => shareOf(w, b, a),
  prevalence: ({ a, b, w }) => shareOf(w, a, b),
  mcc: (of) => {
    const { a, b, v, w, recall, precision } = of
    const [labels, decisions] = [plus(v, times(w, b)), plus(v, times(w, a))]
    const wide = over(
      over(minus(v, times(w, times(a, b))), root(times(plus(ONE, a), plus(ONE, b)))),
      root(times(labels, decisions)),
    )
    // It is at most the root of recall times precision, whatever the negatives are.
    return both(both(wide, byRates(of)), { low: -1, high: root(times(recall, precision)).high })
  },
  kappa: ({ a, b, v, w }) => {
    const chance = plus(times(plus(ONE, b), plus(v, times(w, b))), times(plus(ONE, a), plus(v, times(w, a))))
    return both(scaled(over(minus(v, times(w, times(a, b))), chance), 2), { low: -1, high: 1 })
  },
} as const satisfies Record<string, (of: Ratios) => Span>

/** w (1 + x) / (1 + w (x + y)): it grows with w, and falls with y. With x it grows, as 1 − w and w y are not below 0. */
function shareOf(w: Span, x: Span, y: Span): Span {
  const at = (one: number, two: number, three: number): Span => {
    const [own, first, second] = [point(one), point(two), point(three)]
    if (!Number.isFinite(two) || !Number.isFinite(three)) return UNIT
    return over(times(own, plus(ONE, first)), plus(ONE, times(own, plus(first, second))))
  }
  return both(UNIT, { low: at(w.low, x.low, y.high).low, high: at(w.high, x.high, y.low).high })
}

const point = (value: number): Span => ({ low: value, high: value })

/**
 * The correlation as √(recall · precision · specificity · NPV) less the root of the product of their complements: a second span, narrow where the first is
 * wide. Source: D. Chicco, N. Tötsch, G. Jurman, The Matthews correlation coefficient …, BioData Mining 14 (2021).
 */
function byRates({ recall, precision, a, b, v, w }: Ratios): Span {
  const rates = [recall, precision, ofNegatives(v, w, b), ofNegatives(v, w, a)]
  const product = (of: readonly Span[]): Span => of.reduce(times, ONE)
  return minus(root(product(rates)), root(product(rates.map(rest))))
}

/** Metrics that a box of decisions has spans of. */
export type BoxMetric = keyof typeof METRICS

/** Whether it is one of them. */
export const isBoxMetric = (fn: string): fn is BoxMetric => Object.hasOwn(METRICS, fn)

/** The same metrics when positive and negative change places. */
const TURNED: Readonly<Partial<Record<BoxMetric, BoxMetric>>> = {
  recall: 'specificity',
  specificity: 'recall',
  precision: 'negative_predictive_value',
  negative_predictive_value: 'precision',
  false_negative_rate: 'false_positive_rate',
  false_positive_rate: 'false_negative_rate',
  mcc: 'mcc',
  kappa: 'kappa',
  accuracy: 'accuracy',
  balanced_accuracy: 'balanced_accuracy',
}
const COMPLEMENT: ReadonlySet<BoxMetric> = new Set(['positive_rate', 'prevalence'])
/** Above 0 only where some decision is truly positive. */
const NEEDS_FOUND: ReadonlySet<BoxMetric> = new Set(['recall', 'precision', 'f1', 'jaccard', 'mcc', 'kappa'])

/** The demands that no decision meets together; undefined where that is not proved. */
export function deniedByBoxes(limits: readonly Limit[]): ReadonlySet<Limit> | undefined {
  const asked = withFound(limits, needsFound)
  if (asked === undefined) return undefined
  const used = new Set<Limit>()
  const isEmpty = everyBox((of) => {
    const by = asked.find(({ turned }) => lackOf(turned, of) > BEYOND)
    if (by !== undefined) used.add(by.limit)
    return by !== undefined
  })
  if (!isEmpty) return undefined
  // Decisions without any true positive are left out by one that needs some.
  const needed = asked.filter(({ turned }) => needsFound(turned)).map(({ limit }) => limit)
  if (!needed.some((limit) => used.has(limit)) && needed[0] !== undefined) used.add(needed[0])
  return used
}

/** Bounds that move as one, each unit of which counts so much. */
export interface MovedTogether {
  readonly limits: readonly Limit[]
  readonly weight: number
}

/** Whether it is proved that bounds have to be moved by at least so much in total before some decision meets them. */
export function movesAtLeast(bounds: readonly MovedTogether[], total: number): boolean {
  const weights = new Map(bounds.flatMap(({ limits, weight }) => limits.map((limit) => [limit, weight] as const)))
  // Without any true positive one of them alone is missed by so much.
  const needs = (turned: Limit, limit: Limit): boolean =>
    needsFound(turned) && turned.bound * (weights.get(limit) ?? 0) >= total
  const asked = withFound([...weights.keys()], needs)
  if (asked === undefined) return false
  const turnedOf = new Map(asked.map(({ limit, turned }) => [limit, turned]))
  return everyBox((of) => {
    let sum = 0
    for (const { limits, weight } of bounds) {
      let most = 0
      for (const limit of limits) {
        const turned = turnedOf.get(limit)
        if (turned !== undefined) most = Math.max(most, lackOf(turned, of))
      }
      sum += most * weight
    }
    return sum >= total
  }, MANY_BOXES)
}

/** By how much a demand is missed at least in all of a box; at most 0: in some of it perhaps not. */
function lackOf({ metric, atLeast, bound }: Limit, of: Ratios): number {
  const { low, high } = METRICS[metric](of)
  return atLeast ? bound - high : low - bound
}

const needsFound = ({ metric, atLeast, bound }: Limit): boolean => NEEDS_FOUND.has(metric) && atLeast && bound > BEYOND

/** Demands with what they ask when positive and negative change places, if need be, so that one `needs` true positives; undefined where none does. */
function withFound(
  limits: readonly Limit[],
  needs: (turned: Limit, limit: Limit) => boolean,
): readonly { readonly limit: Limit; readonly turned: Limit }[] | undefined {
  const same = limits.map((limit) => ({ limit, turned: limit }))
  const other = limits.flatMap((limit) => {
    if (COMPLEMENT.has(limit.metric))
      return [{ limit, turned: { metric: limit.metric, atLeast: !limit.atLeast, bound: 1 - limit.bound } }]
    const metric = TURNED[limit.metric]
    return metric === undefined ? [] : [{ limit, turned: { ...limit, metric } }]
  })
  return [same, other].find((each) => each.some(({ turned, limit }) => needs(turned, limit)))
}

/** Branch and bound over all decisions with true positives: whether each box, divided where it is not, is left out. */
function everyBox(isOut: (of: Ratios) => boolean, most = MOST_BOXES): boolean {
  const open: Box[] = [{ missed: UNIT, wrong: UNIT, negative: UNIT }]
  for (let tried = 0; open.length > 0; tried++) {
    if (tried > most) return false
    const box = open.pop() as Box
    if (isOut(ratios(box))) continue
    const halves = halvesOf(box)
    if (halves === undefined) return false
    open.push(...halves)
  }
  return true
}

function halvesOf(box: Box): readonly Box[] | undefined {
  const sides = ['missed', 'wrong', 'negative'] as const
  const width = (side: (typeof sides)[number]): number => box[side].high - box[side].low
  const widest = sides.reduce((most, side) => (width(side) > width(most) ? side : most))
  if (width(widest) < NARROW) return undefined
  const { low, high } = box[widest]
  const middle = (low + high) / 2
  return [
    { ...box, [widest]: { low, high: middle } },
    { ...box, [widest]: { low: middle, high } },
  ]
}
