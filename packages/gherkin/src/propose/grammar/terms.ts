import type { Cursor } from './cursor.ts'
import { conditionIn } from './conditions.ts'
import { callOf, type Measure, measureIn } from './measures.ts'
import { betterOf, distanceIn } from './metrics.ts'
import { type ColumnRef, columnIn, columnsIn, modelIn, type Vocabulary } from './names.ts'
import { groupIn, rowsNounIn } from './nouns.ts'
import { relationIn } from './qualifiers.ts'
import { sizeTerm } from './sizes.ts'
import { literalIn } from './values.ts'

/** A number that a sentence is about. */
export interface Term {
  readonly cel: string
  /** What its clause is called, in parts. */
  readonly topic: readonly string[]
  /** What it is asked of where the sentence does not say. */
  readonly of: 'model' | 'data' | 'requests' | 'release' | 'artifact'
  readonly dataset?: string
  readonly model?: string
  /** The metric, where it is one and nothing more: it may be compared with that of another model. */
  readonly measure?: Measure
  readonly better?: 'higher' | 'lower'
  /** The unit of the column it is measured in. */
  readonly unit?: string
  /** What the sentence left to be assumed about it. */
  readonly assumed?: string
}

/** An aggregate, a metric, a distance or a latency. */
export function termIn(cursor: Cursor, vocabulary: Vocabulary): Term | undefined {
  return cursor.attempt(() => {
    cursor.take('the', 'an', 'a')
    cursor.take('overall', 'observed')
    return (
      latencyIn(cursor) ??
      sizeTerm(cursor, vocabulary) ??
      acrossIn(cursor, vocabulary) ??
      distanceTerm(cursor, vocabulary) ??
      metricTerm(cursor, vocabulary) ??
      countIn(cursor, vocabulary) ??
      shareIn(cursor, vocabulary) ??
      momentIn(cursor, vocabulary) ??
      correlationIn(cursor, vocabulary)
    )
  })
}

function latencyIn(cursor: Cursor): Term | undefined {
  return cursor.attempt(() => {
    const quantile = quantileWord(cursor)
    if (cursor.take('latency', 'response time', 'answer time') === undefined) return undefined
    const after = quantile ?? (cursor.take('at', 'at the') === undefined ? undefined : quantileWord(cursor))
    return after === undefined
      ? undefined
      : { cel: `latency_ms(${after})`, topic: ['latency'], of: 'release', better: 'lower' }
  })
}

/** `p99`, `99th percentile`, `median`, `95 % quantile`. */
function quantileWord(cursor: Cursor): string | undefined {
  return cursor.attempt(() => {
    if (cursor.take('median') !== undefined) return '0.5'
    const [, short] = /^p(\d\d?(?:\.\d+)?)$/.exec(cursor.peek()?.lower ?? '') ?? []
    if (short !== undefined) {
      cursor.skip(1)
      return share(short)
    }
    const number = cursor.kind('number')
    if (number?.value === undefined) return undefined
    if (number.percent === true) return cursor.take('quantile') === undefined ? undefined : number.value
    if (cursor.take('th percentile', 'st percentile', 'nd percentile', 'rd percentile', 'percentile') === undefined)
      return undefined
    return share(number.value)
  })
}

const share = (percent: string): string => String(Number((Number(percent) / 100).toPrecision(12)))

function metricTerm(cursor: Cursor, vocabulary: Vocabulary): Term | undefined {
  return cursor.attempt(() => {
    const measure = measureIn(cursor, vocabulary)
    if (measure === undefined) return undefined
    const model = modelOfTerm(cursor, vocabulary)
    const better = betterOf(measure.metric)
    return {
      cel: callOf(measure),
      topic: ['metric', measure.metric],
      of: 'model',
      measure,
      ...(model === undefined ? {} : { model }),
      ...(better === undefined ? {} : { better }),
    }
  })
}

/** `of the champion`, `of the model`. */
export function modelOfTerm(cursor: Cursor, vocabulary: Vocabulary): string | undefined {
  return cursor.attempt(() => {
    if (cursor.take('of') === undefined) return undefined
    const named = modelIn(cursor, vocabulary.spec)
    if (named !== undefined) return named
    return cursor.take('the model', 'the predictions', 'the classifier') === undefined ? undefined : 'champion'
  })
}

const GAPS = ['difference', 'gap', 'disparity']

/** `recall difference across sex`, `difference in recall between the groups of sex`, `ratio of recalls across sex`. */
function acrossIn(cursor: Cursor, vocabulary: Vocabulary): Term | undefined {
  return (
    cursor.attempt(() => {
      const measure = measureIn(cursor, vocabulary)
      const kind = measure === undefined ? undefined : cursor.take(...GAPS, 'ratio')
      return measure === undefined || kind === undefined ? undefined : across(cursor, vocabulary, measure, kind)
    }) ??
    cursor.attempt(() => {
      const kind = cursor.take(...GAPS, 'ratio')
      if (kind === undefined || cursor.take('in the', 'of the', 'in', 'of') === undefined) return undefined
      const measure = measureIn(cursor, vocabulary)
      return measure === undefined ? undefined : across(cursor, vocabulary, measure, kind)
    })
  )
}

function across(cursor: Cursor, vocabulary: Vocabulary, measure: Measure, kind: string): Term | undefined {
  const model = modelOfTerm(cursor, vocabulary)
  if (
    cursor.take('across the groups of', 'between the groups of', 'between groups of', 'across', 'over', 'by') ===
    undefined
  )
    return undefined
  const ref = columnIn(cursor, vocabulary)
  if (ref === undefined) return undefined
  const isRatio = kind === 'ratio'
  return {
    cel: `${isRatio ? 'ratio_across' : 'gap_across'}(${ref.cel}, ${callOf(measure)})`,
    topic: [isRatio ? 'ratio' : 'difference', measure.metric, ref.column.name],
    of: 'model',
    better: isRatio ? 'higher' : 'lower',
    ...(model === undefined ? {} : { model }),
  }
}

/** `drift of age from accounts.train`, `PSI of any column against train`. */
function distanceTerm(cursor: Cursor, vocabulary: Vocabulary): Term | undefined {
  return cursor.attempt(() => {
    const distance = distanceIn(cursor)
    if (distance === undefined || cursor.take('of', 'in') === undefined) return undefined
    const all = cursor.take(
      'any column',
      'every column',
      'all columns',
      'each column',
      'the columns',
      'any input',
      'every input',
    )
    const ref = all === undefined ? columnIn(cursor, vocabulary) : undefined
    if (all === undefined && ref === undefined) return undefined
    const from = cursor.attempt(() =>
      cursor.take(
        'from',
        'versus',
        'vs',
        'against',
        'compared with',
        'compared to',
        'relative to',
        'between requests and',
      ) === undefined
        ? undefined
        : relationIn(cursor, vocabulary),
    )
    const dataset = ref?.dataset ?? vocabulary.spec.models.get('champion')?.input?.from.value
    const splits = [...(vocabulary.spec.data.get(dataset ?? '')?.splits.keys() ?? [])]
    const train = splits.find((split) => /^(?:train|training|learn)$/.test(split))
    const named = from !== undefined && splits.includes(from) ? `${dataset}.${from}` : from
    const reference = named ?? (train === undefined ? dataset : `${dataset}.${train}`)
    if (reference === undefined || dataset === undefined) return undefined
    const inner = `${distance}(${ref?.cel ?? 'column'}, ${reference})`
    return {
      cel: ref === undefined ? `max_over(columns, ${inner})` : inner,
      topic: ['drift', distance, ref?.column.name ?? 'columns'],
      of: 'requests',
      dataset,
      better: betterOf(distance) ?? 'lower',
      ...(from === undefined ? { assumed: `It is measured from ${reference}, which the sentence does not name.` } : {}),
    }
  })
}

function countIn(cursor: Cursor, vocabulary: Vocabulary): Term | undefined {
  return (
    cursor.attempt(() => {
      const distinct = cursor.take(
        'number of distinct values of',
        'number of different values of',
        'number of distinct',
        'number of different',
        'count of distinct',
        'distinct values of',
      )
      const ref = distinct === undefined ? undefined : columnIn(cursor, vocabulary)
      return ref && data(ref.dataset, `distinct(${ref.cel})`, 'distinct', ref.column.name)
    }) ??
    cursor.attempt(() => {
      if (
        cursor.take('number of duplicates of', 'number of duplicates in', 'number of duplicate rows by') === undefined
      )
        return undefined
      const refs = columnsIn(cursor, vocabulary)
      const [first] = refs ?? []
      return (
        first &&
        data(
          first.dataset,
          `duplicates(${refs?.map(({ cel }) => cel).join(', ')})`,
          'duplicates',
          ...(refs ?? []).map(({ column }) => column.name),
        )
      )
    }) ??
    cursor.attempt(() => {
      if (cursor.take('number of') === undefined) return undefined
      const ref = columnIn(cursor, vocabulary) ?? columnIn(cursor, vocabulary)
      if (ref === undefined || cursor.take('in both', 'shared by', 'common to') === undefined) return undefined
      const first = relationIn(cursor, vocabulary)
      if (first === undefined || cursor.take('and') === undefined) return undefined
      const second = relationIn(cursor, vocabulary)
      if (second === undefined) return undefined
      const whole = (name: string): string =>
        name.includes('.') || vocabulary.spec.data.has(name) ? name : `${ref.dataset}.${name}`
      return data(ref.dataset, `overlap(${whole(first)}, ${whole(second)}, ${ref.cel})`, 'overlap', ref.column.name)
    }) ??
    cursor.attempt(() =>
      cursor.take(
        'number of rows',
        'row count',
        'count of rows',
        'number of records',
        'number of cases',
        'number of requests',
      ) === undefined
        ? undefined
        : { cel: 'count()', topic: ['row-count'], of: 'data' },
    )
  )
}

const data = (dataset: string, cel: string, ...topic: readonly string[]): Term => ({ cel, topic, of: 'data', dataset })

function shareIn(cursor: Cursor, vocabulary: Vocabulary): Term | undefined {
  return (
    cursor.attempt(() => {
      const words = [
        'missing rate of',
        'missing share of',
        'share of missing values of',
        'share of missing values in',
        'share of missing',
        'rate of missing values of',
        'rate of missing values in',
        'rate of missing',
        'proportion of missing values of',
        'proportion of missing values in',
        'percentage of missing values in',
        'percentage of missing values of',
        'null rate of',
        'null share of',
      ]
      const ref = cursor.take(...words) === undefined ? undefined : columnIn(cursor, vocabulary)
      return ref && data(ref.dataset, `null_share(${ref.cel})`, 'missing', ref.column.name)
    }) ??
    cursor.attempt(() => {
      if (cursor.take('share of', 'proportion of', 'percentage of', 'fraction of', 'rate of') === undefined)
        return undefined
      const rows = cursor.attempt(() => {
        const word = rowsNounIn(cursor, vocabulary)
        return word === undefined
          ? undefined
          : cursor.take('where', 'in which', 'with', 'whose', 'for which', 'that have')
      })
      const condition = rows === undefined ? undefined : conditionIn(cursor, vocabulary)
      if (condition !== undefined)
        return data(condition.dataset, `share(${condition.cel})`, 'share', slugged(condition.cel))
      return rows === undefined ? (shareOfGroup(cursor, vocabulary) ?? shareOfValue(cursor, vocabulary)) : undefined
    })
  )
}

const slugged = (cel: string): string => cel.replaceAll(/[^a-z0-9_]+/gi, '-').replaceAll(/^-|-$/g, '')

/** `share of diabetic patients`, of which there is one column to speak of. */
const shareOfGroup = (cursor: Cursor, vocabulary: Vocabulary): Term | undefined =>
  cursor.attempt(() => {
    const group = groupIn(cursor, vocabulary)
    if (group === undefined || rowsNounIn(cursor, vocabulary) === undefined || 'slice' in group) return undefined
    // `of customers of north` and the like would be read as the share among all.
    return ['in', 'of', 'among'].includes(cursor.peek()?.lower ?? '')
      ? undefined
      : data(group.dataset, `share(${group.cel})`, 'share', slugged(group.cel))
  })

/** `share of default`, `share of female in sex`. */
function shareOfValue(cursor: Cursor, vocabulary: Vocabulary): Term | undefined {
  const plain = cursor.attempt(() => {
    const ref = columnIn(cursor, vocabulary)
    return ref?.column.type.value === 'boolean'
      ? data(ref.dataset, `share(${ref.cel})`, 'share', ref.column.name)
      : undefined
  })
  if (plain !== undefined) return plain
  for (const [dataset, { columns }] of vocabulary.spec.data)
    for (const column of columns.values()) {
      if (column.type.value !== 'category') continue
      const found = cursor.attempt(() => {
        const ref = { dataset, column, cel: column.name }
        const value = literalIn(cursor, ref, vocabulary)
        if (value === undefined) return undefined
        cursor.take('rows', 'cases', 'applicants', 'customers', 'people')
        if (cursor.take('in', 'of', 'among') === undefined) return undefined
        const there = columnIn(cursor, vocabulary)
        return there?.column.name === column.name
          ? data(there.dataset, `share(${there.cel} == ${value})`, 'share', column.name, slugged(value))
          : undefined
      })
      if (found !== undefined) return found
    }
  return undefined
}

const MOMENTS: Readonly<Record<string, string>> = {
  mean: 'mean',
  average: 'mean',
  median: 'median',
  sum: 'sum',
  total: 'sum',
  variance: 'variance',
  'standard deviation': 'stddev',
  minimum: 'min',
  least: 'min',
  lowest: 'min',
  smallest: 'min',
  maximum: 'max',
  greatest: 'max',
  highest: 'max',
  largest: 'max',
}

const inUnit = ({ column }: ColumnRef, term: Term): Term =>
  column.unit === undefined ? term : { ...term, unit: column.unit.value }

function momentIn(cursor: Cursor, vocabulary: Vocabulary): Term | undefined {
  return (
    cursor.attempt(() => {
      const name = MOMENTS[cursor.take(...Object.keys(MOMENTS)) ?? '']
      if (name === undefined) return undefined
      cursor.take('value of', 'of')
      const ref = columnIn(cursor, vocabulary)
      return ref && inUnit(ref, data(ref.dataset, `${name}(${ref.cel})`, name, ref.column.name))
    }) ??
    cursor.attempt(() => {
      const at = quantileWord(cursor)
      if (at === undefined || cursor.take('of') === undefined) return undefined
      const ref = columnIn(cursor, vocabulary)
      return ref && inUnit(ref, data(ref.dataset, `quantile(${ref.cel}, ${at})`, 'quantile', ref.column.name))
    })
  )
}

const DEPENDENCE: Readonly<Record<string, string>> = {
  'correlation of': 'correlation',
  'correlation between': 'correlation',
  'mutual information of': 'mutual_information',
  'mutual information between': 'mutual_information',
}

function correlationIn(cursor: Cursor, vocabulary: Vocabulary): Term | undefined {
  return cursor.attempt(() => {
    const word = cursor.take(...Object.keys(DEPENDENCE))
    const measure = DEPENDENCE[word ?? '']
    if (measure === undefined) return undefined
    const first = columnIn(cursor, vocabulary)
    if (first === undefined || cursor.take('and', 'with') === undefined) return undefined
    const second = columnIn(cursor, vocabulary, first.dataset)
    return (
      second &&
      data(
        first.dataset,
        `${measure}(${first.cel}, ${second.cel})`,
        measure === 'correlation' ? measure : 'told',
        first.column.name,
        second.column.name,
      )
    )
  })
}
