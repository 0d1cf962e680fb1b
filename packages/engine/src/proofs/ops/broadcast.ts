import { type AbstractValue, type Cell, type RowsValue, cellOfNumber } from '../abstract.ts'
import type { ElementType } from '../../models/signature.ts'

/** One operand of one output cell; `value` is set where it is a constant number. */
export interface Operand {
  readonly cell: Cell
  readonly value: number | undefined
}

/** Operands lined up cell by cell, by NumPy's broadcasting rules within a row. */
export interface Aligned {
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly operands: readonly (readonly Operand[])[]
}

/**
 * Lines operands up. Refuses (undefined) what would let one row meet another: values of rows of different rank, and
 * constants that vary along the batch.
 */
export function align(inputs: readonly (AbstractValue | undefined)[]): Aligned | string {
  const main = inputs.find((input): input is RowsValue => input?.kind === 'rows')
  if (main === undefined) return 'it has no input of rows'
  const rank = main.shape.length
  const types = new Set<ElementType>()
  const views: { readonly shape: readonly number[]; readonly at: (index: number) => Operand }[] = []
  for (const input of inputs) {
    if (input === undefined || input.kind === 'opaque') return 'an input is not known'
    types.add(input.type)
    if (input.kind === 'rows') {
      if (input.shape.length !== rank) return 'its inputs differ in rank, so rows could mix'
      views.push({
        shape: input.shape,
        at: (i) => ({ cell: input.cells[i] ?? cellOfNumber(Number.NaN), value: undefined }),
      })
      continue
    }
    const dims = [...input.dims]
    if (dims.length > rank + 1 || (dims.length === rank + 1 && dims.shift() !== 1)) return 'a constant varies by row'
    const shape = [...Array.from({ length: rank - dims.length }, () => 1), ...dims]
    const cells = input.values.map((value): Operand => ({ cell: cellOfNumber(value), value }))
    views.push({ shape, at: (i) => cells[i] ?? { cell: cellOfNumber(Number.NaN), value: Number.NaN } })
  }
  if (types.size !== 1) return 'its inputs differ in type'
  const shape = Array.from({ length: rank }, (_, axis) => Math.max(...views.map((view) => view.shape[axis] ?? 1)))
  if (views.some((view) => view.shape.some((d, axis) => d !== 1 && d !== shape[axis]))) return 'its shapes do not fit'
  const size = shape.reduce((a, b) => a * b, 1)
  const operands = Array.from({ length: size }, (_, index) =>
    views.map((view) => view.at(offset(index, shape, view.shape))),
  )
  return { type: main.type, shape, operands }
}

function offset(index: number, shape: readonly number[], own: readonly number[]): number {
  let rest = index
  let stride = 1
  let at = 0
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1
    const coordinate = rest % size
    rest = Math.floor(rest / size)
    const width = own[axis] ?? 1
    at += (width === 1 ? 0 : coordinate) * stride
    stride *= width
  }
  return at
}
