import type { Expr, Literal } from '../../expr/expr.ts'
import { literalValue } from '../../expr/value.ts'
import { columnsOf } from '../../targets/children.ts'
import type { Formula, Op, Scalar } from './formula.ts'
import { columnLeaf, computedLeaf, type Leaf } from './leaves.ts'
import { isConstant, linearForm, scaled, sum } from './linear.ts'

/** A condition as a formula, and the leaves it asks about. */
export interface Read {
  readonly formula: Formula
  readonly leaves: ReadonlyMap<string, Leaf>
}

const COMPARISON = /^(lt|le|gt|ge|eq|ne)_/
const MIRRORED: Readonly<Record<Op, Op>> = { lt: 'gt', le: 'ge', gt: 'lt', ge: 'le', eq: 'eq', ne: 'ne' }

/** Reads a condition over columns as a formula. What is not understood becomes a leaf of its own: still sound. */
export function readFormula(expr: Expr): Read {
  const leaves = new Map<string, Leaf>()
  const known = (leaf: Leaf): string => {
    leaves.set(leaf.key, leaf)
    return leaf.key
  }
  const read = (part: Expr): Formula => {
    switch (part.node) {
      case 'literal':
        return { kind: 'constant', value: part.value === true ? true : part.value === false ? false : 'error' }
      case 'and':
      case 'or':
        return { kind: part.node, of: [read(part.args[0]), read(part.args[1])] }
      case 'conditional':
        return { kind: 'if', of: [read(part.args[0]), read(part.args[1]), read(part.args[2])] }
      case 'is-missing':
        if (part.operand.node === 'column')
          return {
            kind: 'atom',
            atom: { kind: 'missing', leaf: known(columnLeaf(part.operand)), negated: part.negated },
          }
        return itself(part)
      case 'in-list': {
        const values = part.elements.map(scalarOf)
        if (values.some((value) => value === undefined)) return itself(part)
        const leaf = known(computedLeaf(part.operand))
        return { kind: 'atom', atom: { kind: 'member', leaf, values: values.filter((v) => v !== undefined) } }
      }
      case 'call':
        return readCall(part)
      default:
        return itself(part)
    }
  }
  /** A truth value that is not looked into. */
  const itself = (part: Expr): Formula => ({
    kind: 'atom',
    atom: { kind: 'bound', leaf: known(computedLeaf(part)), op: 'eq', value: true },
  })
  const readCall = (part: Extract<Expr, { node: 'call' }>): Formula => {
    const [left, right] = part.args
    if (part.fn === 'not' && left !== undefined) return { kind: 'not', of: read(left) }
    const op = COMPARISON.exec(part.fn)?.[1] as Op | undefined
    if (op === undefined || left === undefined || right === undefined) return itself(part)
    return compared(op, left, right) ?? itself(part)
  }
  const compared = (op: Op, left: Expr, right: Expr): Formula | undefined => {
    const bound = (leaf: Leaf, sign: Op, value: Scalar): Formula => ({
      kind: 'atom',
      atom: { kind: 'bound', leaf: known(leaf), op: sign, value },
    })
    const [onLeft, onRight] = [valueOf(left), valueOf(right)]
    if (onRight !== undefined && isPlain(left)) return bound(computedLeaf(left), op, onRight)
    if (onLeft !== undefined && isPlain(right)) return bound(computedLeaf(right), MIRRORED[op], onLeft)
    return linear(op, left, right, bound)
  }
  const linear = (
    op: Op,
    left: Expr,
    right: Expr,
    bound: (leaf: Leaf, sign: Op, value: Scalar) => Formula,
  ): Formula | undefined => {
    if (!isNumber(left) || !isNumber(right)) return undefined
    const parts = new Map<string, Leaf>()
    const leafOf = (part: Expr): string => {
      const leaf = computedLeaf(part)
      parts.set(leaf.key, leaf)
      return leaf.key
    }
    const [a, b] = [linearForm(left, leafOf), linearForm(right, leafOf)]
    if (a === undefined || b === undefined) return undefined
    const whole = sum(a, scaled(b, -1))
    const [first] = whole.coefficients
    if (first === undefined || isConstant(whole)) return undefined
    const by = 1 / Math.abs(first[1])
    const sign = first[1] < 0 ? -1 : 1
    const { coefficients, constant } = scaled(whole, sign * by)
    // What a product was tried to be made of is no part of the sum.
    const read = [...coefficients.keys()].flatMap((key) => parts.get(key) ?? [])
    const [only] = read
    const side = sign < 0 ? MIRRORED[op] : op
    // What cancels out is still read: where it is missing, so is the sum.
    const reads = new Set([...columnsOf(left), ...columnsOf(right)])
    if (coefficients.size === 1 && reads.size === 1 && only?.computed === false)
      return bound(only, side, rounded(-constant))
    const key = `Σ${JSON.stringify([[...coefficients], [...reads].toSorted()])}`
    const leaf: Leaf = {
      key,
      kind: 'double',
      reads,
      computed: true,
      strict: [...parts.values()].every((part) => part.strict),
      fails: true,
      form: { coefficients, constant: 0 },
    }
    return bound(leaf, side, rounded(-constant))
  }
  return { formula: read(expr), leaves }
}

/** Numbers that arithmetic in another order would give a hair apart are one bound. */
const rounded = (value: number): number => (value === 0 ? 0 : Number(value.toPrecision(13)))

const isNumber = ({ type }: Expr): boolean => type.kind === 'int' || type.kind === 'double'

/** Not arithmetic that a linear form would look into. */
const isPlain = (expr: Expr): boolean => expr.node !== 'call' || !/^(neg|add|sub|mul|div)_(int|double)$/.test(expr.fn)

/** The value of a literal, or of one with a minus before it. */
function valueOf(expr: Expr): Scalar | undefined {
  if (expr.node === 'literal') return scalarOf(expr)
  if (expr.node === 'call' && (expr.fn === 'neg_int' || expr.fn === 'neg_double') && expr.args[0] !== undefined) {
    const inner = valueOf(expr.args[0])
    return typeof inner === 'bigint' || typeof inner === 'number' ? -inner : undefined
  }
  return undefined
}

function scalarOf(literal: Literal): Scalar | undefined {
  const value = literalValue(literal)
  if (value === null) return undefined
  if (typeof value !== 'object') return value
  if ('timestamp' in value) return (value as { timestamp: bigint }).timestamp
  return 'duration' in value ? (value as { duration: bigint }).duration : undefined
}
