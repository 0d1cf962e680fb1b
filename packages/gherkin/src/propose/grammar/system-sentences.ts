import type { Cursor } from './cursor.ts'
import { type Frame, modalIn } from './frame.ts'
import { type Vocabulary, keysOf, nameIn } from './names.ts'
import { qualifiersIn } from './qualifiers.ts'
import { type Asked, type SentenceReading } from './reading.ts'
import { quotedText } from '@plumbline/core'

const ACTIONS: Readonly<Record<string, readonly [kind: string, topic: string]>> = {
  retrain: ['retrain.decided', 'retraining-is-decided'],
  'decide to retrain': ['retrain.decided', 'retraining-is-decided'],
  'decide on retraining': ['retrain.decided', 'retraining-is-decided'],
  'be retrained': ['retrain.decided', 'retraining-is-decided'],
  'roll back': ['version.rolled-back', 'the-version-is-rolled-back'],
  'be rolled back': ['version.rolled-back', 'the-version-is-rolled-back'],
  'send an alert': ['alert.sent', 'an-alert-is-sent'],
  'alert somebody': ['alert.sent', 'an-alert-is-sent'],
  'raise an alert': ['alert.sent', 'an-alert-is-sent'],
}

function actionIn(cursor: Cursor): readonly [kind: string, topic: string] | undefined {
  return ACTIONS[cursor.take(...Object.keys(ACTIONS)) ?? '']
}

const SYSTEM = ['the system', 'the model', 'the version', 'the service', 'the challenger']

/** `When drift-ok is violated, the system shall retrain within 7 days`. */
export function answerSentence(
  cursor: Cursor,
  { vocabulary, qualifiers }: Frame,
  clause: string,
): SentenceReading | undefined {
  if (cursor.take(...SYSTEM) === undefined) return undefined
  const modal = modalIn(cursor)
  const action = modal === undefined ? undefined : actionIn(cursor)
  if (modal === undefined || action === undefined) return undefined
  qualifiersIn(cursor, vocabulary, qualifiers)
  const { within, ...others } = qualifiers
  cursor.expect('within a time, such as within 7 days')
  if (within === undefined) return undefined
  const asked: Asked = {
    form: 'whenever',
    whenever: `violated("${clause}")`,
    cel: `kind == ${quotedText(action[0])}`,
    within,
  }
  return { asked, topic: ['answered', clause, action[1]], qualifiers: others, assumed: [], ...modal }
}

/** `The system shall decide on retraining within 90 days`. */
export function systemSentence(cursor: Cursor, { vocabulary, qualifiers }: Frame): SentenceReading | undefined {
  if (cursor.take(...SYSTEM) === undefined) return undefined
  const modal = modalIn(cursor)
  if (modal === undefined) return undefined
  cursor.take('eventually')
  const action = actionIn(cursor)
  if (action === undefined) return undefined
  qualifiersIn(cursor, vocabulary, qualifiers)
  const { within, ...others } = qualifiers
  if (within === undefined) return undefined
  const asked: Asked = { form: 'eventually', cel: `kind == ${quotedText(action[0])}`, within }
  return { asked, topic: ['eventually', action[1]], qualifiers: others, assumed: [], ...modal }
}

/** A clause of the spec by its id. */
export function clauseIn(cursor: Cursor, { spec }: Vocabulary): string | undefined {
  return cursor.attempt(() => {
    cursor.take('the clause', 'clause', 'the')
    return nameIn(cursor, keysOf(spec.clauses), 'a clause')
  })
}
