import type { ProgramColumn, ProgramModel } from '../clause/program.ts'
import { nameLikeness } from './evidence.ts'

/** A tensor that a model's file gives: its element type as ONNX names it, and its columns where the file says how many. */
export interface ModelTensor {
  readonly name: string
  readonly type: string
  readonly columns?: number
}

/** A tensor that outputs are declared to be read from, and that the file no longer gives. */
export interface OutputChange {
  readonly kind: 'output-renamed'
  readonly model: string
  readonly from: string
  /** What it is called now; absent where nothing in the file stands for it with enough evidence. */
  readonly to?: string
  /** The declared outputs that are read from it. */
  readonly outputs: readonly string[]
  /** How alike the names are; absent without `to`. */
  readonly likeness?: number
  /** Tensors of a fitting type and width that no output is read from. */
  readonly fitting: readonly string[]
}

/** Likeness of names from which on one of several tensors is taken, and by how much it has to be ahead of the next. */
const ALIKE = 0.5
const AHEAD = 0.2

const FITTING: Readonly<Record<string, readonly string[]>> = {
  double: ['float', 'double'],
  int: ['int64', 'int32'],
  bool: ['bool'],
  string: ['string'],
}

/**
 * Outputs whose tensor the model's file no longer has. Another tensor is taken for it only where its type and width fit all outputs that
 * are read from it, no output is read from it yet, no other missing tensor could be it as well, and it is the only one or its name is clearly the nearest.
 */
export function outputChanges(model: ProgramModel, tensors: readonly ModelTensor[]): readonly OutputChange[] {
  const given = new Set(tensors.map(({ name }) => name))
  const read = Map.groupBy(model.outputs, ({ name, tensor }) => tensor ?? name)
  const lost = [...read].filter(([tensor]) => !given.has(tensor))
  const free = tensors.filter(({ name }) => !read.has(name))
  const fitting = (outputs: readonly ProgramColumn[]): readonly ModelTensor[] =>
    free.filter((tensor) => outputs.every((output) => fits(output, tensor)))
  return lost.map(([from, outputs]): OutputChange => {
    const own = fitting(outputs)
    const near = own
      .map(({ name }) => ({ name, likeness: nameLikeness(from, name) }))
      .sort((a, b) => b.likeness - a.likeness)
    const [first, second] = near
    const isClear =
      first !== undefined &&
      (second === undefined || (first.likeness >= ALIKE && first.likeness - second.likeness >= AHEAD))
    const isContested = lost.some(
      ([other, others]) =>
        other !== from &&
        fitting(others).some(({ name }) => name === first?.name) &&
        nameLikeness(other, first?.name ?? '') + AHEAD > (first?.likeness ?? 0),
    )
    return {
      kind: 'output-renamed',
      model: model.name,
      from,
      ...(isClear && !isContested ? { to: first.name, likeness: first.likeness } : {}),
      outputs: outputs.map(({ name }) => name),
      fitting: own.map(({ name }) => name),
    }
  })
}

function fits({ type, index }: ProgramColumn, tensor: ModelTensor): boolean {
  const width = index === undefined ? 1 : undefined
  return (
    FITTING[type.kind]?.includes(tensor.type) === true &&
    (tensor.columns === undefined || (width === undefined ? (index ?? 0) < tensor.columns : tensor.columns === width))
  )
}
