import { type AbstractValue, type Cell, type RowsValue, constantCell, flip, join, opaque, rows } from '../abstract.ts'
import {
  type RuleContext,
  type RuleTable,
  asConstant,
  asRows,
  floatAttribute,
  intAttribute,
  lossAt,
  numbersOf,
  stringAttribute,
  stop,
} from '../rule.ts'
import type { ElementType } from '../../models/signature.ts'
import { finish, settle } from './arithmetic.ts'

type Inputs = readonly (AbstractValue | undefined)[]

/** What the proofs of sums rest on. */
export const SUM_ORDER_NOTE =
  'sums are taken in one order for all rows of a call: both inputs are evaluated in calls of the same size, at the same place or in a runtime whose results do not depend on it'

/** Matrix products with constant weights: the sign of each weight is the direction; rounding keeps order. */
export const LINEAR_RULES: RuleTable = {
  MatMul: ([x, w], context) => {
    const value = asRows(x)
    const weights = asConstant(w)
    const [k, m] = weights?.dims ?? []
    if (value?.shape.length !== 1 || weights?.dims.length !== 2 || k === undefined || m === undefined) {
      return stop(context, 'it multiplies by what is not a constant matrix')
    }
    if (value.type !== weights.type) return stop(context, 'its inputs differ in type')
    return linear(
      value,
      k,
      m,
      (i, j) => weights.values[i * m + j] ?? Number.NaN,
      () => 0,
      value.type,
      context,
    )
  },
  Gemm: ([a, b, c], context) => {
    const value = asRows(a)
    const weights = asConstant(b)
    const alpha = floatAttribute(context.node, 'alpha', 1)
    const beta = floatAttribute(context.node, 'beta', 1)
    const transposed = intAttribute(context.node, 'transB', 0) === 1
    if (value?.shape.length !== 1 || weights?.dims.length !== 2 || intAttribute(context.node, 'transA', 0) !== 0) {
      return stop(context, 'it multiplies by what is not a constant matrix')
    }
    if (alpha === undefined || beta === undefined || value.type !== weights.type) return stop(context, 'it is not read')
    const [d0 = 0, d1 = 0] = weights.dims
    const [k, m] = transposed ? [d1, d0] : [d0, d1]
    const bias = c === undefined ? () => 0 : biasOf(c, m)
    if (bias === undefined) return stop(context, 'its third input is not a constant row')
    const weight = (i: number, j: number) => alpha * (weights.values[transposed ? j * k + i : i * m + j] ?? Number.NaN)
    return linear(value, k, m, weight, (j) => beta * bias(j), value.type, context)
  },
}

/** Linear models and the scaler of ai.onnx.ml. */
export const LINEAR_ML_RULES: RuleTable = {
  Scaler: scaler,
  Imputer: imputer,
  LinearRegressor: ([x], context) => {
    const value = asRows(x)
    const targets = intAttribute(context.node, 'targets', 1) ?? 0
    const coefficients = numbersOf(context.node.attributes.get('coefficients')) ?? []
    const intercepts = numbersOf(context.node.attributes.get('intercepts'))
    if (stringAttribute(context.node, 'post_transform', 'NONE') !== 'NONE')
      return stop(context, 'it has a post_transform')
    if (value?.shape.length !== 1 || coefficients.length !== targets * value.cells.length || targets < 1) {
      return stop(context, 'its coefficients do not fit its input')
    }
    if (intercepts !== undefined && intercepts.length !== targets) return stop(context, 'its intercepts do not fit')
    const k = value.cells.length
    const weight = (i: number, j: number) => coefficients[j * k + i] ?? Number.NaN
    return linear(value, k, targets, weight, (j) => intercepts?.[j] ?? 0, 'float', context)
  },
  LinearClassifier: linearClassifier,
}

function biasOf(value: AbstractValue, width: number): ((j: number) => number) | undefined {
  const constant = asConstant(value)
  const dims = constant?.dims ?? [0, 0]
  const row = dims.length <= 1 || (dims.length === 2 && dims[0] === 1)
  const size = constant?.values.length
  if (constant === undefined || !row || (size !== 1 && size !== width)) return undefined
  return (j) => constant.values[size === 1 ? 0 : j] ?? Number.NaN
}

/** Σ weight(i, j) · x_i + bias(j), for every j, computed in `type`. */
function linear(
  value: RowsValue,
  k: number,
  m: number,
  weight: (i: number, j: number) => number,
  bias: (j: number) => number,
  type: ElementType,
  context: RuleContext,
): AbstractValue {
  if (k !== value.cells.length) return stop(context, 'its weights do not fit its input')
  if (type !== 'float' && type !== 'double') return stop(context, 'it multiplies integers')
  const cells: Cell[] = []
  for (let j = 0; j < m; j++) {
    let sum = constantCell({ magnitude: Math.abs(bias(j)), single: type === 'float' })
    for (const [i, cell] of value.cells.entries()) sum = addTerm(sum, cell, weight(i, j), context)
    if (sum.direction !== 'constant') context.note(SUM_ORDER_NOTE)
    cells.push(settle(type, Number.isNaN(sum.magnitude) ? { ...sum, magnitude: Infinity } : sum, context))
  }
  return rows(type, [m], cells)
}

function addTerm(sum: Cell, cell: Cell, weight: number, context: RuleContext): Cell {
  const magnitude = sum.magnitude + Math.abs(weight) * cell.magnitude
  const nan = sum.nan ?? cell.nan
  if (weight === 0) {
    if (cell.direction !== 'constant') context.uses('zero-weight')
    // 0 · Inf is NaN: only finite inputs vanish. The magnitude is then NaN, and no bound.
    return { ...sum, magnitude, nan }
  }
  const moved = weight > 0 ? cell.direction : flip(cell.direction)
  const direction = join(sum.direction, moved)
  if (moved !== 'constant') context.uses('linear')
  const mixed = lossAt(context, 'its weights pull the column in both directions')
  const loss = direction === 'unknown' ? (sum.loss ?? cell.loss ?? mixed) : undefined
  return { ...sum, direction, magnitude, nan, loss }
}

function linearClassifier([x]: Inputs, context: RuleContext): AbstractValue | readonly AbstractValue[] {
  const label = opaque(context.node.label, 'its labels are not followed: name the scores')
  const refuse = (reason: string) => [label, stop(context, reason)]
  const value = asRows(x)
  const coefficients = numbersOf(context.node.attributes.get('coefficients')) ?? []
  const intercepts = numbersOf(context.node.attributes.get('intercepts')) ?? []
  const labels = context.node.attributes.get('classlabels_ints') ?? context.node.attributes.get('classlabels_strings')
  const classes = Array.isArray(labels?.value) ? labels.value.length : 0
  const m = intercepts.length
  const post = stringAttribute(context.node, 'post_transform', 'NONE')
  if (value?.shape.length !== 1 || m === 0 || coefficients.length !== m * value.cells.length) {
    return refuse('its coefficients do not fit its input')
  }
  const k = value.cells.length
  const scores = linear(
    value,
    k,
    m,
    (i, j) => coefficients[j * k + i] ?? Number.NaN,
    (j) => intercepts[j] ?? 0,
    'float',
    context,
  )
  if (scores.kind !== 'rows') return [label, scores]
  const depends = scores.cells.some((cell) => cell.direction !== 'constant')
  if (post !== 'NONE' && (depends || m === 1)) {
    return refuse(
      `its post_transform ${post} is computed in float32 by an approximation that is not known to keep order`,
    )
  }
  if (post !== 'NONE')
    return [
      label,
      rows(
        'float',
        [m],
        scores.cells.map((cell) => ({ ...cell, magnitude: 1 })),
      ),
    ]
  const score = scores.cells[0]
  if (m > 1) return [label, scores]
  if (classes !== 2 || score === undefined) return refuse('it has one score but not two classes')
  const complement = { ...score, direction: flip(score.direction), magnitude: score.magnitude + 1 }
  return [label, finish('float', [2], [complement, score], context)]
}

function scaler([x]: Inputs, context: RuleContext): AbstractValue {
  const value = asRows(x)
  const offsets = numbersOf(context.node.attributes.get('offset'))
  const scales = numbersOf(context.node.attributes.get('scale'))
  const fits = (list: readonly number[] | undefined): list is readonly number[] =>
    list !== undefined && (list.length === 1 || list.length === value?.cells.length)
  if (value?.shape.length !== 1 || !fits(offsets) || !fits(scales))
    return stop(context, 'its scales do not fit its input')
  const cells = value.cells.map((cell, i) => {
    const scale = scales[scales.length === 1 ? 0 : i] ?? Number.NaN
    const offset = offsets[offsets.length === 1 ? 0 : i] ?? Number.NaN
    const sum = addTerm(
      constantCell({ magnitude: 0 }),
      { ...cell, magnitude: cell.magnitude + Math.abs(offset) },
      scale,
      context,
    )
    return Number.isNaN(sum.magnitude) ? { ...sum, magnitude: Infinity } : sum
  })
  return finish('float', [cells.length], cells, context)
}

function imputer([x]: Inputs, context: RuleContext): AbstractValue {
  const value = asRows(x)
  const imputed = numbersOf(context.node.attributes.get('imputed_value_floats'))
  const replaced = floatAttribute(context.node, 'replaced_value_float', 0)
  const fits = imputed?.length === 1 || imputed?.length === value?.cells.length
  if (value?.type !== 'float' || imputed === undefined || !fits || replaced === undefined || !Number.isNaN(replaced)) {
    return stop(context, 'it replaces other values than NaN')
  }
  const cells = value.cells.map((cell, i): Cell => {
    const filler = Math.abs(imputed[imputed.length === 1 ? 0 : i] ?? Number.NaN)
    if (Number.isNaN(filler)) return cell
    const magnitude = Math.max(cell.magnitude, filler)
    if (cell.nan !== undefined && cell.direction !== 'constant') {
      return {
        ...cell,
        magnitude,
        nan: undefined,
        direction: 'unknown',
        loss: cell.loss ?? cell.nan,
        source: undefined,
      }
    }
    return { ...cell, magnitude, nan: undefined }
  })
  return rows('float', value.shape, cells)
}
