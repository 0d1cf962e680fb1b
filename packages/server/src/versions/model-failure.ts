/**
 * Why a model did not answer. `timeout`: not in its time; `connection`: not reached, or cut off; `status`: another server
 * answered an error; `answer`: what came is no answer; `model`: the model itself failed.
 */
export type ModelFailureReason = 'timeout' | 'connection' | 'status' | 'answer' | 'model'

/** All reasons, for whoever counts them. */
export const MODEL_FAILURE_REASONS: readonly ModelFailureReason[] = [
  'timeout',
  'connection',
  'status',
  'answer',
  'model',
]

/** A model that did not answer: the reason for the metrics, the message for whoever runs the server; callers see neither. */
export class ModelFailure extends Error {
  readonly reason: ModelFailureReason

  constructor(reason: ModelFailureReason, message: string) {
    super(message)
    this.name = 'ModelFailure'
    this.reason = reason
  }
}

/** The failure that something thrown stands for. */
export function asModelFailure(thrown: unknown): ModelFailure {
  if (thrown instanceof ModelFailure) return thrown
  return new ModelFailure('model', thrown instanceof Error ? thrown.message : String(thrown))
}
