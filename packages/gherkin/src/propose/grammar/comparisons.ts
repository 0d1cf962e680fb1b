import type { Cursor } from './cursor.ts'
import type { Frame } from './frame.ts'
import { callOf, type Measure } from './measures.ts'
import { modelIn } from './names.ts'
import { amountIn } from './numbers.ts'
import type { Term } from './terms.ts'

/** `shall be at least that of the scorecard`, `shall not be worse than the champion by more than 0.01`. */
export function comparedWith(
  cursor: Cursor,
  frame: Frame,
  term: Term,
): { readonly model: string; readonly term: Term; readonly cel: string } | undefined {
  const { measure, better } = term
  if (measure === undefined || better === undefined) return undefined
  return (
    cursor.attempt(() => {
      if (cursor.take('be', 'stay', 'remain') === undefined) return undefined
      const margin = cursor.attempt(() => {
        if (cursor.take('at least', 'by at least') === undefined) return undefined
        const amount = amountIn(cursor, frame.vocabulary)
        return amount === undefined ||
          cursor.take('better than', 'higher than', 'above', 'lower than', 'below') === undefined
          ? undefined
          : amount.cel
      })
      const relation =
        margin === undefined
          ? cursor.take(
              'at least',
              'better than',
              'no worse than',
              'not worse than',
              'higher than',
              'above',
              'as good as',
              'at least as good as',
              'at most',
              'lower than',
              'no lower than',
              'no higher than',
            )
          : 'at least'
      if (relation === undefined) return undefined
      cursor.take('that of', 'the one of')
      return against(cursor, frame, term, measure, better, /worse|as|at|no /.test(relation), margin)
    }) ?? worseThan(cursor, frame, term, measure, better)
  )
}

/** `not be worse than that of the champion by more than 0.01`. */
function worseThan(cursor: Cursor, frame: Frame, term: Term, measure: Measure, better: 'higher' | 'lower') {
  return cursor.attempt(() => {
    if (cursor.take('not be worse than', 'not be lower than', 'not fall behind') === undefined) return undefined
    cursor.take('that of', 'the one of')
    return against(cursor, frame, term, measure, better, true, undefined)
  })
}

function against(
  cursor: Cursor,
  { vocabulary }: Frame,
  term: Term,
  measure: Measure,
  better: 'higher' | 'lower',
  orEqual: boolean,
  margin: string | undefined,
): { readonly model: string; readonly term: Term; readonly cel: string } | undefined {
  const model = modelIn(cursor, vocabulary.spec)
  if (model === undefined) return undefined
  const slack =
    cursor.take('by more than', 'by no more than', 'minus', 'less', 'by at least', 'plus') ??
    (margin === undefined ? undefined : 'plus')
  const amount = slack === undefined ? undefined : (margin ?? amountIn(cursor, vocabulary)?.cel)
  if (slack !== undefined && amount === undefined) return undefined
  const gives = slack === 'plus' || slack === 'by at least' ? 'more' : 'less'
  const sign = (gives === 'more') === (better === 'higher') ? '+' : '-'
  const operator =
    better === 'higher' ? (orEqual || amount !== undefined ? '>=' : '>') : orEqual || amount !== undefined ? '<=' : '<'
  const cel = `${callOf(measure)} ${operator} ${callOf(measure, model)}${amount === undefined ? '' : ` ${sign} ${amount}`}`
  // Whoever is compared with the version in production is the one that would take its place.
  const own = term.model ?? (model === 'champion' ? 'challenger' : 'champion')
  return { model, term: { ...term, model: own, topic: [measure.metric, 'of', own, 'and', model] }, cel }
}
