import { type Comparison, boundIn, compared, openBoundIn, vagueIn, verbBoundIn } from './bounds.ts'
import { comparedWith } from './comparisons.ts'
import type { Cursor } from './cursor.ts'
import { type Frame, modalIn } from './frame.ts'
import type { Vocabulary } from './names.ts'
import { amountIn, quantityIn, spanIn } from './numbers.ts'
import { qualifiersIn } from './qualifiers.ts'
import type { SentenceReading } from './reading.ts'
import { about } from './relations.ts'
import { sizeIn } from './sizes.ts'
import { type Term, termIn } from './terms.ts'

/** `The recall of the model on test shall be at least 0.8`. */
export function termSentence(cursor: Cursor, frame: Frame): SentenceReading | undefined {
  const term = termIn(cursor, frame.vocabulary)
  if (term === undefined) return undefined
  qualifiersIn(cursor, frame.vocabulary, frame.qualifiers)
  const modal = modalIn(cursor)
  if (modal === undefined) return undefined
  const other = comparedWith(cursor, frame, term)
  const never = other === undefined && cursor.take('never', 'not') !== undefined
  if (cursor.peek()?.lower === 'always' || cursor.peek(1)?.lower === 'always') frame.qualifiers.always = true
  cursor.take('always')
  const comparisons = other ?? termBound(cursor, frame, term, never)
  if (comparisons === undefined) return undefined
  qualifiersIn(cursor, frame.vocabulary, frame.qualifiers)
  return about(frame, comparisons.term ?? term, comparisons.cel, modal)
}

function termBound(
  cursor: Cursor,
  frame: Frame,
  term: Term,
  never: boolean,
): { readonly cel: string; readonly term?: Term } | undefined {
  const { vocabulary } = frame
  const isLatency = term.of === 'release'
  const value = (c: Cursor): string | undefined =>
    isLatency
      ? milliseconds(c, vocabulary)
      : term.of === 'artifact'
        ? sizeIn(c, vocabulary)
        : quantityIn(c, vocabulary, term.unit)?.cel
  const verb = verbBoundIn(cursor, value)
  if (verb !== undefined) return { cel: compared(term.cel, verb, never) }
  if (
    cursor.take('be', 'stay', 'remain', 'lie', 'be kept', 'always be', 'always stay', 'always remain', 'be held') ===
    undefined
  )
    return undefined
  const not = never !== (cursor.take('never') !== undefined)
  const zero = cursor.take('zero', 'positive')
  if (zero !== undefined)
    return { cel: compared(term.cel, [{ operator: zero === 'zero' ? '==' : '>', value: '0' }], not) }
  const comparisons =
    boundIn(cursor, value) ??
    openBoundIn(cursor, vocabulary) ??
    vagueIn(cursor, vocabulary, term.better) ??
    equalIn(cursor, value)
  return comparisons && { cel: compared(term.cel, comparisons, not) }
}

/** `shall be 0`: equal to it. */
function equalIn(cursor: Cursor, value: (cursor: Cursor) => string | undefined): readonly Comparison[] | undefined {
  const exact = value(cursor)
  return exact === undefined ? undefined : [{ operator: '==', value: exact }]
}

function milliseconds(cursor: Cursor, vocabulary: Vocabulary): string | undefined {
  const span = spanIn(cursor)
  if (span !== undefined) return String(span / 1_000)
  const amount = amountIn(cursor, vocabulary)?.cel
  // A bare number says no unit.
  return amount === vocabulary.hole ? amount : undefined
}
