import type { ErrorReason, InconclusiveReason, SkippedReason, Statement } from '@plumbline/core'

const WORDS: Readonly<Record<InconclusiveReason | ErrorReason | SkippedReason, string>> = {
  'interval-straddles-bound': 'the interval straddles the bound',
  'too-few-rows': 'too few rows for an interval',
  'no-variation': 'the rows do not vary in what is measured, so nothing shows how far it may be off',
  'too-close-to-call': 'the measured value is too close to the bound to call',
  'empty-relation': 'there are no rows to decide it on',
  'undefined-metric': 'the metric is not defined on these rows',
  'holm-stopped': 'a weaker slice of the same family stopped the step-down (Holm)',
  'not-proved': 'neither proved nor refuted',
  'contradictory-evidence': 'two runs of the same thing disagree',
  pending: 'what would violate it has begun, and still has windows or time left',
  'too-few-labels': 'too few labels have arrived',
  'labels-pending': 'labels are missing, and still have time to arrive',
  'assumption-failed': 'what an estimate without labels rests on does not hold for these rows',
  'source-missing': 'the data source is not there',
  'source-unreadable': 'the data source cannot be read',
  'column-missing': 'a column is not in the data',
  'cast-failed': 'a cell cannot be read as its declared type',
  'engine-failed': 'the engine failed',
  'engine-unreachable': 'the database could not be reached',
  'evaluation-failed': 'the condition could not be evaluated',
  'model-missing': 'the model is not there',
  'model-unreadable': 'the model cannot be read',
  'model-mismatch': 'the model does not fit its declaration',
  'model-failed': 'the model failed on a row',
  'prediction-not-finite': 'the model answered with a number that is not finite',
  'runner-missing': 'what runs this kind of model is not installed',
  'staging-failed': 'no staged candidate could be asked',
  'not-trusted': 'a program or server would have to be asked, and nobody said that it may',
  'model-nondeterministic': 'the model answered the same input in two ways',
  'no-champion': 'there is no champion yet to compare with',
  'no-candidate': 'there is no candidate',
  interrupted: 'the run was interrupted',
  unenforced: 'this version does not enforce it yet',
  'not-selected': 'it was not selected',
}

/** Why a statement is not decided, in words. */
export function whyUndecided(statement: Extract<Statement, { readonly reason: string }>): string {
  return reasonText(statement.reason)
}

/** A reason of the closed list in words; one that a later version wrote is shown as it is. */
export function reasonText(reason: string): string {
  return Object.hasOwn(WORDS, reason) ? WORDS[reason as keyof typeof WORDS] : reason
}
