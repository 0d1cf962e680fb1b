import type { SentenceReading } from './reading.ts'

/** What a sentence says beside its subject that a clause of its form cannot say; undefined where all of it has a place. */
export function misfit({ asked, qualifiers }: SentenceReading): string | undefined {
  const { window, inARow, within, leastRows, mostly, on, missing } = qualifiers
  const isWatched = asked.form === 'must' && asked.of === 'requests'
  if ((window !== undefined || inARow !== undefined) && !isWatched)
    return 'only what is asked of requests has windows: say `in production`, or leave the windows out'
  if (within !== undefined) return '`within` a time is for what the system does: retrain, roll back, send an alert'
  if (leastRows !== undefined && asked.form !== 'must')
    return 'a least number of rows is for a number of many rows, such as a mean'
  if (mostly !== undefined && asked.form !== 'every') return 'a share of the rows is for a condition on rows'
  if (missing !== undefined && asked.form !== 'every') return 'what is missing is left out of such a number anyway'
  const isNowhere = asked.form === 'forall' || asked.form === 'whenever' || asked.form === 'eventually'
  if (on !== undefined && (isNowhere || asked.of === 'release')) return `it is not asked of rows such as ${on}`
  const isFile = asked.form === 'must' && asked.cel.startsWith('model_bytes()')
  if (isFile && (on !== undefined || qualifiers.slices.length > 0 || qualifiers.newSlice !== undefined))
    return 'the size of a model is not asked of rows'
  return undefined
}
