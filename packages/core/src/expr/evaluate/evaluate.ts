import { RE2JS } from 're2js'
import type { Expr, Literal, Reduce, VerdictOf } from '../expr.ts'
import { type EvaluationError, isError, literalValue, type RecordValue, type Value } from '../value.ts'
import { comparisons } from './compare.ts'
import { implementations } from './functions.ts'
import { error, finite, int64, type Outcome } from './implementation.ts'

/** What an expression reads. A part that the expression does not name may be left out. */
export interface EvaluationInput {
  /** The current row (row scope); a column that is not there is missing. */
  readonly row?: RecordValue
  /** Bound variables (binder scope). */
  readonly locals?: ReadonlyMap<string, Value | null>
  /** Measured terms of a `must` condition. */
  readonly terms?: readonly Outcome[]
  /** Decided comparisons of a `must` condition. */
  readonly comparisons?: readonly Outcome[]
  /** The answer of a model for a record, or why there is none. */
  readonly predict?: (model: string, record: RecordValue) => RecordValue | EvaluationError
  /** The verdict of a clause in time clauses. */
  readonly verdict?: (clause: string, is: VerdictOf['is']) => boolean
}

/** Evaluates typed expressions. Holds the regular expressions it has compiled. */
export interface Evaluator {
  evaluate(expr: Expr, input: EvaluationInput): Outcome
}

/** The reference evaluator: it defines the meaning of the language, and every target must agree with it. */
export function createEvaluator(): Evaluator {
  const patterns = new Map<string, RE2JS>()
  return { evaluate: (expr, input) => evaluateNode(expr, input, patterns) }
}

/** Evaluates one expression once. */
export function evaluate(expr: Expr, input: EvaluationInput): Outcome {
  return createEvaluator().evaluate(expr, input)
}

function evaluateNode(expr: Expr, input: EvaluationInput, patterns: Map<string, RE2JS>): Outcome {
  const go = (part: Expr): Outcome => evaluateNode(part, input, patterns)
  switch (expr.node) {
    case 'literal':
      return cell(literalValue(expr))
    case 'column':
      return cell(input.row?.get(expr.name))
    case 'local':
      return cell(input.locals?.get(expr.name))
    case 'field':
      return strict([expr.operand], go, ([record]) => cell((record as RecordValue).get(expr.name)))
    case 'call':
      return strict(expr.args, go, (args) => implementations[expr.fn](...(args as never[] as [never, never])))
    case 'and':
      return absorb(false, go(expr.args[0]), () => go(expr.args[1]))
    case 'or':
      return absorb(true, go(expr.args[0]), () => go(expr.args[1]))
    case 'conditional':
      return strict([expr.args[0]], go, ([condition]) => go(condition === true ? expr.args[1] : expr.args[2]))
    case 'is-missing': {
      // Only a missing cell of this very operand counts: an error in what it is read from stays an error.
      if (expr.operand.node === 'column') return isMissing(input.row?.get(expr.operand.name)) !== expr.negated
      const { name } = expr.operand
      return strict(
        [expr.operand.operand],
        go,
        ([record]) => isMissing((record as RecordValue).get(name)) !== expr.negated,
      )
    }
    case 'in-list':
      return strict([expr.operand], go, ([value]) => expr.elements.some((element) => equals(value as Value, element)))
    case 'lookup':
      return strict([expr.operand], go, ([value]) => {
        const entry = expr.entries.find(({ key }) => equals(value as Value, key))
        return entry === undefined ? error('no-such-key') : entry.value
      })
    case 'matches':
      return strict([expr.operand], go, ([text]) => patternFor(expr.pattern, patterns).test(text as string))
    case 'with':
      return strict([expr.operand, ...expr.fields.map((field) => field.value)], go, ([record, ...values]) => {
        const names = expr.fields.map((field) => field.name)
        return new Map([...(record as RecordValue), ...names.map((name, i) => [name, values[i] ?? null] as const)])
      })
    case 'predict':
      return strict([expr.operand], go, ([record]) =>
        given(input.predict, 'predict')(expr.model, record as RecordValue),
      )
    case 'term':
      return cell(given(input.terms, 'terms')[expr.index])
    case 'comparison':
      return cell(given(input.comparisons, 'comparisons')[expr.index])
    case 'verdict-of':
      return given(input.verdict, 'verdict')(expr.clause, expr.is)
    case 'reduce':
      return strict(expr.args, go, (values) => reduce(expr.op, values as readonly (bigint | number)[]))
  }
}

/** A strict node: the first argument, left to right, that is an error is the result. */
function strict(
  parts: readonly Expr[],
  go: (part: Expr) => Outcome,
  apply: (values: readonly Value[]) => Outcome,
): Outcome {
  const values: Value[] = []
  for (const part of parts) {
    const value = go(part)
    if (isError(value)) return value
    values.push(value)
  }
  return apply(values)
}

/** `&&` (decisive false) and `||` (decisive true): the decisive value on either side wins over an error; then the left error. */
function absorb(decisive: boolean, left: Outcome, right: () => Outcome): Outcome {
  if (left === decisive) return decisive
  const other = right()
  if (other === decisive) return decisive
  return isError(left) ? left : other
}

function isMissing(value: Outcome | null | undefined): boolean {
  return value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value))
}

/** Reading a cell: null and NaN are missing, and reading them is an error. */
function cell(value: Outcome | null | undefined): Outcome {
  return isMissing(value) ? error('missing') : (value as Outcome)
}

function equals(value: Value, literal: Literal): boolean {
  const other = literalValue(literal)
  if (typeof value === 'string') return value === other
  if (typeof value === 'boolean') return value === other
  if (typeof value === 'bigint' || typeof value === 'number') {
    return (
      (typeof other === 'bigint' || typeof other === 'number') &&
      comparisons.eq.int_double(value as bigint, other as number)
    )
  }
  if ('timestamp' in value)
    return typeof other === 'object' && other !== null && 'timestamp' in other && other.timestamp === value.timestamp
  return (
    'duration' in value &&
    typeof other === 'object' &&
    other !== null &&
    'duration' in other &&
    other.duration === value.duration
  )
}

/** `min`, `max`, `ratio` = least/greatest, `gap` = greatest − least. */
function reduce(op: Reduce['op'], values: readonly (bigint | number)[]): Outcome {
  const [first, ...rest] = values
  if (first === undefined) return error('missing')
  const least = rest.reduce((a, b) => (b < a ? b : a), first)
  const greatest = rest.reduce((a, b) => (b > a ? b : a), first)
  switch (op) {
    case 'min':
      return least
    case 'max':
      return greatest
    case 'gap':
      if (typeof least === 'bigint' && typeof greatest === 'bigint') return int64(greatest - least)
      return finite(Number(greatest) - Number(least))
    case 'ratio':
      return Number(greatest) === 0 ? error('division-by-zero') : finite(Number(least) / Number(greatest))
  }
}

function patternFor(pattern: string, patterns: Map<string, RE2JS>): RE2JS {
  const known = patterns.get(pattern)
  if (known !== undefined) return known
  const compiled = RE2JS.compile(pattern)
  patterns.set(pattern, compiled)
  return compiled
}

/** A part of the input that the expression needs; a caller that leaves it out has a bug. */
function given<T>(part: T | undefined, name: string): T {
  if (part === undefined) throw new Error(`evaluation needs \`${name}\``)
  return part
}
