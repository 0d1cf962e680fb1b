import { boundIn, compared, openBoundIn, vagueIn } from './bounds.ts'
import type { Cursor } from './cursor.ts'
import { type Frame, modalIn } from './frame.ts'
import { callOf, measureIn } from './measures.ts'
import { betterOf } from './metrics.ts'
import { modelIn } from './names.ts'
import { amountIn } from './numbers.ts'
import { qualifiersIn } from './qualifiers.ts'
import type { SentenceReading } from './reading.ts'
import { about } from './relations.ts'
import { sizeIn, sizeOf } from './sizes.ts'
import type { Term } from './terms.ts'

/** `The model shall have a recall of at least 0.8`. */
export function modelSentence(cursor: Cursor, frame: Frame): SentenceReading | undefined {
  const { vocabulary } = frame
  const model =
    modelIn(cursor, vocabulary.spec) ??
    (cursor.take('the model', 'the classifier', 'it') === undefined ? undefined : 'champion')
  if (model === undefined) return undefined
  qualifiersIn(cursor, vocabulary, frame.qualifiers)
  const modal = modalIn(cursor)
  if (modal === undefined) return undefined
  const better = cursor.attempt(() => beats(cursor, frame, model))
  if (better !== undefined) {
    qualifiersIn(cursor, vocabulary, frame.qualifiers)
    return about(frame, better.term, better.cel, modal)
  }
  const size = cursor.attempt(() => {
    const bytes = (c: Cursor): string | undefined => sizeIn(c, vocabulary)
    if (cursor.quietly('not exceed', 'never exceed') !== undefined) {
      const most = bytes(cursor)
      return most && `model_bytes() <= ${most}`
    }
    const bounds = cursor.quietly('be') === undefined ? undefined : boundIn(cursor, bytes)
    return bounds && compared('model_bytes()', bounds)
  })
  if (size !== undefined) return about(frame, sizeOf(model), size, modal)
  if (cursor.take('have', 'reach', 'achieve', 'keep', 'show', 'attain') === undefined) return undefined
  cursor.take('an', 'a', 'the')
  const vague = vagueIn(cursor, vocabulary, 'higher')
  const measure = measureIn(cursor, vocabulary)
  if (measure === undefined) return undefined
  const direction = betterOf(measure.metric)
  const term: Term = {
    cel: callOf(measure),
    topic: ['metric', measure.metric],
    of: 'model',
    measure,
    model,
    ...(direction === undefined ? {} : { better: direction }),
  }
  cursor.take('of', 'that is')
  const value = (c: Cursor): string | undefined => amountIn(c, vocabulary)?.cel
  const bound = boundIn(cursor, value) ?? openBoundIn(cursor, vocabulary) ?? vague
  if (bound === undefined) return undefined
  qualifiersIn(cursor, vocabulary, frame.qualifiers)
  return about(frame, term, compared(term.cel, bound), modal)
}

/** `beat the scorecard on ROC AUC by at least 0.01`, `be no worse than the champion on recall by more than 0.01`. */
function beats(cursor: Cursor, frame: Frame, own: string): { readonly term: Term; readonly cel: string } | undefined {
  const verb = cursor.take(
    'beat',
    'outperform',
    'be better than',
    'not be worse than',
    'be no worse than',
    'be at least as good as',
  )
  if (verb === undefined) return undefined
  const other = modelIn(cursor, frame.vocabulary.spec)
  if (other === undefined || cursor.take('on', 'in', 'by') === undefined) return undefined
  const measure = measureIn(cursor, frame.vocabulary)
  const better = measure === undefined ? undefined : betterOf(measure.metric)
  if (measure === undefined || better === undefined) return undefined
  const slack = cursor.take('by at least', 'by more than', 'by no more than')
  const amount = slack === undefined ? undefined : amountIn(cursor, frame.vocabulary)?.cel
  if (slack !== undefined && amount === undefined) return undefined
  const wins = /^(?:beat|outperform|be better)/.test(verb)
  const strict = wins && slack !== 'by at least'
  const sign = wins === (better === 'higher') ? '+' : '-'
  const operator = better === 'higher' ? (strict ? '>' : '>=') : strict ? '<' : '<='
  const model = own === 'champion' && other === 'champion' ? 'challenger' : own
  const term: Term = {
    cel: '',
    topic: [measure.metric, 'of', model, 'and', other],
    of: 'model',
    measure,
    model,
    better,
  }
  return {
    term,
    cel: `${callOf(measure)} ${operator} ${callOf(measure, other)}${amount === undefined ? '' : ` ${sign} ${amount}`}`,
  }
}
