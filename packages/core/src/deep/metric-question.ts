import type { MustClause } from '../clause/clause.ts'
import type { Program, ProgramRelation } from '../clause/program.ts'
import type { Expr } from '../expr/expr.ts'
import type { Term as MeasuredTerm } from '../expr/must.ts'
import { createScript } from '../targets/smt/script.ts'
import { double } from '../targets/smt/numbers.ts'
import { and, equal, not, or, real, render, smt, symbol, type Term, truth } from '../targets/smt/term.ts'
import { createNumbers, type Measured, type Population } from './confusion.ts'
import type { Instance } from './instance.ts'
import { hasExample } from './metric-example.ts'
import type { Asking } from './satisfiable.ts'

/** Instances that cannot be met together, as the solver found them. */
export async function conflictOf(
  program: Program,
  relation: ProgramRelation,
  instances: readonly Instance[],
  { solver, limits }: Asking,
): Promise<readonly Instance[] | 'possible' | 'unknown'> {
  if (instances.length === 0) return 'possible'
  const model = relation.kind === 'model' ? relation.model : undefined
  const label = relation.kind === 'model' ? labelOf(program, relation.model, relation.dataset) : undefined
  const rowsOf = ({ slice }: Instance, { where }: MeasuredTerm) => populationOf([slice.condition, where ?? null])
  if (hasExample(instances, label, rowsOf, model)) return 'possible'
  const script = createScript()
  const numbers = createNumbers(script, label)
  const asserted = instances.map((instance) => {
    const { condition, comparisons, terms } = instance.clause.must
    const defined: Term[] = []
    const values = terms.map((term) => {
      const measured = numbers.measure(term, rowsOf(instance, term), model)
      defined.push(measured.defined)
      return measured
    })
    const open = (): Term => script.declare('open', 'Bool')
    const compared = comparisons.map(({ op, left, right }) => {
      const define = (term: Term): Term => script.define('Real', term)
      const linear = linearly(op, left, right, values)
      if (linear !== undefined) return linear
      const [a, b] = [numberOf(left, values, define), numberOf(right, values, define)]
      return a === undefined || b === undefined ? open() : COMPARE[op](a, b)
    })
    const only = comparisons.length === 1
    return and(truthOf(condition, compared, open), ...(only ? defined : []))
  })
  const plain = asserted.map((term) => render(smt`(assert ${term})`))
  const hints = numbers.perfect.map((hint) => render(smt`(assert ${hint})`))
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
  return instances.filter((_, i) => answer.core.includes(`a${i}`))
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
function linearly(op: keyof typeof COMPARE, left: Expr, right: Expr, values: readonly Measured[]): Term | undefined {
  const fraction = left.node === 'term' ? values[left.index]?.fraction : undefined
  if (fraction === undefined || right.node !== 'literal') return undefined
  const bound = numberOf(right, values, (term) => term)
  if (bound === undefined) return undefined
  return and(smt`(> ${fraction.whole} 0.0)`, COMPARE[op](fraction.part, smt`(* ${bound} ${fraction.whole})`))
}

function populationOf(conditions: readonly (Expr | null)[]): Population {
  const parts = conditions.flatMap((each) =>
    each === null ? [] : [JSON.stringify(each, (name, part: unknown) => (name === 'at' ? undefined : part))],
  )
  return { key: parts.toSorted().join(' '), whole: parts.length === 0 }
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

/** A side of a comparison as a real number; undefined for what is not followed. Rounding is left out: its bounds are not at 1e-16. */
function numberOf(expr: Expr, values: readonly Measured[], define: (term: Term) => Term): Term | undefined {
  const args = (parts: readonly Expr[]): readonly Term[] | undefined => {
    const found = parts.map((part) => numberOf(part, values, define))
    return found.every((each) => each !== undefined) ? found : undefined
  }
  switch (expr.node) {
    case 'term':
      return values[expr.index]?.value()
    case 'literal':
      if (expr.type.kind === 'int') return real(BigInt(expr.value as string))
      return expr.type.kind === 'double' ? decimal(Number(expr.value)) : undefined
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
