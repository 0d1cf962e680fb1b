import { conditionIn } from './conditions.ts'
import type { Cursor } from './cursor.ts'
import type { Frame } from './frame.ts'
import { countSentence } from './count-sentences.ts'
import { dependenceSentence } from './dependence.ts'
import { missingSentence } from './missing-sentences.ts'
import { modelSentence } from './model-sentence.ts'
import { type Vocabulary, sliceIn } from './names.ts'
import { groupIn, rowsNounIn, saidOfRow } from './nouns.ts'
import { type Qualifiers, qualifiersIn, sliceName } from './qualifiers.ts'
import type { SentenceReading } from './reading.ts'
import { columnSentence, rowsSentence } from './row-sentences.ts'
import { answerSentence, clauseIn, systemSentence } from './system-sentences.ts'
import { termSentence } from './term-sentence.ts'

/** A whole sentence; undefined where some of it was not understood: the cursor says which words. */
export function sentenceIn(cursor: Cursor, vocabulary: Vocabulary): SentenceReading | undefined {
  const frame: Frame = { vocabulary, qualifiers: { slices: [] } }
  const trigger = preamblesIn(cursor, frame)
  if (trigger === 'lost') return undefined
  const read =
    trigger === undefined
      ? (cursor.attempt(() => whole(cursor, frame, rowsSentence)) ??
        cursor.attempt(() => whole(cursor, frame, modelSentence)) ??
        cursor.attempt(() => whole(cursor, frame, termSentence)) ??
        cursor.attempt(() => whole(cursor, frame, columnSentence)) ??
        cursor.attempt(() => whole(cursor, frame, systemSentence)) ??
        cursor.attempt(() => whole(cursor, frame, countSentence)) ??
        cursor.attempt(() => whole(cursor, frame, missingSentence)) ??
        cursor.attempt(() => whole(cursor, frame, dependenceSentence)))
      : answerSentence(cursor, frame, trigger)
  return cursor.done ? read : undefined
}

/** A kind of sentence, read on its own: what it said beside its subject is forgotten where it does not fit. */
function whole(
  cursor: Cursor,
  { vocabulary, qualifiers }: Frame,
  read: (cursor: Cursor, frame: Frame) => SentenceReading | undefined,
): SentenceReading | undefined {
  const own: Qualifiers = { ...qualifiers, slices: [...qualifiers.slices] }
  const found = read(cursor, { vocabulary, qualifiers: own })
  return cursor.done ? found : undefined
}

/** `While …,`, `Where …,`, `For each …,`, `When …,`, `If …, then`: what comes before the subject. */
function preamblesIn(cursor: Cursor, { vocabulary, qualifiers }: Frame): string | 'lost' | undefined {
  let trigger: string | undefined
  for (;;) {
    if (cursor.take('when', 'whenever', 'if') !== undefined) {
      const clause = cursor.attempt(() => {
        const name = clauseIn(cursor, vocabulary)
        return name === undefined || cursor.take('is violated', 'fails', 'is broken') === undefined ? undefined : name
      })
      if (clause !== undefined) trigger = clause
      else if (!stateIn(cursor, vocabulary, qualifiers)) return 'lost'
    } else if (cursor.take('while', 'where', 'as long as', 'for rows where', 'among rows where') !== undefined) {
      if (!stateIn(cursor, vocabulary, qualifiers)) return 'lost'
    } else if (cursor.attempt(() => aside(cursor, vocabulary, qualifiers)) === true) continue
    else return trigger
    if (cursor.take(', then', ',') === undefined) return 'lost'
  }
}

/** `For each sex,`, `In production,`. */
function aside(cursor: Cursor, vocabulary: Vocabulary, qualifiers: Qualifiers): true | undefined {
  const own: Qualifiers = { ...qualifiers, slices: [...qualifiers.slices] }
  const start = cursor.peek()
  qualifiersIn(cursor, vocabulary, own)
  if (cursor.peek() === start || cursor.take(',') === undefined) return undefined
  Object.assign(qualifiers, own)
  return true
}

/** `the applicant is young`, `age is below 25`, `` `age < 25` ``. */
function stateIn(cursor: Cursor, vocabulary: Vocabulary, qualifiers: Qualifiers): boolean {
  const slice = cursor.attempt(() => {
    saidOfRow(cursor, vocabulary)
    const name = sliceIn(cursor, vocabulary.spec)
    if (name !== undefined) rowsNounIn(cursor, vocabulary)
    return cursor.peek()?.text === ',' ? name : undefined
  })
  if (slice !== undefined) {
    qualifiers.slices.push(slice)
    return true
  }
  const condition = conditionIn(cursor, vocabulary)
  const group =
    condition === undefined
      ? cursor.attempt(() => (saidOfRow(cursor, vocabulary) ? groupIn(cursor, vocabulary) : undefined))
      : undefined
  if (group !== undefined && 'slice' in group) return false
  const code = group?.cel ?? (condition === undefined ? cursor.kind('code')?.text : condition.cel)
  if (code === undefined || qualifiers.newSlice !== undefined) return false
  qualifiers.newSlice = { name: sliceName(code), cel: code }
  return true
}
