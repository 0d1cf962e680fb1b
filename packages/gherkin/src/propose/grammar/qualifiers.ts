import type { Cursor } from './cursor.ts'
import { conditionIn } from './conditions.ts'
import { columnIn, datasetIn, keysOf, nameIn, sliceIn, type Vocabulary } from './names.ts'
import { groupIn, rowNounIn, rowsNounIn } from './nouns.ts'
import { amountIn, spanIn } from './numbers.ts'

/** A slice that the spec does not have yet. */
export interface NewSlice {
  readonly name: string
  readonly cel: string
}

/** What a sentence says beside its subject and its bound. */
export interface Qualifiers {
  /** `test`, `accounts.train`, `requests`. */
  on?: string
  slices: string[]
  newSlice?: NewSlice
  confidence?: string
  leastRows?: string
  mostly?: string
  missing?: 'exclude' | 'pass'
  window?: number
  inARow?: string
  always?: true
  within?: number
}

/** Reads what qualifies, as long as it does. */
export function qualifiersIn(cursor: Cursor, vocabulary: Vocabulary, into: Qualifiers): void {
  for (;;) {
    const read = cursor.attempt(
      () =>
        certaintyIn(cursor, vocabulary, into) ??
        timeIn(cursor, into) ??
        sliceOf(cursor, vocabulary, into) ??
        relationOf(cursor, vocabulary, into) ??
        missingOf(cursor, into),
    )
    if (read === undefined) return
  }
}

function certaintyIn(cursor: Cursor, vocabulary: Vocabulary, into: Qualifiers): true | undefined {
  return (
    cursor.attempt(() => {
      if (cursor.take('with', 'at a', 'at') === undefined) return undefined
      const level = amountIn(cursor, vocabulary)
      if (level?.percent !== true || cursor.take('confidence', 'certainty') === undefined) return undefined
      into.confidence = level.cel
      return true
    }) ??
    cursor.attempt(() => {
      if (cursor.take('on at least', 'over at least', 'from at least') === undefined) return undefined
      const count = amountIn(cursor, vocabulary)
      if (count === undefined || rowsNounIn(cursor, vocabulary) === undefined) return undefined
      into.leastRows = count.cel
      return true
    })
  )
}

const WINDOWS: Readonly<Record<string, number>> = { hour: 3.6e9, day: 8.64e10, week: 6.048e11 }

function timeIn(cursor: Cursor, into: Qualifiers): true | undefined {
  return (
    cursor.attempt(() => {
      if (cursor.take('for', 'in', 'over') === undefined) return undefined
      const count = cursor.kind('number')?.value ?? wordCount(cursor)
      const unit = cursor.take(
        'consecutive windows',
        'windows in a row',
        'successive windows',
        'consecutive days',
        'days in a row',
        'consecutive weeks',
        'weeks in a row',
        'consecutive hours',
        'hours in a row',
      )
      if (count === undefined || unit === undefined) return undefined
      into.inARow = count
      const [, every] = /(hour|day|week)/.exec(unit) ?? []
      if (every !== undefined) into.window = WINDOWS[every] ?? 0
      else if (cursor.take('of') !== undefined) {
        const window = spanIn(cursor)
        if (window === undefined) return undefined
        into.window = window
      }
      into.always = true
      return true
    }) ??
    cursor.attempt(() => {
      if (
        cursor.take(
          'in every',
          'in each',
          'every',
          'each',
          'per',
          'over windows of',
          'in every window of',
          'in windows of',
        ) === undefined
      )
        return undefined
      const word = cursor.take('window of', 'window')
      const unit = word === 'window' ? undefined : cursor.take('hour', 'day', 'week')
      const window = unit === undefined ? (word === 'window' ? undefined : spanIn(cursor)) : WINDOWS[unit]
      if (word !== 'window' && window === undefined) return undefined
      if (window !== undefined) into.window = window
      into.always = true
      return true
    }) ??
    cursor.attempt(() => {
      const daily = cursor.take('daily', 'weekly', 'hourly')
      if (daily === undefined) return undefined
      into.window = WINDOWS[daily === 'daily' ? 'day' : daily.slice(0, -2)] ?? 0
      into.always = true
      return true
    }) ??
    cursor.attempt(() => {
      if (cursor.take('within') === undefined) return undefined
      const span = spanIn(cursor)
      if (span === undefined) return undefined
      into.within = span
      return true
    })
  )
}

const COUNTS: Readonly<Record<string, string>> = { two: '2', three: '3', four: '4', five: '5', seven: '7' }
const wordCount = (cursor: Cursor): string | undefined => COUNTS[cursor.take(...Object.keys(COUNTS)) ?? '']

/** `for every patient`, `for all customers`: of every row, which is no qualification. */
const ofAll = (cursor: Cursor, vocabulary: Vocabulary): true | undefined =>
  cursor.attempt(() => {
    const one = cursor.take('for every', 'for each', 'in every', 'in each')
    const read =
      one === undefined
        ? cursor.take('for all', 'in all', 'for all the') && rowsNounIn(cursor, vocabulary)
        : rowNounIn(cursor, vocabulary)
    // What follows would pick some of them.
    return read === undefined || PICKS.has(cursor.peek()?.lower ?? '') ? undefined : true
  })

const PICKS = new Set(['who', 'whose', 'with', 'where', 'that', 'of', 'in', 'under', 'over', 'below', 'above'])

/** `for diabetic patients`, `among all customers who are not employed`. */
const ofGroup = (cursor: Cursor, vocabulary: Vocabulary, into: Qualifiers): true | undefined =>
  cursor.attempt(() => {
    if (cursor.take('for', 'among', 'in') === undefined) return undefined
    cursor.quietly('all', 'every', 'each', 'the', 'all the', 'those')
    const after = cursor.attempt(() => {
      const noun = rowsNounIn(cursor, vocabulary) ?? rowNounIn(cursor, vocabulary)
      if (noun === undefined || cursor.take('who are', 'that are', 'who is', 'that is') === undefined) return undefined
      return groupIn(cursor, vocabulary)
    })
    const before = cursor.attempt(() => {
      const group = after === undefined ? groupIn(cursor, vocabulary) : undefined
      const noun = group && (rowsNounIn(cursor, vocabulary) ?? rowNounIn(cursor, vocabulary))
      return noun === undefined ? undefined : group
    })
    const group = after ?? before
    if (group === undefined) return undefined
    if ('slice' in group) into.slices.push(group.slice)
    else if (into.newSlice !== undefined) return undefined
    else into.newSlice = { name: sliceName(group.cel), cel: group.cel }
    return true
  })

function sliceOf(cursor: Cursor, vocabulary: Vocabulary, into: Qualifiers): true | undefined {
  return (
    ofAll(cursor, vocabulary) ??
    ofGroup(cursor, vocabulary, into) ??
    cursor.attempt(() => {
      const each = cursor.take(
        'for each',
        'for every',
        'by',
        'per',
        'at every',
        'at each',
        'for each value of',
        'for all values of',
        'in each',
        'in every',
      )
      if (each === undefined) return undefined
      cursor.take('level of', 'value of', 'group of', 'category of')
      const ref = columnIn(cursor, vocabulary)
      if (ref === undefined) return undefined
      cursor.take('group', 'groups', 'level', 'category')
      into.slices.push(`by ${ref.column.name}`)
      return true
    }) ??
    cursor.attempt(() => {
      if (cursor.take('for', 'among', 'in', 'on', 'of') === undefined) return undefined
      const name = sliceIn(cursor, vocabulary.spec)
      if (name === undefined) return undefined
      into.slices.push(name)
      return true
    }) ??
    cursor.attempt(() => {
      const begin = cursor.take(
        'for rows where',
        'for cases where',
        'for those where',
        'among rows where',
        'among those where',
        'on rows where',
        'where',
        'for applicants whose',
        'for customers whose',
        'for people whose',
        'for those whose',
        'among applicants whose',
        'when',
        'if',
      )
      if (begin === undefined || into.newSlice !== undefined) return undefined
      const from = cursor.peek()?.start
      const condition = conditionIn(cursor, vocabulary)
      if (condition === undefined || from === undefined) return undefined
      into.newSlice = { name: sliceName(condition.cel), cel: condition.cel }
      return true
    })
  )
}

/** A name for a slice, made of what its condition says. */
export function sliceName(cel: string): string {
  const words = cel
    .replaceAll('<=', ' at most ')
    .replaceAll('>=', ' at least ')
    .replaceAll('<', ' below ')
    .replaceAll('>', ' above ')
    .replaceAll('!', ' not ')
  const name = (words.toLowerCase().match(/[a-z0-9_]+/g) ?? []).join('_').slice(0, 40).replace(/_+$/, '')
  if (!/[<>=! ]/.test(cel)) return `${name}_only`
  return /^[a-z]/.test(name) ? name : `part_${name}`
}

/** `on test`, `on the training split`, `of accounts.train`, `in production`. */
export function relationOf(cursor: Cursor, vocabulary: Vocabulary, into: Qualifiers): true | undefined {
  return cursor.attempt(() => {
    if (
      cursor.take(
        'in production',
        'on requests',
        'on live traffic',
        'of requests',
        'in live traffic',
        'on production traffic',
        'of the requests',
      ) !== undefined
    ) {
      if (into.on !== undefined) return undefined
      into.on = 'requests'
      return true
    }
    if (cursor.take('on', 'in', 'of', 'from') === undefined) return undefined
    const on = relationIn(cursor, vocabulary)
    if (on === undefined || into.on !== undefined) return undefined
    into.on = on
    return true
  })
}

const SPLIT_WORDS: Readonly<Record<string, RegExp>> = {
  test: /^(?:test|testing|holdout)$/,
  train: /^(?:train|training|learn)$/,
  validation: /^(?:validation|valid|val|dev)$/,
}

/** A relation by its name, or a split by a word for it. */
export function relationIn(cursor: Cursor, { spec }: Vocabulary): string | undefined {
  return cursor.attempt(() => {
    cursor.take('the')
    const names = new Map<string, string>([['requests', 'requests']])
    for (const [dataset, { splits }] of spec.data) {
      names.set(dataset, dataset)
      for (const split of splits.keys()) {
        names.set(`${dataset}.${split}`, `${dataset}.${split}`)
        if (!names.has(split)) names.set(split, split)
        const word = Object.entries(SPLIT_WORDS).find(([, pattern]) => pattern.test(split))?.[0]
        for (const also of word === 'train'
          ? ['train', 'training']
          : word === 'test'
            ? ['test', 'testing', 'holdout']
            : word === undefined
              ? []
              : [word])
          if (!names.has(also)) names.set(also, split)
      }
      for (const model of [...spec.models.keys(), 'challenger'])
        for (const split of splits.keys()) names.set(`${model}.${split}`, `${model}.${split}`)
    }
    const found = nameIn(cursor, names, 'a dataset or split')
    if (found === undefined) return undefined
    cursor.take('split', 'set', 'data', 'dataset', 'rows', 'data set')
    // `the test split of accounts`
    const of = cursor.attempt(() => (cursor.take('of') === undefined ? undefined : datasetIn(cursor, spec)))
    return of !== undefined && keysOf(spec.data.get(of)?.splits ?? new Map()).has(found) ? `${of}.${found}` : found
  })
}

function missingOf(cursor: Cursor, into: Qualifiers): true | undefined {
  if (
    cursor.take(
      'excluding missing values',
      'ignoring missing values',
      'if known',
      'where known',
      'if present',
      'where present',
      'if given',
    ) === undefined
  )
    return undefined
  into.missing = 'exclude'
  return true
}
