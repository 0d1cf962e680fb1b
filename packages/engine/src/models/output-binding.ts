import type { ProgramModel } from '@plumbline/core'
import { type Outcome, failure, success } from './outcome.ts'
import { type ElementType, type ModelSignature, NO_TENSOR, type TensorInfo, describeTensor } from './signature.ts'

/** An output of the spec: by default the tensor of the same name; `tensor` and `index` (0-based column) say otherwise. */
export interface OutputRequest {
  readonly name: string
  readonly tensor?: string | undefined
  readonly index?: number | undefined
  /** The class whose probability it is: its column, where the file names the classes of a tensor. */
  readonly class?: string | number | boolean | undefined
}

/** What is asked of whatever runs a model: its outputs, each with the class whose probability it is. */
export function outputRequests({
  outputs,
  classes,
}: Pick<ProgramModel, 'outputs' | 'classes'>): readonly OutputRequest[] {
  const codes = new Map(
    classes?.all.flatMap(({ code, probability }) => (probability === undefined ? [] : [[probability, code]])),
  )
  return outputs.map(({ name, tensor, index }) => {
    const of = codes.get(name)
    return { name, tensor, index, ...(of === undefined ? {} : { class: of }) }
  })
}

/** An output found in the model: `width` values a row (1 for [N] and [N, 1]; undefined if the file leaves it open). */
export interface BoundOutput {
  readonly name: string
  readonly tensor: string
  readonly index: number
  /** The spec named the index; without it an output that turns out wider is an error. */
  readonly indexed: boolean
  readonly type: ElementType
  readonly width: number | undefined
}

/** Finds each requested output. Errors: `engine/model-outputs-mismatch`, `engine/model-output-not-a-tensor`. */
export function bindOutputs(
  signature: ModelSignature,
  requests: readonly OutputRequest[],
): Outcome<readonly BoundOutput[]> {
  const bound: BoundOutput[] = []
  for (const request of requests) {
    const one = bindOutput(signature, request)
    if (!one.ok) return one
    bound.push(one.value)
  }
  return success(bound)
}

const WITHOUT_ZIPMAP =
  'What is a sequence or map cannot be read: end the model with the tensor that goes into it (skl2onnx: options={id(model): {"zipmap": False}}).'

/** Finds one requested output; see {@link bindOutputs}. */
export function bindOutput(signature: ModelSignature, request: OutputRequest): Outcome<BoundOutput> {
  const tensor = request.tensor ?? request.name
  const info = signature.outputs.find((output) => output.name === tensor)
  const has = signature.outputs.map(describeTensor)
  if (info === undefined) {
    return failure(
      'engine/model-outputs-mismatch',
      `The model has no output "${tensor}" for "${request.name}". It gives ${has.join(', ')}. ` +
        'Name the tensor (and, where it has several columns, the index): { tensor: NAME, index: 0 }.' +
        (signature.outputs.some((output) => output.typeName === NO_TENSOR) ? ` ${WITHOUT_ZIPMAP}` : ''),
      { modelOutputs: has },
    )
  }
  if (info.type === undefined && info.typeName !== NO_TENSOR)
    return failure(
      'engine/model-outputs-mismatch',
      `The output "${tensor}" holds ${info.typeName}, which is not read. End the model with a Cast to float.`,
      { modelOutputs: has },
    )
  if (info.type === undefined) {
    return failure(
      'engine/model-output-not-a-tensor',
      `The output "${tensor}" is ${info.typeName}, not a tensor. A ZipMap that ends the graph is read through; any other one, or sequence, is not: ` +
        'end the model with the tensor that goes into it (skl2onnx: options={id(model): {"zipmap": False}}).',
      { modelOutputs: has },
    )
  }
  const rank = info.shape?.length
  const last = info.shape?.[1]
  const width = rank === 1 || rank === 0 ? 1 : typeof last === 'number' ? last : undefined
  if (rank !== undefined && rank > 2) return wrongIndex(request, `${describeTensor(info)} has more than two dimensions`)
  const column = columnOf(info, request)
  if (typeof column === 'string') return wrongIndex(request, column)
  if (column === undefined && width !== undefined && width !== 1) {
    const classes = info.classes === undefined ? '' : ` (of the classes ${info.classes.join(', ')}, in this order)`
    return wrongIndex(request, `${describeTensor(info)} has ${width} columns${classes}: say which by "index"`)
  }
  const index = column ?? 0
  if (!Number.isInteger(index) || index < 0 || (width !== undefined && index >= width)) {
    return wrongIndex(request, `the index ${index} is outside ${describeTensor(info)}`)
  }
  return success({ name: request.name, tensor, index, indexed: column !== undefined, type: info.type, width })
}

/** The column that is asked for, by its index or its class; undefined where neither says; a text where they cannot be meant. */
function columnOf({ classes }: TensorInfo, request: OutputRequest): number | string | undefined {
  if (classes === undefined || request.class === undefined) return request.index
  const [of, at] = [String(request.class), classes.indexOf(String(request.class))]
  const known = `the file's classes are ${classes.join(', ')}, in the order of the columns`
  if (at < 0) return `the class ${of} is none of its own: ${known}`
  if (request.index !== undefined && request.index !== at)
    return `its column ${request.index} is not of the class ${of}: ${known}`
  return at
}

function wrongIndex(request: OutputRequest, why: string): Outcome<BoundOutput> {
  return failure('engine/model-outputs-mismatch', `The output "${request.name}" is not one column: ${why}.`)
}
