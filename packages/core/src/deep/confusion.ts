import type { Comparison, Term as MeasuredTerm } from '../expr/must.ts'
import { aggregates } from '../expr/functions/aggregates.ts'
import type { Script } from '../targets/smt/script.ts'
import { and, equal, or, real, smt, type Term, TRUE } from '../targets/smt/term.ts'
import { double } from '../targets/smt/numbers.ts'
import { AGREEMENTS, agreementBeside, FEW_PARTS } from './agreement.ts'
import { COMPARE } from './compare.ts'
import { keyOfJson } from './key.ts'
import type { LabelCount, Population } from './populations.ts'

/** Rows of one kind as shares of all rows of the relation: what a decision at a threshold makes of them. */
interface Confusion {
  readonly truePositive: Term
  readonly falsePositive: Term
  readonly falseNegative: Term
  readonly trueNegative: Term
}

const CELLS = ['truePositive', 'falsePositive', 'falseNegative', 'trueNegative'] as const

/** A measured number: read as a whole, or as a fraction of shares of rows, which keeps comparisons with constants linear. */
export interface Measured {
  /** Where it has a value. */
  readonly defined: Term
  value(): Term
  /** The same, without what follows from it for others. */
  plain?(): Term
  readonly fraction?: { readonly part: Term; readonly whole: Term }
  /** That it stands so beside a constant, as a condition on shares of rows: of a number that is no fraction of them. */
  beside?(op: Comparison['op'], constant: number): Term
}

/** Parts of the rows, by key of the population, of which no row is in two. */
export interface MeasuredDivision {
  readonly parts: readonly string[]
  /** Where this is so, they are all rows; absent where nothing says so. */
  readonly isAll?: Term
}

/** The numbers of a relation's `must` clauses as real numbers: what one says of another follows from the rows they count. */
export interface Numbers {
  /** The value of a term, and what is true where it has one. */
  /** What is so of a decision without mistakes: true of some numbers only, to find some that are possible. */
  readonly perfect: readonly Term[]
  measure(term: MeasuredTerm, population: Population, model: string | undefined): Measured
  /**
   * Says, once all terms are measured, that no row is in two parts, and of parts without strays that they are all rows. `shares`: the
   * parts, by key of the population, of which it is measured how many of all rows they are.
   */
  divide(divisions: readonly MeasuredDivision[], shares: ReadonlyMap<string, Term>): void
  /** Whether something is asked of a product of two numbers that are not known. */
  isProduct(): boolean
}

/**
 * How a fraction of unknowns is written: as a product, or as lying in one of so many parts of [0, 1], with which all stays linear.
 * The second allows more, so that only `unsat` says something; it is decided where products are not.
 */
export type Fractions = { readonly kind: 'product' } | { readonly kind: 'parts'; readonly count: number }

/**
 * Numbers over the confusion matrices of a relation, one for each population and model. Metrics of a decision are fractions
 * of its cells (Fawcett, "An introduction to ROC analysis", 2006, figure 1); whatever else is measured is a number of its
 * own, in the range that its function has.
 */
export function createNumbers(
  script: Script,
  label: string | undefined,
  /** What is known of the labels, by key of the population. */
  counted: ReadonlyMap<string, LabelCount> = new Map(),
  fractions: Fractions = { kind: 'product' },
): Numbers {
  let products = 0
  const everything = counted.get('')?.rows ?? 0
  /** As shares of all rows. Of a population without rows nothing is measured, and nothing follows. */
  const known = (key: string) => {
    const count = counted.get(key)
    if (count === undefined || everything === 0 || count.rows === 0) return undefined
    const share = (rows: number): Term => real(BigInt(rows), BigInt(everything))
    const { rows, positives } = count
    const negatives = rows - positives
    return {
      rows: share(rows),
      positives: share(positives),
      negatives: share(negatives),
      both: positives > 0 && negatives > 0,
      prevalence: positives > 0 && negatives > 0 ? positives / rows : undefined,
    }
  }
  const perfect: Term[] = []
  const hinted: { readonly key: string; readonly matrix: Confusion; readonly whole: boolean }[] = []
  /** A decision without mistakes, half of all rows positive; parts that are all rows are of one size. */
  const hint = (divisions: readonly MeasuredDivision[]): void => {
    const sizes = new Map(
      divisions.flatMap(({ parts, isAll }) =>
        isAll === undefined ? [] : parts.map((key) => [key, BigInt(2 * parts.length)] as const),
      ),
    )
    for (const { key, matrix, whole } of hinted) {
      const fact = known(key)
      const half = real(1n, whole ? 2n : (sizes.get(key) ?? 16n))
      perfect.push(
        equal(matrix.truePositive, fact?.positives ?? half),
        equal(matrix.trueNegative, fact?.negatives ?? half),
      )
      perfect.push(equal(matrix.falsePositive, smt`0.0`), equal(matrix.falseNegative, smt`0.0`))
    }
  }
  const matrices = new Map<string, Confusion>()
  /** Of which there are matrices; empty for the labels alone. */
  const models = new Set<string>()
  const positives = new Map<string, Term>()
  const others = new Map<string, Term>()
  const share = (): Term => {
    const made = script.declare('n', 'Real')
    script.assert(smt`(and (<= 0.0 ${made}) (<= ${made} 1.0))`)
    return made
  }
  const sum = (...terms: readonly [Term, Term, ...Term[]]): Term => terms.reduce((a, b) => smt`(+ ${a} ${b})`)
  const matrixOf = (population: Population, model: string | undefined): Confusion => {
    const key = matrixKey(model ?? '', population.key)
    const before = matrices.get(key)
    if (before !== undefined) return before
    models.add(model ?? '')
    const made = { truePositive: share(), falsePositive: share(), falseNegative: share(), trueNegative: share() }
    matrices.set(key, made)
    const total = sum(made.truePositive, made.falsePositive, made.falseNegative, made.trueNegative)
    if (population.whole) script.assert(equal(total, smt`1.0`))
    else {
      const all = matrixOf({ key: '', whole: true }, model)
      for (const cell of CELLS) script.assert(smt`(<= ${made[cell]} ${all[cell]})`)
    }
    const fact = known(population.key)
    hinted.push({ key: population.key, matrix: made, whole: population.whole })
    // Whatever a model says, the labels of the rows are what they are.
    const labelled = sum(made.truePositive, made.falseNegative)
    if (fact !== undefined) {
      script.assert(equal(total, fact.rows))
      script.assert(equal(labelled, fact.positives))
    }
    const others = positives.get(population.key)
    if (others === undefined) positives.set(population.key, labelled)
    else script.assert(equal(others, labelled))
    return made
  }
  /** `count`: the whole, where it is a number: nothing is left to multiply. */
  const fraction = (part: Term, sum: Term, count?: Term): Measured => {
    const whole = count ?? sum
    const defined = smt`(> ${whole} 0.0)`
    if (count !== undefined) return { defined, value: () => smt`(/ ${part} ${count})`, fraction: { part, whole } }
    let made: Term | undefined
    const value = (): Term => {
      if (made !== undefined) return made
      made = share()
      products++
      script.assert(smt`(=> ${defined} ${isFraction(made, part, whole, fractions)})`)
      return made
    }
    return { defined, value, fraction: { part, whole } }
  }
  /** A number of its own, of which the cells are asked what follows from it. */
  const agreement = (fn: 'mcc' | 'kappa', matrix: Confusion, rows: Term, prevalence: number | undefined): Measured => {
    const { truePositive: tp, falsePositive: fp, falseNegative: fn_, trueNegative: tn } = matrix
    const kinds = [sum(tp, fp), sum(tp, fn_), sum(tn, fp), sum(tn, fn_)]
    const cells = { ...matrix, rows, prevalence, define: (term: Term): Term => script.define('Real', term) }
    let made: Term | undefined
    const own = (): Term => {
      if (made === undefined) {
        made = script.declare('n', 'Real')
        script.assert(smt`(<= (- 1.0) ${made} 1.0)`)
      }
      return made
    }
    let isTied = false
    return {
      // Of one kind alone chance agrees as well as anything.
      defined:
        fn === 'mcc'
          ? and(...kinds.map((each) => smt`(> ${each} 0.0)`))
          : and(smt`(< ${tp} ${rows})`, smt`(< ${tn} ${rows})`),
      value: () => {
        const value = own()
        for (const level of isTied ? [] : LEVELS) {
          const [low, high] = (['>=', '<='] as const).map((op) => agreementBeside(fn, op, level, cells, FEW_PARTS))
          if (low !== undefined) script.assert(smt`(=> (>= ${value} ${double(level)}) ${low})`)
          if (high !== undefined) script.assert(smt`(=> (<= ${value} ${double(level)}) ${high})`)
        }
        isTied = true
        return value
      },
      plain: own,
      beside: (op, constant) => {
        const compared = COMPARE[op](own(), double(constant))
        const follows = agreementBeside(fn, op, constant, cells)
        return follows === undefined ? compared : and(compared, follows)
      },
    }
  }
  const metric = (term: MeasuredTerm, population: Population, model: string | undefined): Measured | undefined => {
    const isPrevalence = term.fn === 'share' && isLabel(term, label)
    const isOfDecision = DECISIONS.has(term.fn) || AGREEMENTS.has(term.fn)
    if (label === undefined || (!isOfDecision && !isPrevalence)) return undefined
    const { truePositive: tp, falsePositive: fp, falseNegative: fn, trueNegative: tn } = matrixOf(population, model)
    const all = sum(tp, fp, fn, tn)
    const fact = known(population.key)
    const rows = population.whole ? smt`1.0` : fact?.rows
    const [positives, negatives] = fact?.both === true ? [fact.positives, fact.negatives] : []
    switch (term.fn) {
      case 'accuracy':
        return fraction(sum(tp, tn), all, rows)
      case 'precision':
        return fraction(tp, sum(tp, fp))
      case 'recall':
        return fraction(tp, sum(tp, fn), positives)
      case 'specificity':
        return fraction(tn, sum(tn, fp), negatives)
      case 'negative_predictive_value':
        return fraction(tn, sum(tn, fn))
      case 'false_positive_rate':
        return fraction(fp, sum(tn, fp), negatives)
      case 'false_negative_rate':
        return fraction(fn, sum(tp, fn), positives)
      case 'false_discovery_rate':
        return fraction(fp, sum(tp, fp))
      case 'jaccard':
        return fraction(tp, sum(tp, fp, fn))
      case 'expected_cost': {
        const [first, second] = term.args.map((arg) => (arg.kind === 'value' ? double(arg.value) : undefined))
        if (first === undefined || second === undefined) return undefined
        const cost = sum(smt`(* ${first} ${fp})`, smt`(* ${second} ${fn})`)
        if (population.whole) return free(cost)
        const [whole, value] = [rows ?? all, script.declare('n', 'Real')]
        if (rows === undefined) products++
        script.assert(smt`(= (* ${value} ${whole}) ${cost})`)
        return { defined: smt`(> ${whole} 0.0)`, value: () => value }
      }
      case 'f1':
        return fraction(smt`(* 2.0 ${tp})`, sum(smt`(* 2.0 ${tp})`, fp, fn))
      case 'positive_rate':
        return fraction(sum(tp, fp), all, rows)
      case 'balanced_accuracy': {
        const [recall, specificity] = [fraction(tp, sum(tp, fn), positives), fraction(tn, sum(tn, fp), negatives)]
        return {
          value: () => smt`(/ ${sum(recall.value(), specificity.value())} 2.0)`,
          defined: and(recall.defined, specificity.defined),
        }
      }
      case 'mcc':
      case 'kappa':
        return agreement(term.fn, matrixOf(population, model), rows ?? all, known(population.key)?.prevalence)
      default:
        return fraction(sum(tp, fn), all, rows)
    }
  }
  const made = new Map<string, Measured>()
  return {
    perfect,
    isProduct: () => products > 0,
    divide: (divisions, shares) => {
      for (const of of models)
        for (const [key, measured] of shares) {
          const matrix = matrices.get(matrixKey(of, key))
          if (matrix === undefined) continue
          const { truePositive, falsePositive, falseNegative, trueNegative } = matrix
          script.assert(equal(sum(truePositive, falsePositive, falseNegative, trueNegative), measured))
        }
      for (const { parts, isAll } of divisions) {
        for (const of of models) {
          const own = parts.flatMap((key) => matrices.get(matrixKey(of, key)) ?? [])
          const [first, second, ...rest] = own
          if (first === undefined || second === undefined) continue
          const all = matrixOf({ key: '', whole: true }, of === '' ? undefined : of)
          const added = (cell: (typeof CELLS)[number]): Term =>
            sum(first[cell], second[cell], ...rest.map((each) => each[cell]))
          for (const cell of CELLS) script.assert(smt`(<= ${added(cell)} ${all[cell]})`)
          if (isAll === undefined || own.length < parts.length) continue
          script.assert(smt`(=> ${isAll} ${and(...CELLS.map((cell) => equal(added(cell), all[cell])))})`)
        }
      }
      hint(divisions)
    },
    measure: (term, population, model) => {
      const of = term.model ?? model
      const key = keyOf(term, population, model)
      const before = made.get(key)
      if (before !== undefined) return before
      const measured = metric(term, population, of) ?? free(other(script, others, key, term))
      made.set(key, measured)
      return measured
    },
  }
}

/** At which a number that is compared with no constant is looked at. */
const LEVELS: readonly number[] = [-0.5, 0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]

function isFraction(value: Term, part: Term, whole: Term, fractions: Fractions): Term {
  if (fractions.kind === 'product') return smt`(= (* ${value} ${whole}) ${part})`
  const { count } = fractions
  const at = (i: number): Term => real(BigInt(i), BigInt(count))
  // Halved again and again: what is false of a half need not be looked at in each of its parts.
  const within = (from: number, to: number): Term => {
    const ends = and(
      smt`(<= ${at(from)} ${value} ${at(to)})`,
      smt`(<= (* ${at(from)} ${whole}) ${part})`,
      smt`(<= ${part} (* ${at(to)} ${whole}))`,
    )
    if (to - from <= 1) return ends
    const middle = Math.floor((from + to) / 2)
    return and(ends, or(within(from, middle), within(middle, to)))
  }
  return within(0, count)
}

/** Equal for terms that are one number: the same function of the same things on the same rows. */
export function keyOf(term: MeasuredTerm, population: Population, model: string | undefined): string {
  return `${term.model ?? model ?? ''}\0${population.key}\0${term.fn}\0${keyOfJson(term.args)}`
}

const matrixKey = (model: string, population: string): string => `${model}\0${population}`

const free = (value: Term): Measured => ({ value: () => value, defined: TRUE })

/** Metrics of a decision: fractions of the cells of its matrix. */
export const DECISIONS: ReadonlySet<string> = new Set([
  'accuracy',
  'precision',
  'recall',
  'specificity',
  'negative_predictive_value',
  'balanced_accuracy',
  'f1',
  'positive_rate',
  'false_positive_rate',
  'false_negative_rate',
  'false_discovery_rate',
  'jaccard',
  'expected_cost',
])
/** Of these a decision without mistakes has none. */
export const ERRORS: ReadonlySet<string> = new Set([
  'false_positive_rate',
  'false_negative_rate',
  'false_discovery_rate',
  'expected_cost',
])

/** A number of which only the range is known. */
function other(script: Script, others: Map<string, Term>, key: string, { fn }: MeasuredTerm): Term {
  const before = others.get(key)
  if (before !== undefined) return before
  const made = script.declare('n', 'Real')
  others.set(key, made)
  const { range } = aggregates[fn] as { readonly range?: readonly [number, number] }
  const [low, high] = range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  const counts = fn === 'count' || fn === 'distinct' || fn === 'duplicates' || fn === 'overlap'
  if (counts || Number.isFinite(low)) script.assert(smt`(<= ${double(counts ? 0 : low)} ${made})`)
  if (Number.isFinite(high)) script.assert(smt`(<= ${made} ${double(high)})`)
  return made
}

/** `share(label)`: how many labels are positive. */
export function isLabel({ args }: MeasuredTerm, label: string | undefined): boolean {
  const [argument] = args
  if (label === undefined || argument?.kind !== 'expr') return false
  return argument.expr.node === 'column' && argument.expr.name === label
}
