import type { Expr } from '@plumbline/core'
import { formatTimestamp } from '@plumbline/core'
import type { Bound, Fact } from './fact.ts'

/** The facts that a condition is the conjunction of; undefined where it is none. Bounds of one column are one fact. */
export function factsOfCondition(expr: Expr): readonly Fact[] | undefined {
  const facts: Fact[] = []
  for (const part of conjuncts(expr)) {
    const fact = factOf(part)
    if (fact === undefined) return undefined
    const before = facts.findIndex((each) => joins(each, fact))
    if (before < 0) facts.push(fact)
    else facts[before] = { ...facts[before], ...fact } as Fact
  }
  return facts
}

/** `a >= 1` and `a <= 2` are one range. */
function joins(one: Fact, other: Fact): boolean {
  if (one.kind === 'range' && other.kind === 'range')
    return one.column === other.column && (one.low === undefined) !== (other.low === undefined)
  return (
    one.kind === 'length' &&
    other.kind === 'length' &&
    one.column === other.column &&
    (one.low === undefined) !== (other.low === undefined)
  )
}

function conjuncts(expr: Expr): readonly Expr[] {
  return expr.node === 'and' ? expr.args.flatMap(conjuncts) : [expr]
}

/** Columns whose cells a condition reads, but for tests whether they are missing. */
export function columnsRead(expr: Expr): readonly string[] {
  const names = new Set<string>()
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk)
    else if (typeof node === 'object' && node !== null) {
      const { node: kind, name } = node as { node?: unknown; name?: unknown }
      if (kind === 'is-missing') return
      if (kind === 'column' && typeof name === 'string') names.add(name)
      Object.values(node).forEach(walk)
    }
  }
  walk(expr)
  return [...names]
}

function factOf(expr: Expr): Fact | undefined {
  switch (expr.node) {
    case 'is-missing':
      return expr.negated && expr.operand.node === 'column' ? { kind: 'present', column: expr.operand.name } : undefined
    case 'in-list':
    case 'matches':
      return ofCells(expr, false)
    case 'call':
      return expr.fn === 'not' && expr.args[0] !== undefined ? ofCells(expr.args[0], true) : comparison(expr)
    default:
      return undefined
  }
}

function ofCells(expr: Expr, none: boolean): Fact | undefined {
  if (expr.node === 'in-list' && expr.operand.node === 'column') {
    const values = expr.elements.map(plainValue)
    return values.every((value) => value !== undefined)
      ? { kind: 'values', column: expr.operand.name, values, none }
      : undefined
  }
  if (expr.node === 'matches' && expr.operand.node === 'column')
    return { kind: 'pattern', column: expr.operand.name, pattern: expr.pattern, none }
  return undefined
}

/** A literal as JSON has it: whole numbers only as far as JSON readers keep them. */
export function plainValue(expr: Expr): string | number | boolean | undefined {
  if (expr.node !== 'literal' || expr.value === null) return undefined
  switch (expr.type.kind) {
    case 'bool':
    case 'string':
      return expr.value
    case 'int': {
      const value = Number(expr.value)
      return Number.isSafeInteger(value) ? value : undefined
    }
    case 'double':
      return typeof expr.value === 'number' ? expr.value : undefined
    case 'timestamp':
      return formatTimestamp(BigInt(String(expr.value)))
    default:
      return undefined
  }
}

const SIGNS = { lt: '<', le: '<=', gt: '>', ge: '>=', eq: '==', ne: '!=' } as const
type Sign = (typeof SIGNS)[keyof typeof SIGNS]
const TURNED: Readonly<Record<Sign, Sign>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '==': '==', '!=': '!=' }

/** The comparison that a function of the table is. */
export function signOf(fn: string): Sign | undefined {
  const [start = ''] = fn.split('_')
  return Object.hasOwn(SIGNS, start) ? SIGNS[start as keyof typeof SIGNS] : undefined
}

function comparison({ fn, args }: Extract<Expr, { node: 'call' }>): Fact | undefined {
  const sign = signOf(fn)
  const [left, right] = args
  if (sign === undefined || left === undefined || right === undefined) return undefined
  if (left.node === 'column' && right.node === 'column') return pair(left.name, sign, right.name)
  return left.node === 'literal' ? bounded(right, TURNED[sign], left) : bounded(left, sign, right)
}

function pair(left: string, sign: Sign, right: string): Fact | undefined {
  if (sign === '!=') return undefined
  return sign === '<' || sign === '<='
    ? { kind: 'pair', left: right, sign: sign === '<' ? '>' : '>=', right: left }
    : { kind: 'pair', left, sign, right }
}

function bounded(left: Expr, sign: Sign, right: Expr): Fact | undefined {
  const value = plainValue(right)
  if (value === undefined) return undefined
  if (left.node === 'call' && left.fn === 'size_string') return lengthOf(left.args[0], sign, value)
  if (left.node !== 'column') return undefined
  const column = left.name
  if (sign === '==' || sign === '!=') return { kind: 'values', column, values: [value], none: sign === '!=' }
  if (typeof value === 'boolean' || right.type.kind === 'string') return undefined
  const bound: Bound = { value, open: sign === '<' || sign === '>' }
  const time = right.type.kind === 'timestamp'
  return sign === '<' || sign === '<='
    ? { kind: 'range', column, high: bound, time }
    : { kind: 'range', column, low: bound, time }
}

function lengthOf(operand: Expr | undefined, sign: Sign, value: string | number | boolean): Fact | undefined {
  if (operand?.node !== 'column' || typeof value !== 'number') return undefined
  const { name: column } = operand
  switch (sign) {
    case '==':
      return { kind: 'length', column, low: value, high: value }
    case '<=':
      return { kind: 'length', column, high: value }
    case '<':
      return { kind: 'length', column, high: value - 1 }
    case '>=':
      return { kind: 'length', column, low: value }
    case '>':
      return { kind: 'length', column, low: value + 1 }
    default:
      return undefined
  }
}
