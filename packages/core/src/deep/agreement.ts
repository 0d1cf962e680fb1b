import { and, or, real, smt, type Term } from '../targets/smt/term.ts'
import { LEAST_AT } from './aggregates/correlation.ts'

/** Metrics of a decision that are no fraction of its cells. */
export const AGREEMENTS: ReadonlySet<string> = new Set(['mcc', 'kappa'])

/** The cells of a decision as shares of all rows, and the share of its own rows that are positive, where that is counted. */
export interface DecisionCells {
  readonly truePositive: Term
  readonly falsePositive: Term
  readonly falseNegative: Term
  readonly trueNegative: Term
  readonly rows: Term
  readonly prevalence: number | undefined
  /** Names a number that is read often. */
  define(number: Term): Term
}

/** Parts in which the share of positive decisions may lie; powers of two. The second where many constants are asked. */
export const PARTS = 16
export const FEW_PARTS = 8
/** In which numbers are written. What is rounded is rounded outwards. */
const UNITS = 1e12

/**
 * What of the cells follows from a correlation (`mcc`) or kappa that is compared with a constant, as linear conditions; undefined for a
 * comparison that says nothing. Of counted labels it is the whole of it, up to what a chord differs from its curve in one of the parts;
 * of others it is what single metrics are left at least.
 */
export function agreementBeside(
  fn: 'mcc' | 'kappa',
  op: '<' | '<=' | '>' | '>=' | '==' | '!=',
  constant: number,
  cells: DecisionCells,
  parts = PARTS,
): Term | undefined {
  if (op === '!=' || !Number.isFinite(constant)) return undefined
  if (op === '==') {
    const both = (['>=', '<='] as const).flatMap((each) => agreementBeside(fn, each, constant, cells, parts) ?? [])
    return both.length === 0 ? undefined : and(...both)
  }
  const atLeast = op.startsWith('>')
  if (fn === 'kappa') return kappaBeside(atLeast, constant, cells)
  // A wrong decision turned round is a right one, of the opposite correlation.
  if (constant < 0) return correlationBeside(!atLeast, -constant, turnedRound(cells), parts)
  return correlationBeside(atLeast, constant, cells, parts)
}

const turnedRound = (cells: DecisionCells): DecisionCells => ({
  ...cells,
  truePositive: cells.falseNegative,
  falseNegative: cells.truePositive,
  falsePositive: cells.trueNegative,
  trueNegative: cells.falsePositive,
})

function correlationBeside(atLeast: boolean, constant: number, cells: DecisionCells, parts: number): Term | undefined {
  const found: Term[] = atLeast && constant > 0 ? [...leastMetrics(cells, (fn) => LEAST_AT[fn]?.(constant))] : []
  const { truePositive, falsePositive, rows, prevalence: p } = cells
  if (p !== undefined && constant <= 1) {
    const chosen = cells.define(smt`(+ ${truePositive} ${falsePositive})`)
    // Covariance of label and decision, times the rows: the deviations of both times the correlation.
    const covariance = cells.define(smt`(- ${truePositive} (* ${number(p, 'near')} ${chosen}))`)
    const slope = constant * Math.sqrt(p * (1 - p))
    const within = (from: number, to: number): Term => {
      const [low, high] = [shareAt(from / parts), shareAt(to / parts)]
      const line = atLeast ? chord(low, high) : tangent(shareAt((from + to) / (2 * parts)))
      const way = atLeast ? 'down' : 'up'
      const beyond = smt`(+ (* ${number(slope * line.slope, 'near')} ${chosen}) (* ${number(slope * line.start + (way === 'up' ? SLACK : -SLACK), way)} ${rows}))`
      const own = and(
        smt`(<= (* ${number(low, 'down')} ${rows}) ${chosen})`,
        smt`(<= ${chosen} (* ${number(high, 'up')} ${rows}))`,
        atLeast ? smt`(>= ${covariance} ${beyond})` : smt`(<= ${covariance} ${beyond})`,
      )
      if (to - from <= 1) return own
      const middle = (from + to) / 2
      return and(own, or(within(from, middle), within(middle, to)))
    }
    found.push(within(0, parts))
  }
  return found.length === 0 ? undefined : and(...found)
}

/** More than the rounding of the terms of a line, of which each is at most 32. */
const SLACK = 1e-9

/** Ends of parts in which the root of q (1 - q) changes as much in each. */
const shareAt = (part: number): number => Math.sin((Math.PI * part) / 2) ** 2

const deviation = (share: number): number => Math.sqrt(Math.max(0, share * (1 - share)))

interface Line {
  readonly start: number
  readonly slope: number
}

/** Below the curve, which is concave, between its ends. */
function chord(low: number, high: number): Line {
  const slope = (deviation(high) - deviation(low)) / (high - low)
  return { slope, start: deviation(low) - slope * low }
}

/** Above the curve. */
function tangent(at: number): Line {
  const slope = (1 - 2 * at) / (2 * deviation(at))
  return { slope, start: deviation(at) - slope * at }
}

/**
 * kappa = 2 (TP - PQ) / (P + Q - 2 PQ), in shares of the rows, P of them positive and Q decided so: linear where P is counted. Else what it
 * leaves of other metrics: accuracy and F1 are at least what kappa is, precision and recall of either class at least kappa / (2 - kappa).
 */
function kappaBeside(atLeast: boolean, constant: number, cells: DecisionCells): Term | undefined {
  const { truePositive, falsePositive, rows, prevalence: p } = cells
  if (p === undefined) {
    if (!atLeast || constant <= 0 || constant > 1) return undefined
    const least = constant / (2 - constant)
    const leastAt: Readonly<Record<string, number>> = {
      accuracy: constant,
      f1: constant,
      recall: least,
      precision: least,
      specificity: least,
      negative_predictive_value: least,
    }
    return and(...leastMetrics(cells, (fn) => leastAt[fn]))
  }
  const chosen = smt`(+ ${truePositive} ${falsePositive})`
  const share = number(p, 'near')
  const agreed = smt`(* 2.0 (- ${truePositive} (* ${share} ${chosen})))`
  const possible = smt`(+ (* ${share} ${rows}) (* ${number(1 - 2 * p, 'near')} ${chosen}))`
  const slack = smt`(* ${number(SLACK, 'up')} ${rows})`
  const beyond = smt`(* ${number(constant, 'near')} ${possible})`
  return atLeast ? smt`(>= (+ ${agreed} ${slack}) ${beyond})` : smt`(<= (- ${agreed} ${slack}) ${beyond})`
}

/** Metrics that are fractions, each at least so much. */
function leastMetrics(
  { truePositive: tp, falsePositive: fp, falseNegative: fn, trueNegative: tn, rows }: DecisionCells,
  leastOf: (fn: keyof typeof LEAST_AT) => number | undefined,
): readonly Term[] {
  const fractions = [
    ['accuracy', smt`(+ ${tp} ${tn})`, rows],
    ['recall', tp, smt`(+ ${tp} ${fn})`],
    ['precision', tp, smt`(+ ${tp} ${fp})`],
    ['specificity', tn, smt`(+ ${tn} ${fp})`],
    ['negative_predictive_value', tn, smt`(+ ${tn} ${fn})`],
    ['f1', smt`(* 2.0 ${tp})`, smt`(+ (* 2.0 ${tp}) ${fp} ${fn})`],
  ] as const
  return fractions.flatMap(([fn_, part, whole]) => {
    const least = leastOf(fn_)
    return least === undefined ? [] : [smt`(>= ${part} (* ${number(least - SLACK, 'down')} ${whole}))`]
  })
}

function number(value: number, way: 'near' | 'up' | 'down'): Term {
  const scaled = value * UNITS
  const whole = way === 'near' ? Math.round(scaled) : way === 'up' ? Math.ceil(scaled) : Math.floor(scaled)
  return real(BigInt(whole), BigInt(UNITS))
}
