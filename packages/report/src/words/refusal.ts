const WORDS: Readonly<Record<string, string>> = {
  'no-longer-asked': 'what asked for it was taken back',
  'version-replaced': 'another version came into production',
  'too-few-labels': 'too few labelled requests to learn from',
  'window-failed': 'the labelled requests could not be written',
  'stages-failed': 'a stage of the pipeline failed',
  'no-candidate': 'the stages made no model',
  unchanged: 'the stages made the version that is in production',
  'taken-out-before': 'the stages made a version that was taken out before',
  'candidate-changed': 'the model file is not the one that was trained',
  'gate-closed': 'the gate stayed closed',
  'release-failed': 'its release tests failed',
  'not-promoted': 'it could not be promoted',
  'not-deployed': 'something else was read back',
}

/** Why a retraining was refused, in words; a reason of a later version as the event has it. */
export function refusalText(reason: string): string {
  return Object.hasOwn(WORDS, reason) ? (WORDS[reason] ?? reason) : reason
}
