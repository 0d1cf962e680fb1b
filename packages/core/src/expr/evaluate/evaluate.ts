import { RE2JS } from 're2js'
import type { Expr, InList, Literal, OptionalMap, Reduce } from '../expr.ts'
import { overloads } from '../functions/lookup.ts'
import type { RowFunctionName } from '../functions/row-functions.ts'
import {
  isError,
  type List,
  literalValue,
  type MapValue,
  type Optional,
  type RecordValue,
  type Value,
} from '../value.ts'
import { comparisons } from './compare.ts'
import { comprehend, makeList, makeMap } from './comprehension.ts'
import { implementations } from './functions.ts'
import { error, finite, int64, type Outcome } from './implementation.ts'
import { accepts, kindOf } from './kinds.ts'
import { plainImplementations } from './plain.ts'
import { type EvaluationInput, inScope, type Run, type Scope, withVariable } from './state.ts'

export type { EvaluationInput } from './state.ts'

/** Evaluates typed expressions. Holds the regular expressions it has compiled. */
export interface Evaluator {
  evaluate(expr: Expr, input: EvaluationInput): Outcome
}

/**
 * What one evaluation may do before it ends in the error `too-costly`: elements visited by comprehensions, and elements
 * and characters of the lists and texts made. Comprehensions in one another would otherwise run for ever.
 */
export const COST_LIMIT = 1_000_000

/** The reference evaluator: it defines the meaning of the language, and every target must agree with it. */
export function createEvaluator(): Evaluator {
  const patterns = new Map<string, RE2JS>()
  return {
    evaluate: (expr, input) => {
      const run: Run = {
        input,
        patterns,
        budget: { left: COST_LIMIT },
        scope: undefined,
        go: (part, scope) => evaluateNode(part, run, scope),
      }
      return run.go(expr)
    },
  }
}

/** Evaluates one expression once. */
export function evaluate(expr: Expr, input: EvaluationInput): Outcome {
  return createEvaluator().evaluate(expr, input)
}

function evaluateNode(expr: Expr, run: Run, scope: Scope | undefined): Outcome {
  const { input } = run
  const go = (part: Expr): Outcome => evaluateNode(part, run, scope)
  switch (expr.node) {
    case 'call':
      return strict(expr.args, go, (args) => apply(expr.fn, args, run))
    case 'column':
      return cell(input.row?.get(expr.name))
    case 'literal':
      return cell(literalValue(expr))
    case 'and':
      return absorb(false, go(expr.args[0]), () => go(expr.args[1]))
    case 'or':
      return absorb(true, go(expr.args[0]), () => go(expr.args[1]))
    case 'conditional':
      return strict([expr.args[0]], go, ([condition]) =>
        typeof condition === 'boolean' ? go(condition ? expr.args[1] : expr.args[2]) : error('no-such-overload'),
      )
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
      return strict([expr.operand], go, ([value]) => isElement(value as Value, expr))
    case 'lookup':
      return strict([expr.operand], go, ([value]) => {
        const entry = expr.entries.find(({ key }) => equals(value as Value, key))
        return entry === undefined ? error('no-such-key') : entry.value
      })
    case 'matches':
      return strict([expr.operand], go, ([text]) => patternFor(expr.pattern, run.patterns).test(text as string))
    default:
      return evaluateOther(expr, run, scope, go)
  }
}

type Other = Exclude<
  Expr,
  {
    readonly node:
      | 'call'
      | 'column'
      | 'literal'
      | 'and'
      | 'or'
      | 'conditional'
      | 'is-missing'
      | 'in-list'
      | 'lookup'
      | 'matches'
  }
>

/** The nodes that no condition on a row's cells has: apart from the others, which are thereby compiled as one. */
function evaluateOther(expr: Other, run: Run, scope: Scope | undefined, go: (part: Expr) => Outcome): Outcome {
  const { input } = run
  switch (expr.node) {
    case 'local': {
      const variable = inScope(scope, expr.name)
      if (variable !== undefined) return variable.read()
      const value = input.locals?.get(expr.name)
      return input.plain === true && value !== null && value !== undefined ? value : cell(value)
    }
    case 'field':
      return strict([expr.operand], go, ([record]) => cell((record as RecordValue).get(expr.name)))
    case 'dispatch':
      return strict(expr.args, go, (args) => {
        const found = overloads(expr.syntax, expr.name).find(
          ([, row]) =>
            row.args.length === args.length && row.args.every((wanted, i) => accepts(wanted, args[i] as Value)),
        )
        return found === undefined ? error('no-such-overload') : apply(found[0], args, run)
      })
    case 'list':
      return strict(expr.args, go, (values) => makeList(values, expr.optional))
    case 'map':
      return strict([...expr.keys, ...expr.args], go, (values) =>
        makeMap(values.slice(0, expr.keys.length), values.slice(expr.keys.length), expr.optional),
      )
    case 'comprehension':
      return comprehend(expr, run, scope)
    case 'bind': {
      let found: Outcome | undefined
      const read = (): Outcome => (found ??= go(expr.value))
      return evaluateNode(expr.body, run, { name: expr.name, read, around: scope })
    }
    case 'optional-map':
      return strict([expr.operand], go, ([operand]) => optionalMap(expr, operand as Value, run, scope))
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

/** A function of the table on values; what it makes is paid for by its size. */
function apply(fn: RowFunctionName, args: readonly Value[], run: Run): Outcome {
  const implementation = (run.input.plain === true && plainImplementations[fn]) || implementations[fn]
  // Before it is made: two texts or lists that are put together are as long as both.
  let cost = 0
  for (const arg of args) if (typeof arg === 'string' || typeof arg === 'object') cost += sizeOf(arg)
  if (cost > run.budget.left) return error('too-costly')
  const made = (implementation as (...values: readonly Value[]) => Outcome)(...args)
  if (typeof made === 'string' || (typeof made === 'object' && !isError(made))) cost += sizeOf(made)
  if (cost === 0) return made
  run.budget.left -= cost
  return run.budget.left < 0 ? error('too-costly') : made
}

/** The length of a list or long text: what handling it takes, roughly. */
function sizeOf(value: Value): number {
  if (typeof value === 'string') return value.length >> 6
  if (typeof value !== 'object') return 0
  if ('list' in value) return (value as List).list.length
  return 'map' in value ? (value as MapValue).map.size : 0
}

function optionalMap(node: OptionalMap, operand: Value, run: Run, scope: Scope | undefined): Outcome {
  if (kindOf(operand) !== 'optional') return error('no-such-overload')
  const { optional } = operand as Optional
  if (node.op === 'or' || node.op === 'or-value') {
    if (optional !== undefined) return node.op === 'or' ? operand : optional
    return evaluateNode(node.body, run, scope)
  }
  if (optional === undefined) return operand
  const made = evaluateNode(node.body, run, withVariable(scope, node.name, optional))
  if (isError(made)) return made
  if (node.op === 'map') return { optional: made }
  return kindOf(made) === 'optional' ? made : error('no-such-overload')
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
  if (typeof left !== 'boolean') return isError(left) ? left : error('no-such-overload')
  return typeof other === 'boolean' || isError(other) ? other : error('no-such-overload')
}

function isMissing(value: Outcome | null | undefined): boolean {
  return value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value))
}

/** Reading a cell: null and NaN are missing, and reading them is an error. */
function cell(value: Outcome | null | undefined): Outcome {
  return isMissing(value) ? error('missing') : (value as Outcome)
}

/** The elements of long lists of whole numbers or of texts alone; of others nothing. */
const elements = new WeakMap<InList, ReadonlySet<Value | null> | undefined>()
const LONG = 8

function isElement(value: Value, list: InList): boolean {
  if (list.elements.length > LONG && (typeof value === 'bigint' || typeof value === 'string')) {
    if (!elements.has(list)) elements.set(list, setOf(list))
    const known = elements.get(list)
    if (known !== undefined) return known.has(value)
  }
  return list.elements.some((element) => equals(value, element))
}

function setOf({ elements: all }: InList): ReadonlySet<Value | null> | undefined {
  const [kind] = all.map(({ type }) => type.kind)
  if ((kind !== 'int' && kind !== 'string') || all.some(({ type }) => type.kind !== kind)) return undefined
  return new Set(all.map(literalValue))
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
