import { type AbstractValue, type Cell, type RowsValue, flipped, lose } from '../abstract.ts'
import { elementTypeOf } from '../graph.ts'
import type { ElementType } from '../../models/signature.ts'
import {
  type RuleContext,
  type RuleTable,
  asConstant,
  asRows,
  floatAttribute,
  intAttribute,
  lossAt,
  mapCells,
  stop,
} from '../rule.ts'
import { unary } from './arithmetic.ts'

/** The reason why a float32 Sigmoid ends a monotonicity proof. */
const FLOAT32_SIGMOID = "onnxruntime's float32 Sigmoid is not monotone: cast to double before it"

const LARGEST_FLOAT32 = 3.4028234663852886e38

/** What the proof of a double Sigmoid rests on. */
const DOUBLE_SIGMOID_NOTE =
  'double Sigmoid is computed as 1/(1+exp(-|x|)) or 1 minus that; its argument holds float32 values, between which exp ' +
  'of less than 2 ulp error cannot turn order above |x| = 2^-26; below it, exp is assumed not to fall (true of every ' +
  'float32 argument on x86-64 with glibc 2.36, scalar and vector code, onnxruntime 1.30)'

/** Functions of one value. What approximates (Tanh, Exp …) keeps only "the same in, the same out". */
export const ELEMENTWISE_RULES: RuleTable = {
  Cast: cast,
  Neg: unary((cell) => flipped(cell)),
  Relu: unary((cell) => ({ ...cell, source: undefined })),
  Floor: unary((cell) => ({ ...cell, magnitude: cell.magnitude + 1, source: undefined })),
  Ceil: unary((cell) => ({ ...cell, magnitude: cell.magnitude + 1, source: undefined })),
  Round: unary((cell) => ({ ...cell, magnitude: cell.magnitude + 1, source: undefined })),
  Not: unary((cell) => flipped(cell)),
  LeakyRelu: unary((cell, _, context) => {
    const alpha = floatAttribute(context.node, 'alpha', 0.01)
    const keeps = alpha !== undefined && alpha >= 0 && alpha <= 1
    const changed = { ...cell, single: false, source: undefined }
    return keeps ? changed : lose(changed, lossAt(context, 'its slope is not between 0 and 1'), { magnitude: Infinity })
  }),
  Clip: clip,
  Sigmoid: unary((cell, type, context) => {
    const bounded = { ...cell, magnitude: 1, source: undefined }
    if (cell.direction === 'constant') return { ...bounded, single: false }
    if (type !== 'double') return lose(bounded, lossAt(context, FLOAT32_SIGMOID))
    if (!cell.single)
      return lose(bounded, lossAt(context, 'its argument is no float32 value: order is not certain to the last bit'))
    context.note(DOUBLE_SIGMOID_NOTE)
    return { ...bounded, single: false }
  }),
  Tanh: inexact(1),
  Erf: inexact(1),
  Abs: unary((cell, _, context) => lose(cell, lossAt(context, 'it does not keep order'))),
  Softmax: ([x], context) => {
    const value = asRows(x)
    const axis = intAttribute(context.node, 'axis', context.opset >= 13 ? -1 : 1)
    if (value?.shape.length !== 1 || (axis !== 1 && axis !== -1)) return stop(context, 'it mixes rows')
    return rowWise(value, context, 'each of its results depends on the whole row')
  },
}

/** Functions of ai.onnx.ml of one value or one whole row. */
export const ELEMENTWISE_ML_RULES: RuleTable = {
  Binarizer: unary((cell, _, context) => {
    const bounded = { ...cell, magnitude: 1, nan: undefined, source: undefined }
    return cell.nan === undefined ? bounded : lose(bounded, lossAt(context, 'its input may be NaN'))
  }),
  Normalizer: ([x], context) => {
    const value = asRows(x)
    if (value?.shape.length !== 1) return stop(context, 'it mixes rows')
    return rowWise({ ...value, type: 'float' }, context, 'each of its results depends on the whole row')
  },
}

/** Results that depend on every cell of the row: constant only where all of them are. */
function rowWise(value: RowsValue, context: RuleContext, reason: string): AbstractValue {
  const touched = value.cells.find((cell) => cell.direction !== 'constant')
  const unsafe = value.cells.find((cell) => cell.nan !== undefined || !Number.isFinite(cell.magnitude))
  const nan = unsafe === undefined ? undefined : (unsafe.nan ?? lossAt(context, 'its input has no bound'))
  return mapCells(value, (cell) => {
    const known: Cell = { ...cell, magnitude: 1, nan, source: undefined }
    return touched === undefined
      ? known
      : { ...known, direction: 'unknown', loss: touched.loss ?? lossAt(context, reason) }
  })
}

function inexact(magnitude: number) {
  return unary((cell, _, context) => {
    return lose(cell, lossAt(context, 'its approximation is not known to keep order'), { magnitude })
  })
}

function clip(inputs: readonly (AbstractValue | undefined)[], context: RuleContext): AbstractValue {
  const bound = (at: number, name: string): number | undefined | 'unread' => {
    const input = inputs[at]
    if (input === undefined) return context.opset >= 11 ? undefined : floatAttribute(context.node, name, Number.NaN)
    const values = asConstant(input)?.values
    return values?.length === 1 && !Number.isNaN(values[0]) ? values[0] : 'unread'
  }
  const low = bound(1, 'min')
  const high = bound(2, 'max')
  const value = asRows(inputs[0])
  if (value === undefined || low === 'unread' || high === 'unread') return stop(context, 'its bounds are not constant')
  const inside = [low, high].every((limit) => limit !== undefined && Number.isFinite(limit))
  const limit = inside ? Math.max(Math.abs(low ?? 0), Math.abs(high ?? 0)) : Infinity
  if (inside && (low ?? 0) > (high ?? 0)) return stop(context, 'its bounds are crossed')
  const exact = [low, high].every((b) => b === undefined || Number.isNaN(b) || Math.fround(b) === b)
  return mapCells(value, (cell) => ({
    ...cell,
    single: cell.single && exact,
    magnitude: inside ? limit : Math.max(cell.magnitude, Math.abs(low || 0), Math.abs(high || 0)),
    source: undefined,
  }))
}

function cast([x]: readonly (AbstractValue | undefined)[], context: RuleContext): AbstractValue {
  const value = asRows(x)
  const to = elementTypeOf(intAttribute(context.node, 'to', 0) ?? 0)
  if (value === undefined || to === undefined) return stop(context, 'it casts to a type the prover does not know')
  if (value.type === to) return value
  return mapCells(value, (cell) => castCell(cell, value.type, to, context), to)
}

function castCell(cell: Cell, from: ElementType, to: ElementType, context: RuleContext): Cell {
  if (from === 'string' || to === 'string') {
    return lose(cell, lossAt(context, 'a cast from or to text does not keep order'), {
      magnitude: Infinity,
      single: false,
    })
  }
  if (to === 'bool')
    return lose(cell, lossAt(context, 'a cast to boolean does not keep order'), {
      magnitude: 1,
      nan: undefined,
      single: true,
    })
  // Rounding keeps order; what exceeds float32 becomes infinite, on the right side.
  if (to === 'float') {
    const exceeds = cell.magnitude > LARGEST_FLOAT32
    return { ...cell, magnitude: exceeds ? Infinity : cell.magnitude, single: true }
  }
  if (to === 'double') return cell
  const limit = to === 'int64' ? 2 ** 63 : 2 ** 31
  if (cell.nan !== undefined || cell.magnitude >= limit) {
    const reason = `a value may not fit ${to}: the columns it reads need a range and no missing cells`
    return lose(cell, lossAt(context, reason), { magnitude: limit, nan: undefined, single: false })
  }
  const truncates = from === 'float' || from === 'double'
  return { ...cell, single: cell.magnitude <= 2 ** 24, source: truncates ? undefined : cell.source }
}
