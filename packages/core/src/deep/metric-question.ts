import type { MustClause } from '../clause/clause.ts'
import type { Program, ProgramRelation } from '../clause/program.ts'
import type { Expr, Literal } from '../expr/expr.ts'
import type { Comparison, Term as MeasuredTerm } from '../expr/must.ts'
import { readAnswer, readNumber } from '../targets/smt/answer.ts'
import { createScript, type Script } from '../targets/smt/script.ts'
import { double } from '../targets/smt/numbers.ts'
import { and, equal, not, or, real, render, smt, symbol, type Term, TRUE, truth } from '../targets/smt/term.ts'
import { factsOf } from './aggregates/facts.ts'
import { readingOf, requiredTerms } from './aggregates/measured.ts'
import { createNumbers, type Measured } from './confusion.ts'
import type { Instance } from './instance.ts'
import { hasExample } from './metric-example.ts'
import { dataRelationOf, type LabelCounts, populationOf } from './populations.ts'
import { distanceOf, sizeOf } from './repair/repair.ts'
import type { Asking } from './satisfiable.ts'

/** What numbers are measured: of which relation, and what is known of the labels of its rows. */
export interface Measuring {
  readonly program: Program
  readonly relation: ProgramRelation
  readonly labels?: LabelCounts
}

/** Instances that say something where the others are met, and what is true of their numbers. */
function withFacts(asked: readonly Instance[]): readonly Instance[] {
  const { needed } = readingOf(asked)
  const saying = asked.filter(({ given }) => given === undefined || needed.has(given.needs))
  return [...saying, ...factsOf(saying)]
}

/** Instances that cannot be met together, as the solver found them. */
export async function conflictOf(
  measuring: Measuring,
  asked: readonly Instance[],
  asking: Asking,
): Promise<readonly Instance[] | 'possible' | 'unknown'> {
  const { solver, limits } = asking
  const instances = withFacts(asked)
  if (instances.length === 0) return 'possible'
  const { program, relation, labels } = measuring
  // An example knows nothing of labels that were counted.
  if (labels === undefined && hasExample(instances, labelAt(program, relation), rowsOf, modelOf(relation)))
    return 'possible'
  const { script, asserted, perfect } = write(measuring, instances, (bound) => numberOfLiteral(bound))
  const plain = asserted.map((term) => render(smt`(assert ${term})`))
  const hints = perfect.map((hint) => render(smt`(assert ${hint})`))
  // Most thresholds are ones that a decision without mistakes meets; with its cells known nothing is left to multiply.
  const easy = await solver.check(
    { script: [...script.lines(), ...plain, ...hints].join('\n'), named: [], read: [] },
    limits,
  )
  if (easy.kind === 'sat') return 'possible'
  const named = asserted.map((term, i) => render(smt`(assert (! ${term} :named ${symbol(`a${i}`)}))`))
  const names = named.map((_, i) => `a${i}`)
  const answer = await solver.check(
    { script: [...script.lines(), ...named].join('\n'), named: names, read: [] },
    limits,
  )
  if (answer.kind === 'sat') return 'possible'
  if (answer.kind === 'unknown') return 'unknown'
  const core = instances.filter(({ fact }, i) => fact === undefined && answer.core.includes(`a${i}`))
  return withNeeded(measuring, asked, core, asking)
}

/**
 * A core with those that make its facts true: that some number has a value may follow from another instance, which bounds
 * nothing in the core.
 */
async function withNeeded(
  measuring: Measuring,
  asked: readonly Instance[],
  core: readonly Instance[],
  asking: Asking,
): Promise<readonly Instance[] | 'unknown'> {
  const { needed } = readingOf(core)
  const lost = [...readingOf(asked).needed].filter((key) => !needed.has(key))
  if (lost.length === 0 || core.length === asked.length) return core
  const alone = await conflictOf(measuring, core, asking)
  if (alone !== 'possible') return alone
  const needing = lost.map((key) => asked.find((each) => readingOf([each]).needed.has(key)))
  const all = asked.filter((each) => core.includes(each) || needing.includes(each))
  return all.length < asked.length ? ((await conflictOf(measuring, all, asking)) === 'possible' ? asked : all) : asked
}

/** Where bounds could be, and how far that is from where they are, in total. */
export interface PossibleBounds {
  /** In the order of the bounds. */
  readonly values: readonly number[]
  readonly distance: number
}

/** Places of the bounds, at most `most` from where they are in total, with which the instances can be met; undefined where none were found. */
export async function possibleBounds(
  measuring: Measuring,
  instances: readonly Instance[],
  bounds: readonly Literal[],
  most: number | undefined,
  { solver, limits }: Asking,
): Promise<PossibleBounds | undefined> {
  const free = new Map<Literal, Term>()
  const { script, asserted } = write(measuring, withFacts(instances), (bound, into) => {
    if (!bounds.includes(bound)) return numberOfLiteral(bound)
    const known = free.get(bound)
    if (known !== undefined) return known
    const whole = bound.type.kind === 'int'
    const made = into.declare('b', whole ? 'Int' : 'Real')
    const number = whole ? smt`(to_real ${made})` : made
    free.set(bound, number)
    return number
  })
  const placed = bounds.flatMap((bound) => {
    const number = free.get(bound)
    const old = numberOfLiteral(bound)
    return number === undefined || old === undefined ? [] : [{ bound, number, old }]
  })
  if (placed.length < bounds.length) return undefined
  const total = placed
    .map(({ bound, number, old }) => {
      const way = smt`(- ${number} ${old})`
      return smt`(/ (ite (>= ${way} 0.0) ${way} (- ${way})) ${double(sizeOf(Number(bound.value)))})`
    })
    .reduce((a, b) => smt`(+ ${a} ${b})`)
  const within = most === undefined ? [] : [smt`(<= ${total} ${double(most)})`]
  const lines = [...asserted, ...within].map((term) => render(smt`(assert ${term})`))
  const read = placed.map(({ number }) => render(number))
  const answer = await solver.check({ script: [...script.lines(), ...lines].join('\n'), named: [], read }, limits)
  if (answer.kind !== 'sat') return undefined
  const values = answer.values.map(numberIn)
  if (values.some((value) => value === undefined)) return undefined
  const moved = values as readonly number[]
  const distance = bounds.reduce((sum, { value }, i) => sum + distanceOf(Number(value), moved[i] ?? 0), 0)
  return { values: moved, distance }
}

/** A number of an answer; undefined for the root of a polynomial. */
function numberIn(text: string): number | undefined {
  const answer = readAnswer(text)
  const fraction = answer === undefined ? undefined : readNumber(answer)
  return fraction === undefined ? undefined : Number(fraction.numerator) / Number(fraction.denominator)
}

/** How a constant of a condition is written; undefined for what is no number. */
type Constant = (literal: Literal, script: Script) => Term | undefined

/** The instances as assertions about shares of rows. */
function write({ program, relation, labels }: Measuring, instances: readonly Instance[], constant: Constant) {
  const script = createScript()
  const [model, label] = [modelOf(relation), labelAt(program, relation)]
  const counted = label === datasetLabel(program, relation) ? labels?.get(dataRelationOf(relation) ?? '') : undefined
  const numbers = createNumbers(script, label, counted)
  const asserted = instances.map((instance) => {
    const { condition, comparisons, terms } = instance.clause.must
    const values = terms.map((term) => numbers.measure(term, rowsOf(instance, term), model))
    // A fact is true of what has no value, too.
    const required = instance.fact === undefined ? requiredTerms(instance) : []
    const defined = terms.flatMap((term, i) => (required.includes(term) ? [values[i]?.defined ?? TRUE] : []))
    const open = (): Term => script.declare('open', 'Bool')
    const read: Reading = {
      values,
      define: (term) => script.define('Real', term),
      constant: (literal) => constant(literal, script),
    }
    const compared = comparisons.map((comparison) => {
      const { op, left, right } = constantRight(comparison)
      const linear = instance.fact === undefined ? linearly(op, left, right, read) : undefined
      if (linear !== undefined) return linear
      const [a, b] = [numberOf(left, read), numberOf(right, read)]
      return a === undefined || b === undefined ? open() : COMPARE[op](a, b)
    })
    return and(truthOf(condition, compared, open), ...defined)
  })
  numbers.divide()
  return { script, asserted, perfect: numbers.perfect }
}

/** What the sides of a comparison are read with. */
interface Reading {
  readonly values: readonly Measured[]
  define(term: Term): Term
  constant(literal: Literal): Term | undefined
}

const MIRRORED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '==': '==', '!=': '!=' } as const

function constantRight({ op, left, right }: Comparison): Pick<Comparison, 'op' | 'left' | 'right'> {
  if (left.node !== 'literal' || right.node === 'literal') return { op, left, right }
  return { op: MIRRORED[op], left: right, right: left }
}

const modelOf = (relation: ProgramRelation): string | undefined =>
  relation.kind === 'model' ? relation.model : undefined

const labelAt = (program: Program, relation: ProgramRelation): string | undefined =>
  relation.kind === 'model' ? labelOf(program, relation.model, relation.dataset) : undefined

const rowsOf = ({ slice }: Instance, { where }: MeasuredTerm) => populationOf([slice.condition, where ?? null])

/** What the labels of the data were counted of. */
function datasetLabel({ datasets }: Program, relation: ProgramRelation): string | undefined {
  return relation.kind === 'model' ? datasets.find(({ name }) => name === relation.dataset)?.label : undefined
}

/** The label of a model on a dataset, if every row has one: only then do all metrics count the same rows. */
function labelOf(program: Program, model: string, dataset: string): string | undefined {
  const { label, classes } = program.models.find(({ name }) => name === model) ?? {}
  // Metrics of several classes count more than four kinds of rows.
  if (classes !== undefined) return undefined
  const column = program.datasets.find(({ name }) => name === dataset)?.columns.find(({ name }) => name === label)
  return column === undefined || column.optional ? undefined : label
}

const COMPARE: Readonly<Record<MustClause['must']['comparisons'][number]['op'], (a: Term, b: Term) => Term>> = {
  '<': (a, b) => smt`(< ${a} ${b})`,
  '<=': (a, b) => smt`(<= ${a} ${b})`,
  '>': (a, b) => smt`(> ${a} ${b})`,
  '>=': (a, b) => smt`(>= ${a} ${b})`,
  '==': equal,
  '!=': (a, b) => not(equal(a, b)),
}

/** A fraction beside a constant: its part beside so much of the whole. A fraction of nothing satisfies no comparison. */
function linearly(op: keyof typeof COMPARE, left: Expr, right: Expr, read: Reading): Term | undefined {
  const fraction = left.node === 'term' ? read.values[left.index]?.fraction : undefined
  if (fraction === undefined || right.node !== 'literal') return undefined
  const bound = read.constant(right)
  if (bound === undefined) return undefined
  return and(smt`(> ${fraction.whole} 0.0)`, COMPARE[op](fraction.part, smt`(* ${bound} ${fraction.whole})`))
}

/** A condition over its comparisons. */
function truthOf(expr: Expr, compared: readonly Term[], open: () => Term): Term {
  switch (expr.node) {
    case 'comparison':
      return compared[expr.index] ?? open()
    case 'and':
      return and(...expr.args.map((arg) => truthOf(arg, compared, open)))
    case 'or':
      return or(...expr.args.map((arg) => truthOf(arg, compared, open)))
    case 'literal':
      return typeof expr.value === 'boolean' ? truth(expr.value) : open()
    case 'call':
      return expr.fn === 'not' ? not(truthOf(expr.args[0] as Expr, compared, open)) : open()
    default:
      return open()
  }
}

/**
 * A constant as it is written: 0.9 is nine tenths. The float64 next to it lies on one side of that, but so does the one that
 * a measured nine tenths is rounded to.
 */
function decimal(value: number): Term {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value))
  if (match === null) return double(value)
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const digits = BigInt(`${sign}${whole}${fraction}`)
  const power = Number(exponent) - fraction.length
  return power >= 0 ? real(digits * 10n ** BigInt(power)) : real(digits, 10n ** BigInt(-power))
}

/** A constant as a real number; undefined for what is none. */
function numberOfLiteral({ type, value }: Literal): Term | undefined {
  if (type.kind === 'int') return real(BigInt(value as string))
  return type.kind === 'double' ? decimal(Number(value)) : undefined
}

/** A side of a comparison as a real number; undefined for what is not followed. Rounding is left out: its bounds are not at 1e-16. */
function numberOf(expr: Expr, read: Reading): Term | undefined {
  const { values, define } = read
  const args = (parts: readonly Expr[]): readonly Term[] | undefined => {
    const found = parts.map((part) => numberOf(part, read))
    return found.every((each) => each !== undefined) ? found : undefined
  }
  switch (expr.node) {
    case 'term':
      return values[expr.index]?.value()
    case 'literal':
      return read.constant(expr)
    case 'call': {
      const found = args(expr.args)
      const [a, b] = found ?? []
      if (a === undefined) return undefined
      if (expr.fn === 'double_of_int' || expr.fn === 'double_of_double') return a
      if (expr.fn === 'neg_double' || expr.fn === 'neg_int') return smt`(- ${a})`
      if (b === undefined) return undefined
      switch (expr.fn) {
        case 'add_double':
        case 'add_int':
          return smt`(+ ${a} ${b})`
        case 'sub_double':
        case 'sub_int':
          return smt`(- ${a} ${b})`
        case 'mul_double':
        case 'mul_int':
          return smt`(* ${a} ${b})`
        default:
          return undefined
      }
    }
    case 'reduce': {
      const found = args(expr.args)
      if (found === undefined || found.length === 0) return undefined
      const least = found.reduce((a, b) => define(smt`(ite (<= ${a} ${b}) ${a} ${b})`))
      const greatest = found.reduce((a, b) => define(smt`(ite (>= ${a} ${b}) ${a} ${b})`))
      switch (expr.op) {
        case 'min':
          return least
        case 'max':
          return greatest
        case 'gap':
          return smt`(- ${greatest} ${least})`
        case 'ratio':
          return smt`(/ ${least} ${greatest})`
      }
    }
  }
  return undefined
}
