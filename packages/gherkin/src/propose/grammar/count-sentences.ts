import { boundIn, compared, openBoundIn } from './bounds.ts'
import type { Cursor } from './cursor.ts'
import { type Frame, modalIn } from './frame.ts'
import { datasetIn } from './names.ts'
import { rowsNounIn } from './nouns.ts'
import { amountIn } from './numbers.ts'
import { qualifiersIn } from './qualifiers.ts'
import type { SentenceReading } from './reading.ts'
import { about } from './relations.ts'

/** `The data shall contain at least 5,000 rows`, `There shall be at least 10,000 visits`. */
export function countSentence(cursor: Cursor, frame: Frame): SentenceReading | undefined {
  const { vocabulary, qualifiers } = frame
  const isThere = cursor.take('there') !== undefined
  const named = isThere ? undefined : datasetIn(cursor, vocabulary.spec)
  if (!isThere && named === undefined && cursor.take('the data', 'the dataset', 'the data set') === undefined)
    return undefined
  qualifiersIn(cursor, vocabulary, qualifiers)
  const modal = modalIn(cursor)
  if (modal === undefined) return undefined
  if ((isThere ? cursor.take('be') : cursor.take('contain', 'have', 'hold', 'consist of', 'comprise')) === undefined)
    return undefined
  const bound = boundIn(cursor, (c) => amountIn(c, vocabulary)?.cel) ?? openBoundIn(cursor, vocabulary)
  const noun = bound === undefined ? undefined : rowsNounIn(cursor, vocabulary)
  if (bound === undefined || noun === undefined) return undefined
  // Where they are called by the name of a dataset, they are its rows.
  const dataset = named ?? [...vocabulary.spec.data.keys()].find((name) => name.replaceAll('_', ' ') === noun)
  qualifiersIn(cursor, vocabulary, qualifiers)
  const term = { cel: 'count()', topic: ['row-count'], of: 'data' as const }
  return about(
    frame,
    dataset === undefined ? term : { ...term, dataset, topic: ['row-count', dataset] },
    compared('count()', bound),
    modal,
  )
}
