import { quotedText } from '@plumbline/core'
import { boundIn, compared, openBoundIn, vagueIn, verbBoundIn } from './bounds.ts'
import type { Cursor } from './cursor.ts'
import { type ColumnRef, columnIn, type Vocabulary } from './names.ts'
import { saidOfRow } from './nouns.ts'
import { literalIn, literalsIn, valueIn } from './values.ts'

/** A condition on the cells of a row. */
export interface RowCondition {
  readonly dataset: string
  readonly cel: string
  /** What it asks, for its id. */
  readonly topic: string
  /** It speaks of what is there; a missing cell is another matter. */
  readonly present?: true
}

const BE = ['be', 'is', 'are', 'stay', 'stays', 'remain', 'remains', 'lie', 'lies', 'be kept', 'always be']
const NOT = ['not', 'never', "n't"]

/** What a cell is asked to be: `at least 18`, `one of a or b`, `missing`, `matching /…/`, after a verb. */
export function predicateIn(cursor: Cursor, ref: ColumnRef, vocabulary: Vocabulary): RowCondition | undefined {
  return cursor.attempt(() => {
    const never = cursor.take(...NOT) !== undefined
    const made = (cel: string, topic: string, more: Partial<RowCondition> = { present: true }): RowCondition => ({
      dataset: ref.dataset,
      cel,
      topic,
      ...more,
    })
    const verb = verbIn(cursor, ref, vocabulary, never)
    if (verb !== undefined) return made(verb.cel, verb.topic)
    if (cursor.take(...BE) === undefined) return undefined
    const not = never !== (cursor.take(...NOT) !== undefined)
    const missing = missingIn(cursor)
    if (missing !== undefined)
      return missing === not ? made(`${ref.cel} != null`, 'present', {}) : made(`${ref.cel} == null`, 'missing', {})
    const adjective = adjectiveIn(cursor, ref)
    if (adjective !== undefined) return made(not ? `!(${adjective})` : adjective, 'rows')
    const set = setIn(cursor, ref, vocabulary)
    if (set !== undefined) {
      const list = `${ref.cel} in [${set.join(', ')}]`
      return made(not ? `!(${list})` : list, 'values')
    }
    const comparisons = comparisonsIn(cursor, ref, vocabulary)
    if (comparisons !== undefined)
      return made(compared(ref.cel, comparisons, not), comparisons.length > 1 ? 'range' : 'rows')
    cursor.take('a', 'an')
    const value = literalIn(cursor, ref, vocabulary)
    if (value === undefined) return undefined
    if (ref.column.type.value === 'boolean') return made((value === 'true') === not ? `!${ref.cel}` : ref.cel, 'rows')
    return made(`${ref.cel} ${not ? '!=' : '=='} ${value}`, 'values')
  })
}

function comparisonsIn(cursor: Cursor, ref: ColumnRef, vocabulary: Vocabulary) {
  const value = (c: Cursor): string | undefined => valueIn(c, ref, vocabulary)
  const { value: type } = ref.column.type
  const open = type === 'integer' || type === 'number'
  return (
    boundIn(cursor, value) ??
    (open ? (openBoundIn(cursor, vocabulary) ?? vagueIn(cursor, vocabulary, undefined)) : undefined)
  )
}

const THERE = [
  'present',
  'known',
  'given',
  'there',
  'filled',
  'filled in',
  'available',
  'set',
  'provided',
  'recorded',
  'documented',
  'entered',
  'stated',
  'specified',
]

/** Whether a word asks for a cell to be missing, or to be there. */
export function missingIn(cursor: Cursor): boolean | undefined {
  if (cursor.take('missing', 'empty', 'null', 'absent', 'blank', 'unknown') !== undefined) return true
  return cursor.take(...THERE) === undefined ? undefined : false
}

function adjectiveIn(cursor: Cursor, { cel, column }: ColumnRef): string | undefined {
  const type = column.type.value
  if (type !== 'integer' && type !== 'number') return undefined
  const signs: Readonly<Record<string, string>> = {
    positive: '>',
    negative: '<',
    'non-negative': '>=',
    nonnegative: '>=',
    'not negative': '>=',
  }
  const sign = signs[cursor.take(...Object.keys(signs)) ?? '']
  return sign === undefined ? undefined : `${cel} ${sign} 0`
}

function setIn(cursor: Cursor, ref: ColumnRef, vocabulary: Vocabulary): readonly string[] | undefined {
  return cursor.attempt(() => {
    const one = cursor.take('one of', 'in', 'either', 'among', 'any of')
    if (one === undefined && ref.column.type.value !== 'category') return undefined
    if (one !== undefined) cursor.take(':', '[', '{')
    const values = literalsIn(cursor, ref, vocabulary)
    if (one !== undefined) cursor.take(']', '}')
    // `EUR or USD` is a list, one value alone is not.
    return one === undefined && (values?.length ?? 0) < 2 ? undefined : values
  })
}

/** Verbs that say all themselves: `exceed 5`, `match /…/`, `start with "a"`. */
function verbIn(
  cursor: Cursor,
  ref: ColumnRef,
  vocabulary: Vocabulary,
  never: boolean,
): { readonly cel: string; readonly topic: string } | undefined {
  const bound = verbBoundIn(cursor, (c) => valueIn(c, ref, vocabulary))
  if (bound !== undefined) return { cel: compared(ref.cel, bound, never), topic: 'rows' }
  if (ref.column.type.value !== 'text') return undefined
  const made = (cel: string): { readonly cel: string; readonly topic: string } => ({
    cel: never ? `!${cel}` : cel,
    topic: 'pattern',
  })
  const pattern = cursor.attempt(() => {
    if (cursor.take('match', 'matches', 'match the pattern', 'matches the pattern', 'match pattern') === undefined)
      return undefined
    return cursor.kind('pattern') ?? cursor.kind('text') ?? cursor.kind('code')
  })
  if (pattern !== undefined) {
    const text = pattern.kind === 'pattern' ? pattern.text.replaceAll('\\/', '/') : pattern.text
    return made(`${ref.cel}.matches(${quotedText(text)})`)
  }
  const METHODS: Readonly<Record<string, string>> = {
    'start with': 'startsWith',
    'starts with': 'startsWith',
    'begin with': 'startsWith',
    'begins with': 'startsWith',
    'end with': 'endsWith',
    'ends with': 'endsWith',
    contain: 'contains',
    contains: 'contains',
  }
  return cursor.attempt(() => {
    const method = METHODS[cursor.take(...Object.keys(METHODS)) ?? '']
    const text = method === undefined ? undefined : cursor.kind('text')
    return method === undefined || text === undefined
      ? undefined
      : made(`${ref.cel}.${method}(${quotedText(text.text)})`)
  })
}

/** `age is below 25`, `age < 25 and sex is female`, `the applicant is employed`; all of one dataset. */
export function conditionIn(cursor: Cursor, vocabulary: Vocabulary, among?: string): RowCondition | undefined {
  return cursor.attempt(() => {
    const first = atomIn(cursor, vocabulary, among)
    if (first === undefined) return undefined
    const parts = [first]
    let joint: string | undefined
    for (;;) {
      const next = cursor.attempt(() => {
        const word = cursor.take('and', 'or')
        if (word === undefined || (joint !== undefined && word !== joint)) return undefined
        const atom = atomIn(cursor, vocabulary, first.dataset)
        if (atom !== undefined) joint = word
        return atom
      })
      if (next === undefined) break
      parts.push(next)
    }
    const inner = parts.length > 1 ? parts.map(({ cel }) => (/&&|\|\|/.test(cel) ? `(${cel})` : cel)) : [first.cel]
    return { ...first, cel: inner.join(joint === 'or' ? ' || ' : ' && ') }
  })
}

function atomIn(cursor: Cursor, vocabulary: Vocabulary, among?: string): RowCondition | undefined {
  return (
    cursor.attempt(() => {
      const ref = columnIn(cursor, vocabulary, among)
      if (ref === undefined) return undefined
      const bound = boundIn(cursor, (c) => valueIn(c, ref, vocabulary))
      if (bound !== undefined)
        return { dataset: ref.dataset, cel: compared(ref.cel, bound), topic: 'rows', present: true as const }
      return predicateIn(cursor, ref, vocabulary)
    }) ??
    cursor.attempt(() => {
      // `the applicant is employed`: a column of yes and no is a word about somebody.
      if (!saidOfRow(cursor, vocabulary)) return undefined
      const never = cursor.take(...NOT) !== undefined
      const ref = columnIn(cursor, vocabulary, among)
      if (ref?.column.type.value !== 'boolean') return undefined
      return { dataset: ref.dataset, cel: never ? `!${ref.cel}` : ref.cel, topic: 'rows', present: true as const }
    })
  )
}
