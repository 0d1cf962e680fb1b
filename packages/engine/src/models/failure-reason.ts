import type { ErrorReason } from '@plumbline/core'
import type { EngineFailure } from './outcome.ts'

/** The reason that evidence gives for a failure of a model. */
export function failureReason({ code }: EngineFailure): ErrorReason {
  switch (code) {
    case 'engine/model-not-found':
      return 'model-missing'
    case 'engine/not-trusted':
      return 'not-trusted'
    case 'engine/image-unreadable':
      return 'source-unreadable'
    case 'engine/model-nondeterministic':
      return 'model-nondeterministic'
    case 'engine/runner-missing':
    case 'engine/onnxruntime-missing':
      return 'runner-missing'
    case 'engine/not-an-onnx-file':
    case 'engine/model-load-failed':
      return 'model-unreadable'
    case 'engine/prediction-not-finite':
      return 'prediction-not-finite'
    default:
      return code.includes('mismatch') || code.includes('input') || code.includes('output')
        ? 'model-mismatch'
        : 'model-failed'
  }
}
