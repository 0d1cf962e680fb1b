import type { Cursor } from './cursor.ts'
import type { Frame } from './frame.ts'
import { callOf, type Measure } from './measures.ts'
import { modelIn } from './names.ts'
import { amountIn } from './numbers.ts'
import type { Term } from './terms.ts'

type Operator = '>' | '>=' | '<' | '<='

/** What a metric of one model is beside that of another. */
interface Relation {
  readonly operator: Operator
  /** It denies that it falls short: `by more than 0.01` then says how far it may. */
  readonly denied?: true
}

/** Words about numbers, whatever of a metric is better. */
const NUMBERS: Readonly<Record<string, Relation>> = {
  'at least': { operator: '>=' },
  'at most': { operator: '<=' },
  'higher than': { operator: '>' },
  'greater than': { operator: '>' },
  above: { operator: '>' },
  'lower than': { operator: '<' },
  'less than': { operator: '<' },
  below: { operator: '<' },
  'no lower than': { operator: '>=', denied: true },
  'not lower than': { operator: '>=', denied: true },
  'no higher than': { operator: '<=', denied: true },
  'not higher than': { operator: '<=', denied: true },
}

type Worth = 'better' | 'as-good'

/** Words about what is better. */
const WORTHS: Readonly<Record<string, { readonly worth: Worth; readonly denied?: true }>> = {
  'better than': { worth: 'better' },
  'as good as': { worth: 'as-good' },
  'at least as good as': { worth: 'as-good' },
  'no worse than': { worth: 'as-good', denied: true },
  'not worse than': { worth: 'as-good', denied: true },
}

/** Verbs that say it without `be`. */
const VERBS: Readonly<Record<string, Relation | { readonly worth: Worth; readonly denied?: true }>> = {
  'not be worse than': { worth: 'as-good', denied: true },
  'not fall behind': { worth: 'as-good', denied: true },
  'not be lower than': { operator: '>=', denied: true },
  'not be higher than': { operator: '<=', denied: true },
  'not exceed': { operator: '<=', denied: true },
  exceed: { operator: '>' },
  surpass: { operator: '>' },
}

const ofWorth = (worth: Worth, better: 'higher' | 'lower'): Operator => {
  const strict = better === 'higher' ? '>' : '<'
  return worth === 'better' ? strict : `${strict}=`
}

/** `shall be at least that of the scorecard`, `shall not be worse than the champion by more than 0.01`. */
export function comparedWith(
  cursor: Cursor,
  frame: Frame,
  term: Term,
): { readonly model: string; readonly term: Term; readonly cel: string } | undefined {
  const { measure, better } = term
  if (measure === undefined || better === undefined) return undefined
  const relationIn = (
    words: Readonly<Record<string, Relation | { readonly worth: Worth; readonly denied?: true }>>,
  ) => {
    const found = words[cursor.take(...Object.keys(words)) ?? '']
    if (found === undefined || 'operator' in found) return found
    const { worth, ...rest } = found
    return { operator: ofWorth(worth, better), ...rest }
  }
  return cursor.attempt(() => {
    const verb = relationIn(VERBS)
    if (verb === undefined && cursor.take('be', 'stay', 'remain') === undefined) return undefined
    const margin = verb === undefined ? marginIn(cursor, frame) : undefined
    const relation = verb ?? relationIn({ ...NUMBERS, ...WORTHS })
    if (relation === undefined || (margin !== undefined && !isStrict(relation))) return undefined
    cursor.take('that of', 'the one of')
    return against(cursor, frame, term, measure, relation, margin)
  })
}

const isStrict = ({ operator }: Relation): boolean => operator === '>' || operator === '<'

/** `at least 0.01` of `at least 0.01 better than that of the scorecard`. */
function marginIn(cursor: Cursor, { vocabulary }: Frame): string | undefined {
  return cursor.attempt(() => {
    if (cursor.take('at least', 'by at least') === undefined) return undefined
    const amount = amountIn(cursor, vocabulary)?.cel
    if (amount === undefined) return undefined
    let follows = false
    // Looked at and left there: the relation reads it.
    cursor.attempt(() => {
      follows = cursor.take('better than', 'higher than', 'above', 'lower than', 'below') !== undefined
      return undefined
    })
    return follows ? amount : undefined
  })
}

function against(
  cursor: Cursor,
  { vocabulary }: Frame,
  term: Term,
  measure: Measure,
  relation: Relation,
  margin: string | undefined,
): { readonly model: string; readonly term: Term; readonly cel: string } | undefined {
  const model = modelIn(cursor, vocabulary.spec)
  if (model === undefined) return undefined
  const right = rightOf(cursor, relation, margin, () => amountIn(cursor, vocabulary)?.cel)
  if (right === undefined) return undefined
  const cel = `${callOf(measure)} ${right.operator} ${callOf(measure, model)}${right.more}`
  // Whoever is compared with the version in production is the one that would take its place.
  const own = term.model ?? (model === 'champion' ? 'challenger' : 'champion')
  return { model, term: { ...term, model: own, topic: [measure.metric, 'of', own, 'and', model] }, cel }
}

/** The operator, and what is added to the other model's number; undefined where the words make no sense together. */
function rightOf(
  cursor: Cursor,
  relation: Relation,
  margin: string | undefined,
  amount: () => string | undefined,
): { readonly operator: Operator; readonly more: string } | undefined {
  const { operator, denied } = relation
  const up = operator.startsWith('>')
  const orEqual: Operator = up ? '>=' : '<='
  if (margin !== undefined) return { operator: orEqual, more: ` ${up ? '+' : '-'} ${margin}` }
  // What is denied may fall short by so much; what is claimed has to go beyond by so much.
  const distances = denied === true ? ['by more than'] : isStrict(relation) ? ['by more than', 'by at least'] : []
  const word = cursor.take(...distances, 'plus', 'minus', 'less')
  if (word === undefined) return { operator, more: '' }
  const by = amount()
  if (by === undefined) return undefined
  if (word === 'plus') return { operator, more: ` + ${by}` }
  if (word === 'minus' || word === 'less') return { operator, more: ` - ${by}` }
  if (denied === true) return { operator, more: ` ${up ? '-' : '+'} ${by}` }
  return { operator: word === 'by at least' ? orEqual : operator, more: ` ${up ? '+' : '-'} ${by}` }
}
