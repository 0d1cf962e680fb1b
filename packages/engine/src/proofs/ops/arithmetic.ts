import {
  type AbstractValue,
  type Cell,
  type RowsValue,
  combine,
  flip,
  flipped,
  lose,
  rows,
  safeMagnitude,
} from '../abstract.ts'
import type { ElementType } from '../../models/signature.ts'
import { type Rule, type RuleContext, type RuleTable, lossAt, stop } from '../rule.ts'
import { type Operand, align } from './broadcast.ts'

/** Arithmetic, cell by cell. Every operation is correctly rounded (IEEE 754), and rounding keeps order. */
export const ARITHMETIC_RULES: RuleTable = {
  Add: binary((a, b, c) => ({
    ...combine(a.cell, b.cell, c.node.label),
    magnitude: a.cell.magnitude + b.cell.magnitude,
  })),
  Sub: binary((a, b, c) => ({
    ...combine(a.cell, flipped(b.cell), c.node.label),
    magnitude: a.cell.magnitude + b.cell.magnitude,
  })),
  Mul: binary((a, b, c) => {
    if (b.value !== undefined) return scaled(a.cell, b.value, c)
    if (a.value !== undefined) return scaled(b.cell, a.value, c)
    return both(a, b, c, 'it multiplies two values that both vary')
  }),
  Div: binary((a, b, c) => {
    if (b.value === undefined) return withNan(both(a, b, c, 'it divides by a value that varies'), c)
    if (b.value === 0 || !Number.isFinite(b.value))
      return withNan(lose(a.cell, lossAt(c, 'its divisor is zero or not finite')), c)
    const direction = b.value > 0 ? a.cell.direction : flip(a.cell.direction)
    return { ...a.cell, direction, magnitude: a.cell.magnitude / Math.abs(b.value), single: false, source: undefined }
  }),
  Sum: (inputs, context) => fold(inputs, context, (a, b) => a.magnitude + b.magnitude),
  Min: (inputs, context) => fold(inputs, context, (a, b) => Math.max(a.magnitude, b.magnitude)),
  Max: (inputs, context) => fold(inputs, context, (a, b) => Math.max(a.magnitude, b.magnitude)),
  Greater: comparison(1),
  GreaterOrEqual: comparison(1),
  Less: comparison(-1),
  LessOrEqual: comparison(-1),
  Equal: comparison(0),
  And: (inputs, context) => fold(inputs, context, () => 1),
  Or: (inputs, context) => fold(inputs, context, () => 1),
  Where: (inputs, context) => {
    const [condition, ...branches] = inputs
    const aligned = align(branches)
    const chosen = condition?.kind === 'rows' ? align([condition, { ...condition }]) : undefined
    if (typeof aligned === 'string' || typeof chosen !== 'object') return stop(context, 'its inputs are not read')
    if (chosen.shape.join() !== aligned.shape.join()) return stop(context, 'its condition differs in shape')
    const cells = aligned.operands.map(([a, b], i) => {
      const when = chosen.operands[i]?.[0]?.cell
      if (a === undefined || b === undefined || when === undefined) return undefined
      const magnitude = Math.max(a.cell.magnitude, b.cell.magnitude)
      const cell = { ...combine(a.cell, b.cell, context.node.label), magnitude }
      if (when.direction === 'constant') return cell
      return {
        ...cell,
        direction: 'unknown' as const,
        loss: when.loss ?? lossAt(context, 'its condition depends on the column'),
      }
    })
    return finish(aligned.type, aligned.shape, cells, context)
  },
}

/** Functions of one value, cell by cell. They add nothing up, so floats cannot overflow into NaN; integers may wrap. */
export function unary(change: (cell: Cell, type: ElementType, context: RuleContext) => Cell): Rule {
  return ([x], context) => {
    if (x?.kind !== 'rows') return stop(context, 'its input is not read')
    const cells = x.cells.map((cell) => {
      const changed = change(cell, x.type, context)
      if (x.type !== 'float' && x.type !== 'double') return settle(x.type, changed, context)
      return { ...changed, single: changed.single || x.type === 'float' }
    })
    return rows(x.type, x.shape, cells)
  }
}

function binary(change: (a: Operand, b: Operand, context: RuleContext) => Cell): Rule {
  return (inputs, context) => {
    const aligned = align(inputs)
    if (typeof aligned === 'string') return stop(context, aligned)
    const cells = aligned.operands.map(([a, b]) =>
      a === undefined || b === undefined ? undefined : change(a, b, context),
    )
    return finish(aligned.type, aligned.shape, cells, context)
  }
}

function fold(
  inputs: readonly (AbstractValue | undefined)[],
  context: RuleContext,
  magnitude: (a: Cell, b: Cell) => number,
): AbstractValue {
  const aligned = align(inputs)
  if (typeof aligned === 'string') return stop(context, aligned)
  const cells = aligned.operands.map((operands) => {
    const [first, ...rest] = operands.map((operand) => operand.cell)
    return rest.reduce<Cell | undefined>((sum, cell) => {
      return sum && { ...combine(sum, cell, context.node.label), magnitude: magnitude(sum, cell) }
    }, first)
  })
  return finish(aligned.type, aligned.shape, cells, context)
}

/** `sense` 1: grows with the left argument; -1: with the right; 0: neither. */
function comparison(sense: 1 | -1 | 0): Rule {
  return (inputs, context) => {
    const aligned = align(inputs)
    if (typeof aligned === 'string') return stop(context, aligned)
    const cells = aligned.operands.map(([a, b]) => {
      if (a === undefined || b === undefined) return undefined
      const left = sense === -1 ? flipped(a.cell) : a.cell
      const right = sense === -1 ? b.cell : flipped(b.cell)
      const cell = { ...combine(left, right, context.node.label), magnitude: 1, nan: undefined }
      const nan = a.cell.nan ?? b.cell.nan
      if (sense === 0) return lose(cell, lossAt(context, 'equality does not keep order'))
      // A comparison with NaN is false on both sides of the order.
      return nan === undefined ? cell : lose(cell, nan)
    })
    return finish('bool', aligned.shape, cells, context)
  }
}

function scaled(cell: Cell, factor: number, context: RuleContext): Cell {
  const magnitude = cell.magnitude * Math.abs(factor)
  if (!Number.isFinite(factor))
    return withNan(lose(cell, lossAt(context, 'it multiplies by what is not finite')), context)
  if (factor === 0) {
    if (!Number.isFinite(cell.magnitude))
      return withNan(lose(cell, lossAt(context, 'zero times infinity is NaN')), context)
    context.uses('zero-weight')
    return { ...cell, direction: 'constant', magnitude: 0, single: false, source: undefined, loss: undefined }
  }
  const direction = factor > 0 ? cell.direction : flip(cell.direction)
  return { ...cell, direction, magnitude, single: false, source: undefined }
}

function both(a: Operand, b: Operand, context: RuleContext, reason: string): Cell {
  const cell = { ...combine(a.cell, b.cell, context.node.label), magnitude: a.cell.magnitude * b.cell.magnitude }
  return lose(cell, lossAt(context, reason))
}

function withNan(cell: Cell, context: RuleContext): Cell {
  return { ...cell, nan: cell.nan ?? lossAt(context, 'its result may be NaN'), magnitude: Infinity }
}

/** Sets what the result type implies: overflow of floats may end in NaN, overflow of integers wraps around. */
export function finish(
  type: ElementType,
  shape: readonly number[],
  cells: readonly (Cell | undefined)[],
  context: RuleContext,
): RowsValue | AbstractValue {
  const done: Cell[] = []
  for (const cell of cells) {
    if (cell === undefined) return stop(context, 'its inputs are not read')
    done.push(settle(type, cell, context))
  }
  return rows(type, shape, done)
}

/** One cell of a result of `type`: see {@link finish}. */
export function settle(type: ElementType, cell: Cell, context: RuleContext): Cell {
  const single = type === 'float' || type === 'bool' || (type !== 'double' && cell.magnitude <= 2 ** 24)
  if (type === 'float' || type === 'double') {
    if (cell.magnitude <= safeMagnitude(type)) return { ...cell, single: single || cell.single }
    const reason = 'its result may overflow (and end in NaN): the columns it reads need a range'
    return { ...cell, single, magnitude: Infinity, nan: cell.nan ?? lossAt(context, reason) }
  }
  const limit = type === 'int64' ? 2 ** 63 : type === 'int32' ? 2 ** 31 : Infinity
  if (cell.magnitude < limit) return { ...cell, single }
  return lose(cell, lossAt(context, 'its result may overflow and wrap around'), { magnitude: limit, single: false })
}
