import { boundIn, compared } from './bounds.ts'
import { conditionIn, predicateIn, type RowCondition } from './conditions.ts'
import type { Cursor } from './cursor.ts'
import { sameWhatever } from './dependence.ts'
import { type Frame, modalIn } from './frame.ts'
import { type ColumnRef, type Vocabulary, columnIn, columnsIn } from './names.ts'
import { rowNounIn, rowsNounIn } from './nouns.ts'
import { amountIn } from './numbers.ts'
import { qualifiersIn } from './qualifiers.ts'
import type { SentenceReading } from './reading.ts'
import { withDataset } from './relations.ts'
import { valueIn } from './values.ts'

/** `Every age shall be at least 18`, `The id and the age shall be unique`, `No income shall be negative`. */
export function columnSentence(cursor: Cursor, frame: Frame): SentenceReading | undefined {
  const { vocabulary, qualifiers } = frame
  const mostly = shareOfRows(cursor, vocabulary)
  if (mostly !== undefined) qualifiers.mostly = mostly
  const none = cursor.take('no') !== undefined
  if (!none)
    cursor.take(
      'every value of',
      'each value of',
      'all values of',
      'every',
      'each',
      'all',
      'any',
      'the combination of',
      'the value of',
      'the values of',
    )
  const refs = columnsIn(cursor, vocabulary)
  const [ref] = refs ?? []
  if (refs === undefined || ref === undefined) return undefined
  qualifiersIn(cursor, vocabulary, qualifiers)
  const modal = modalIn(cursor)
  if (modal === undefined) return undefined
  const relation = (): string =>
    qualifiers.on === undefined ? ref.dataset : withDataset(qualifiers.on, ref.dataset, vocabulary.spec)
  const identifies = cursor.take(
    'be unique',
    'uniquely identify a row',
    'uniquely identify each row',
    'identify a row',
    'be distinct',
    'never repeat',
    'not repeat',
  )
  if (identifies !== undefined && !none) {
    qualifiersIn(cursor, vocabulary, qualifiers)
    const cel = `duplicates(${refs.map(({ cel }) => cel).join(', ')}) == 0`
    return {
      asked: { form: 'must', of: relation(), cel },
      topic: ['unique', ...refs.map(({ column }) => column.name)],
      qualifiers,
      assumed: [],
      ...modal,
    }
  }
  const free = cursor.attempt(() => independent(cursor, frame, ref.column.name))
  if (free !== undefined && refs.length === 1) return { ...free, qualifiers, assumed: [], ...modal }
  if (refs.length > 1) return undefined
  const condition = predicateIn(cursor, ref, vocabulary)
  if (condition === undefined) return undefined
  const more = cursor.attempt(() =>
    cursor.take('and') === undefined ? undefined : predicateIn(cursor, ref, vocabulary),
  )
  qualifiersIn(cursor, vocabulary, qualifiers)
  const both =
    more === undefined
      ? condition.cel
      : [condition.cel, more.cel].map((cel) => (cel.includes('||') ? `(${cel})` : cel)).join(' && ')
  const cel = none ? negated(both) : both
  const present = condition.present === true && (more === undefined || more.present === true)
  const values = condition.topic === 'range' || condition.topic === 'present' ? [] : [idOf(cel, ref.column.name)]
  return {
    asked: { form: 'every', of: relation(), cel, present },
    topic: [condition.topic, ref.column.name, ...values],
    qualifiers,
    assumed: [],
    ...modal,
  }
}

const negated = (cel: string): string => (/^[\w."[\]]+ == null$/.test(cel) ? cel.replace('==', '!=') : `!(${cel})`)
const idOf = (cel: string, column: string): string => cel.replaceAll(new RegExp(`\\b${column}\\b`, 'g'), '')

/** `At least 99 % of the values of`, `at least 95 % of rows`. */
function shareOfRows(cursor: Cursor, vocabulary: Vocabulary): string | undefined {
  return cursor.attempt(() => {
    if (cursor.take('at least') === undefined) return undefined
    const amount = amountIn(cursor, vocabulary)
    if (amount?.percent !== true && amount?.cel !== vocabulary.hole) return undefined
    const ofRows = cursor.attempt(
      () => cursor.quietly('of the', 'of all', 'of all the', 'of') && rowsNounIn(cursor, vocabulary),
    )
    if (ofRows !== undefined) return amount.cel
    return cursor.take('of the values of', 'of values of', 'of all values of', 'of the', 'of rows') === undefined
      ? undefined
      : amount.cel
  })
}

/** `every row`, `all the patients`, `customers`. */
const allRows = (cursor: Cursor, vocabulary: Vocabulary): string | undefined =>
  cursor.take('every row', 'each row', 'all rows', 'rows', 'the rows') ??
  cursor.attempt(() =>
    cursor.quietly('every', 'each') === undefined
      ? (cursor.quietly('all the', 'all', 'the'), rowsNounIn(cursor, vocabulary))
      : rowNounIn(cursor, vocabulary),
  )

/** `an age of at least 18`, after `have`. */
const cellIn = (cursor: Cursor, vocabulary: Vocabulary): RowCondition | undefined =>
  cursor.attempt(() => {
    const ref: ColumnRef | undefined = columnIn(cursor, vocabulary)
    if (ref === undefined || cursor.take('of') === undefined) return undefined
    const bound = boundIn(cursor, (c) => valueIn(c, ref, vocabulary))
    // What a cell is asked to be is asked of the cells that are there.
    return bound && { dataset: ref.dataset, cel: compared(ref.cel, bound), topic: 'rows', present: true }
  })

/** `Every row shall satisfy …`, `At least 99 % of rows shall have …`. */
export function rowsSentence(cursor: Cursor, frame: Frame): SentenceReading | undefined {
  const { vocabulary, qualifiers } = frame
  const mostly = shareOfRows(cursor, vocabulary)
  if (mostly === undefined && allRows(cursor, vocabulary) === undefined) return undefined
  qualifiersIn(cursor, vocabulary, qualifiers)
  const modal = modalIn(cursor)
  if (modal === undefined || cursor.take('satisfy', 'fulfil', 'have', 'meet') === undefined) return undefined
  const code = cursor.kind('code')
  cursor.quietly('a', 'an')
  const condition = code === undefined ? (cellIn(cursor, vocabulary) ?? conditionIn(cursor, vocabulary)) : undefined
  const cel = code?.text ?? condition?.cel
  if (cel === undefined) return undefined
  qualifiersIn(cursor, vocabulary, qualifiers)
  if (mostly !== undefined) qualifiers.mostly = mostly
  const [first = ''] = vocabulary.spec.data.keys()
  const dataset = condition?.dataset ?? datasetOf(cel, vocabulary) ?? first
  const of = qualifiers.on === undefined ? dataset : withDataset(qualifiers.on, dataset, vocabulary.spec)
  return { asked: { form: 'every', of, cel, present: false }, topic: ['rows', cel], qualifiers, assumed: [], ...modal }
}

const datasetOf = (cel: string, { spec }: Vocabulary): string | undefined => {
  const words = new Set(cel.match(/\w+/g))
  return [...spec.data].find(([, { columns }]) => [...columns.keys()].some((name) => words.has(name)))?.[0]
}

/** `never decide`, `have no influence on the decision`: the answer is the same whatever it is. */
function independent(
  cursor: Cursor,
  { vocabulary }: Frame,
  column: string,
): Pick<SentenceReading, 'asked' | 'topic'> | undefined {
  if (
    cursor.take(
      'never decide',
      'not decide',
      'have no influence on the decision',
      'have no effect on the decision',
      'never change the decision',
      'not change the decision',
      'not influence the decision',
      'never influence the decision',
    ) === undefined
  )
    return undefined
  return sameWhatever(vocabulary, 'champion', 'decision', column)
}
