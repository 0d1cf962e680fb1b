import { quotedText } from '@plumbline/core'
import { modelOf, predictionOf } from '../../steps/scene.ts'
import type { Cursor } from './cursor.ts'
import { type Frame, modalIn } from './frame.ts'
import { columnIn, keysOf, modelIn, nameIn, type Vocabulary } from './names.ts'
import { possessiveIn } from './nouns.ts'
import { qualifiersIn } from './qualifiers.ts'
import type { SentenceReading } from './reading.ts'

/** What an answer is asked not to do with a column. */
const VERBS = [
  'not depend on',
  'never depend on',
  'be independent of',
  'be invariant to',
  'not change with',
  'never change with',
  'not vary with',
  'never vary with',
  'not be influenced by',
  'never be influenced by',
  'not be affected by',
  'never be affected by',
]

/** The answer is the same whatever the column says, for every input of the declared domain. */
export function sameWhatever(
  { spec }: Vocabulary,
  model: string,
  answer: string,
  column: string,
): Pick<SentenceReading, 'asked' | 'topic'> | undefined {
  const from = modelOf(spec, model)?.input?.from.value
  if (from === undefined || !/^\w+$/.test(column)) return undefined
  return {
    asked: {
      form: 'forall',
      of: model,
      binders: [
        ['x', from],
        ['v', `${from}.columns.${column}`],
      ],
      lets: [['y', `x.with({${quotedText(column)}: v})`]],
      cel: `${model}(x).${answer} == ${model}(y).${answer}`,
    },
    topic: ['independent', column],
  }
}

/** `The decision shall not depend on sex`, `The risk of the champion shall be independent of age`. */
export function dependenceSentence(cursor: Cursor, { vocabulary, qualifiers }: Frame): SentenceReading | undefined {
  const subject = subjectIn(cursor, vocabulary)
  if (subject === undefined) return undefined
  const modal = modalIn(cursor)
  if (modal === undefined || cursor.take(...VERBS) === undefined) return undefined
  possessiveIn(cursor, vocabulary)
  const ref = columnIn(cursor, vocabulary)
  const { model, answer, assumed } = subject
  const read = ref && sameWhatever(vocabulary, model, answer, ref.column.name)
  if (read === undefined) return undefined
  qualifiersIn(cursor, vocabulary, qualifiers)
  return { ...read, qualifiers, assumed, ...modal }
}

interface Subject {
  readonly model: string
  /** The field of the answer: `decision`, or the name of an output. */
  readonly answer: string
  readonly assumed: readonly string[]
}

function subjectIn(cursor: Cursor, { spec }: Vocabulary): Subject | undefined {
  const ofModel = (): string =>
    cursor.attempt(() => (cursor.take('of', 'by') === undefined ? undefined : modelIn(cursor, spec))) ??
    (cursor.quietly('of the model', 'by the model'), 'champion')
  return (
    cursor.attempt(() => {
      cursor.quietly('the', 'a')
      if (cursor.take('decision', 'decisions') === undefined) return undefined
      return { model: ofModel(), answer: 'decision', assumed: [] }
    }) ??
    cursor.attempt(() => {
      cursor.quietly('the', 'a')
      cursor.quietly('predicted')
      const outputs = new Map([...spec.models].flatMap(([, { outputs: own }]) => [...keysOf(own)]))
      const answer = nameIn(cursor, outputs, 'an output')
      if (answer === undefined) return undefined
      const owner = [...spec.models].find(([, { outputs: own }]) => own.has(answer))?.[0] ?? 'champion'
      const named = ofModel()
      return { model: named === 'champion' ? owner : named, answer, assumed: [] }
    }) ??
    cursor.attempt(() => {
      const answered = cursor.attempt(() => {
        cursor.quietly('the', 'a')
        return cursor.take('prediction', 'predictions', 'answer', 'answers', 'output', 'score')
      })
      const own =
        answered === undefined
          ? (modelIn(cursor, spec) ?? (cursor.take('the model') === undefined ? undefined : 'champion'))
          : ofModel()
      const answer = own === undefined ? undefined : predictionOf(modelOf(spec, own))
      if (own === undefined || answer === undefined) return undefined
      return { model: own, answer, assumed: [`It is asked of the output ${answer}, which the sentence does not name.`] }
    })
  )
}
