import { boundIn, compared, type Comparison } from './bounds.ts'
import { missingIn } from './conditions.ts'
import type { Cursor } from './cursor.ts'
import { type Frame, modalIn } from './frame.ts'
import { type ColumnRef, columnIn, type Vocabulary } from './names.ts'
import { rowsNounIn } from './nouns.ts'
import { amountIn } from './numbers.ts'
import { qualifiersIn } from './qualifiers.ts'
import type { SentenceReading } from './reading.ts'
import { withDataset } from './relations.ts'

/** `The heart rate shall be missing in at most 2 % of visits`, `Fewer than 1 % of the values of income shall be missing`. */
export function missingSentence(cursor: Cursor, frame: Frame): SentenceReading | undefined {
  const { vocabulary, qualifiers } = frame
  const before = cursor.attempt(() => {
    const bound = percentBound(cursor, vocabulary)
    if (bound === undefined) return undefined
    return cursor.take('of the values of', 'of values of', 'of all values of', 'of the', 'of') === undefined
      ? undefined
      : bound
  })
  const ref = columnIn(cursor, vocabulary)
  const modal = ref === undefined ? undefined : modalIn(cursor)
  if (ref === undefined || modal === undefined || cursor.take('be') === undefined) return undefined
  const isMissing = missingIn(cursor)
  if (isMissing === undefined) return undefined
  const after = before === undefined ? ofRows(cursor, vocabulary) : undefined
  const bound = before ?? after
  if (bound === undefined) return undefined
  qualifiersIn(cursor, vocabulary, qualifiers)
  const of = qualifiers.on === undefined ? ref.dataset : withDataset(qualifiers.on, ref.dataset, vocabulary.spec)
  const cel = shareOf(ref, isMissing, bound)
  return { asked: { form: 'must', of, cel }, topic: ['missing', ref.column.name], qualifiers, assumed: [], ...modal }
}

/** `in at most 2 % of visits`. */
const ofRows = (cursor: Cursor, vocabulary: Vocabulary): readonly Comparison[] | undefined =>
  cursor.attempt(() => {
    if (cursor.take('in', 'for') === undefined) return undefined
    const bound = percentBound(cursor, vocabulary)
    if (bound === undefined || cursor.take('of all', 'of the', 'of') === undefined) return undefined
    return rowsNounIn(cursor, vocabulary) === undefined ? undefined : bound
  })

/** A bound in percent; one in plain numbers would be a count. */
const percentBound = (cursor: Cursor, vocabulary: Vocabulary): readonly Comparison[] | undefined =>
  boundIn(cursor, (c) => {
    const amount = amountIn(c, vocabulary)
    return amount?.percent === true || amount?.cel === vocabulary.hole ? amount.cel : undefined
  })

const shareOf = ({ cel }: ColumnRef, isMissing: boolean, bound: readonly Comparison[]): string =>
  compared(isMissing ? `null_share(${cel})` : `share(${cel} != null)`, bound)
