import { type Outcome, failure, success } from './outcome.ts'
import { type ElementType, type ModelSignature, NO_TENSOR, describeTensor } from './signature.ts'

/** An output of the spec: by default the tensor of the same name; `tensor` and `index` (0-based column) say otherwise. */
export interface OutputRequest {
  readonly name: string
  readonly tensor?: string | undefined
  readonly index?: number | undefined
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

/** Finds each requested output. Errors: `engine/model-outputs-mismatch`, `engine/model-output-not-a-tensor` (ZipMap). */
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
  'Where probabilities are a sequence or map, convert the model without ZipMap (skl2onnx: options={id(model): {"zipmap": False}}).'

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
      `The output "${tensor}" is ${info.typeName}, not a tensor. A ZipMap at the end of the model makes it so: ` +
        'convert the model without it (skl2onnx: options={id(model): {"zipmap": False}}) and name the column by its index.',
      { modelOutputs: has },
    )
  }
  const rank = info.shape?.length
  const last = info.shape?.[1]
  const width = rank === 1 || rank === 0 ? 1 : typeof last === 'number' ? last : undefined
  if (rank !== undefined && rank > 2) return wrongIndex(request, `${describeTensor(info)} has more than two dimensions`)
  if (request.index === undefined && width !== undefined && width !== 1) {
    return wrongIndex(request, `${describeTensor(info)} has ${width} columns: say which by "index"`)
  }
  const index = request.index ?? 0
  if (!Number.isInteger(index) || index < 0 || (width !== undefined && index >= width)) {
    return wrongIndex(request, `the index ${index} is outside ${describeTensor(info)}`)
  }
  return success({ name: request.name, tensor, index, indexed: request.index !== undefined, type: info.type, width })
}

function wrongIndex(request: OutputRequest, why: string): Outcome<BoundOutput> {
  return failure('engine/model-outputs-mismatch', `The output "${request.name}" is not one column: ${why}.`)
}
