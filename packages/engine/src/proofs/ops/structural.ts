import type { ElementType } from '../../models/signature.ts'
import { type AbstractValue, type Cell, constantCell, rows } from '../abstract.ts'
import {
  type RuleContext,
  type RuleTable,
  asConstant,
  asRows,
  intAttribute,
  mapCells,
  numbersOf,
  stop,
} from '../rule.ts'

type Inputs = readonly (AbstractValue | undefined)[]

/** Operators that only move values: columns are followed one by one. The batch (axis 0) must stay as it is. */
export const STRUCTURAL_RULES: RuleTable = {
  Identity: ([x], context) => x ?? stop(context, 'it has no input'),
  Concat: concat,
  Reshape: reshape,
  Flatten: ([x], context) => {
    const value = asRows(x)
    if (value === undefined || intAttribute(context.node, 'axis', 1) !== 1) return stop(context, 'it mixes rows')
    return rows(value.type, [value.cells.length], value.cells)
  },
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Gather: gather,
  Slice: slice,
  Split: split,
}

/** Operators of ai.onnx.ml that only move values. */
export const STRUCTURAL_ML_RULES: RuleTable = {
  ArrayFeatureExtractor: ([x, picked], context) => {
    const value = asRows(x)
    const indices = asConstant(picked)?.values
    if (value === undefined || indices === undefined || value.shape.length !== 1) {
      return stop(context, 'it picks columns by values that are not constant')
    }
    return pick(value.type, value.cells, indices, [indices.length], context)
  },
  FeatureVectorizer: (inputs, context) => {
    const widths = numbersOf(context.node.attributes.get('inputdimensions'))
    const cells: Cell[] = []
    for (const [i, input] of inputs.entries()) {
      const value = asRows(input)
      if (value === undefined || value.shape.length !== 1 || widths?.[i] !== value.cells.length) {
        return stop(context, 'its inputs are not the columns it declares')
      }
      cells.push(...value.cells.map((cell) => ({ ...cell, single: true })))
    }
    return rows('float', [cells.length], cells)
  },
  ZipMap: (_, context) => stop(context, 'its output is a map, not a tensor'),
}

/** The axis within a row (0 = the first after the batch), or undefined if it is the batch or out of range. */
function rowAxis(axis: number | undefined, shape: readonly number[]): number | undefined {
  if (axis === undefined || !Number.isInteger(axis)) return undefined
  const normal = axis < 0 ? axis + shape.length + 1 : axis
  return normal >= 1 && normal <= shape.length ? normal - 1 : undefined
}

function concat(inputs: Inputs, context: RuleContext): AbstractValue {
  const parts = inputs.map(asRows)
  const first = parts[0]
  if (first === undefined || parts.length === 0) return stop(context, 'it joins what is not rows of columns')
  const axis = rowAxis(intAttribute(context.node, 'axis', Number.NaN), first.shape)
  if (axis === undefined) return stop(context, 'it joins rows, not columns')
  const outer = product(first.shape.slice(0, axis))
  const cells: Cell[] = []
  let width = 0
  for (const part of parts) {
    const same = part?.shape.length === first.shape.length && part.type === first.type
    if (part === undefined || !same || part.shape.some((d, i) => i !== axis && d !== first.shape[i])) {
      return stop(context, 'its inputs differ in type or shape')
    }
    width += part.shape[axis] ?? 0
  }
  for (let o = 0; o < outer; o++) {
    for (const part of parts) {
      const block = (part?.cells.length ?? 0) / outer
      cells.push(...(part?.cells.slice(o * block, (o + 1) * block) ?? []))
    }
  }
  return rows(first.type, first.shape.with(axis, width), cells)
}

function reshape([x, to]: Inputs, context: RuleContext): AbstractValue {
  const value = asRows(x)
  const target = asConstant(to)?.values
  if (value === undefined || target === undefined) return stop(context, 'its shape is not constant')
  if (intAttribute(context.node, 'allowzero', 0) !== 0) return stop(context, 'it uses allowzero')
  const [batch, ...rest] = target
  if (batch === undefined || (batch !== -1 && batch !== 0)) return stop(context, 'it does not keep the batch as it is')
  const shape = rest.map((d, i) => (d === 0 ? (value.shape[i] ?? -1) : d))
  const open = shape.indexOf(-1)
  if (open >= 0) {
    if (batch === -1 || shape.lastIndexOf(-1) !== open) return stop(context, 'its shape is not determined')
    const known = -product(shape)
    if (known === 0 || value.cells.length % known !== 0) return stop(context, 'its shape does not fit')
    shape[open] = value.cells.length / known
  }
  if (product(shape) !== value.cells.length) return stop(context, 'it mixes rows')
  return rows(value.type, shape, value.cells)
}

function axesOf(inputs: Inputs, context: RuleContext): readonly number[] | undefined {
  return asConstant(inputs[1])?.values ?? numbersOf(context.node.attributes.get('axes'))
}

function squeeze(inputs: Inputs, context: RuleContext): AbstractValue {
  const value = asRows(inputs[0])
  const axes = axesOf(inputs, context)
  if (value === undefined || axes === undefined) return stop(context, 'its axes are not constant')
  const dropped = axes.map((axis) => rowAxis(axis, value.shape))
  if (dropped.some((axis) => axis === undefined || value.shape[axis] !== 1)) return stop(context, 'it drops the batch')
  return rows(
    value.type,
    value.shape.filter((_, i) => !dropped.includes(i)),
    value.cells,
  )
}

function unsqueeze(inputs: Inputs, context: RuleContext): AbstractValue {
  const value = asRows(inputs[0])
  const axes = axesOf(inputs, context)
  if (value === undefined || axes?.length !== 1) return stop(context, 'its axes are not one constant')
  const axis = axes[0] ?? 0
  const normal = axis < 0 ? axis + value.shape.length + 2 : axis
  if (normal < 1 || normal > value.shape.length + 1) return stop(context, 'it moves the batch')
  return rows(value.type, value.shape.toSpliced(normal - 1, 0, 1), value.cells)
}

function gather([x, picked]: Inputs, context: RuleContext): AbstractValue {
  const value = asRows(x)
  const constant = asConstant(picked)
  if (value === undefined || constant === undefined || value.shape.length !== 1) {
    return stop(context, 'it picks columns by values that are not constant')
  }
  if (rowAxis(intAttribute(context.node, 'axis', 0), value.shape) !== 0)
    return stop(context, 'it picks rows, not columns')
  const width = value.cells.length
  const indices = constant.values.map((index) => (index < 0 ? index + width : index))
  return pick(value.type, value.cells, indices, constant.dims, context)
}

function slice(inputs: Inputs, context: RuleContext): AbstractValue {
  const value = asRows(inputs[0])
  const attribute = (name: string) => numbersOf(context.node.attributes.get(name))
  const starts = asConstant(inputs[1])?.values ?? attribute('starts')
  const ends = asConstant(inputs[2])?.values ?? attribute('ends')
  const axes = inputs[3] === undefined ? attribute('axes') : asConstant(inputs[3])?.values
  const steps = inputs[4] === undefined ? [1] : asConstant(inputs[4])?.values
  if (value?.shape.length !== 1 || starts?.length !== 1 || ends?.length !== 1 || axes?.length !== 1) {
    return stop(context, 'it is not a constant slice of one axis of a matrix')
  }
  if (steps?.length !== 1 || steps[0] !== 1 || rowAxis(axes[0], value.shape) !== 0) {
    return stop(context, 'it slices rows, or with a step')
  }
  const width = value.cells.length
  const clamp = (at: number): number => Math.min(width, Math.max(0, at < 0 ? at + width : at))
  const cells = value.cells.slice(clamp(starts[0] ?? 0), clamp(ends[0] ?? 0))
  return rows(value.type, [cells.length], cells)
}

function split(inputs: Inputs, context: RuleContext): readonly AbstractValue[] | AbstractValue {
  const value = asRows(inputs[0])
  const count = context.node.outputs.length
  const stated = asConstant(inputs[1])?.values ?? numbersOf(context.node.attributes.get('split'))
  if (value?.shape.length !== 1 || rowAxis(intAttribute(context.node, 'axis', 0), value.shape) !== 0) {
    return stop(context, 'it splits rows, not columns')
  }
  const width = value.cells.length
  const sizes = stated ?? (width % count === 0 ? Array.from({ length: count }, () => width / count) : [])
  if (sizes.length !== count || sizes.reduce((a, b) => a + b, 0) !== width) return stop(context, 'its parts do not fit')
  let at = 0
  return sizes.map((size) => {
    const cells = value.cells.slice(at, at + size)
    at += size
    return rows(value.type, [size], cells)
  })
}

function pick(
  type: ElementType,
  cells: readonly Cell[],
  indices: readonly number[],
  shape: readonly number[],
  context: RuleContext,
): AbstractValue {
  const picked: Cell[] = []
  for (const index of indices) {
    const cell = cells[index]
    if (cell === undefined) return stop(context, `it picks the column ${index} of ${cells.length}`)
    picked.push(cell)
  }
  return rows(type, shape, picked)
}

function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1)
}

/** One-hot and label encoders: a function of one value, of which only "the same in, the same out" is used. */
export const ENCODER_RULES: RuleTable = {
  OneHotEncoder: ([x], context) => {
    const value = asRows(x)
    const numbers = numbersOf(context.node.attributes.get('cats_int64s'))
    const strings = context.node.attributes.get('cats_strings')
    const count = numbers?.length ?? (strings?.kind === 'strings' ? strings.value.length : 0)
    if (value === undefined || count === 0) return stop(context, 'its categories are not readable')
    const cells = value.cells.flatMap((cell) => Array.from({ length: count }, () => encoded(cell, context, 1)))
    return rows('float', [...value.shape, count], cells)
  },
  LabelEncoder: ([x], context) => {
    const value = asRows(x)
    const { attributes } = context.node
    const floats = numbersOf(attributes.get('values_floats'))
    const ints = numbersOf(attributes.get('values_int64s'))
    const values = floats ?? ints
    if (value === undefined || values === undefined) return stop(context, 'its values are not numbers')
    const fallback = attributes.get(floats === undefined ? 'default_int64' : 'default_float')
    const numbers = [...values, typeof fallback?.value === 'number' ? fallback.value : Number(fallback?.value ?? 1)]
    if (numbers.some((number) => Number.isNaN(number))) return stop(context, 'it maps to NaN')
    const magnitude = Math.max(...numbers.map(Math.abs))
    return mapCells(value, (cell) => encoded(cell, context, magnitude), floats === undefined ? 'int64' : 'float')
  },
}

function encoded(cell: Cell, context: RuleContext, magnitude: number): Cell {
  const known = { magnitude, single: magnitude <= 1 }
  if (cell.direction === 'constant') return constantCell(known)
  const loss = cell.loss ?? { node: context.node.label, reason: 'an encoder does not keep the order of values' }
  return { ...constantCell(known), direction: 'unknown', loss }
}
