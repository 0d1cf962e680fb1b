import { quotedText } from '@plumbline/core'
import { modelOf } from '../../steps/scene.ts'
import type { Cursor } from './cursor.ts'
import { metricIn, takesArguments } from './metrics.ts'
import { columnIn, type Vocabulary } from './names.ts'
import { amountIn } from './numbers.ts'
import { literalIn } from './values.ts'

/** A metric with what it is asked with: `lift` at 0.1, `recall_at` of 10 per customer. */
export interface Measure {
  readonly metric: string
  readonly args: readonly string[]
}

/** A measure as CEL calls it, of another model where one is named. */
export const callOf = ({ metric, args }: Measure, model?: string): string =>
  `${metric}(${[...args, ...(model === undefined ? [] : [model])].join(', ')})`

/** A metric and its arguments in the words of the field; a number that is not said is the hole, a column is never guessed. */
export function measureIn(cursor: Cursor, vocabulary: Vocabulary): Measure | undefined {
  for (const read of [
    called,
    ranked,
    atTheTop,
    quantileLoss,
    topK,
    ofCosts,
    scaledError,
    ofInterval,
    ofTexts,
    inOrder,
    confused,
  ]) {
    const found = cursor.attempt(() => read(cursor, vocabulary))
    if (found !== undefined) return found
  }
  const metric = metricIn(cursor)
  return metric === undefined ? undefined : { metric, args: classIn(cursor, vocabulary) }
}

const measure = (metric: string, ...args: readonly string[]): Measure => ({ metric, args })

/** A whole number that the sentence does not give. */
const wholeHole = ({ hole }: Vocabulary): string => hole.slice(2)

const MARKS = ['(', ')', ',']

/** As the language writes it: `ndcg(query, 10)`. */
function called(cursor: Cursor, vocabulary: Vocabulary): Measure | undefined {
  const name = cursor.peek()?.text ?? ''
  if (!takesArguments(name) || cursor.peek(1)?.text !== '(') return undefined
  cursor.skip(2)
  const args: string[] = []
  while (cursor.quietly(')') === undefined) {
    if (args.length > 0 && cursor.take(',') === undefined) return undefined
    const text = cursor.kind('text')
    const arg =
      text === undefined
        ? (amountIn(cursor, vocabulary)?.cel ?? columnIn(cursor, vocabulary)?.cel)
        : quotedText(text.text)
    if (arg === undefined || MARKS.includes(arg)) return undefined
    args.push(arg)
  }
  return measure(name, ...args)
}

const PER = ['per', 'by', 'for each', 'for every', 'of each', 'within each', 'in each', 'grouped by', 'over each']

/** The column whose rows are ranked together: which it is has to be said. */
function groupIn(cursor: Cursor, vocabulary: Vocabulary): string | undefined {
  const per = cursor.quietly(...PER)
  cursor.expect('the column whose rows are ranked together, such as per customer')
  return per === undefined ? undefined : columnIn(cursor, vocabulary)?.cel
}

const RANKED: Readonly<Record<string, string>> = {
  recall: 'recall_at',
  precision: 'precision_at',
  ndcg: 'ndcg',
  'normalised discounted cumulative gain': 'ndcg',
  'normalized discounted cumulative gain': 'ndcg',
}
const OF_GROUPS: Readonly<Record<string, string>> = {
  map: 'map',
  'mean average precision': 'map',
  mrr: 'mrr',
  'mean reciprocal rank': 'mrr',
}

/** `recall@10 per customer`, `NDCG at 5 by query`, `MRR per query`. */
function ranked(cursor: Cursor, vocabulary: Vocabulary): Measure | undefined {
  const whole = OF_GROUPS[cursor.take(...Object.keys(OF_GROUPS)) ?? '']
  if (whole !== undefined) {
    const group = groupIn(cursor, vocabulary)
    return group === undefined ? undefined : measure(whole, group)
  }
  const name = RANKED[cursor.take(...Object.keys(RANKED)) ?? '']
  if (name === undefined) return undefined
  const k =
    cursor.quietly('@', 'at', 'in the first', 'of the first', 'among the first', 'in the top', 'of the top') ===
    undefined
      ? undefined
      : countIn(cursor, vocabulary)
  // Recall and precision without a place in the order are metrics of their own.
  if (k === undefined && name !== 'ndcg') return undefined
  cursor.quietly('results', 'rows', 'items', 'places', 'documents')
  const group = groupIn(cursor, vocabulary)
  return group === undefined ? undefined : measure(name, group, k ?? wholeHole(vocabulary))
}

/** A whole number of 1 or more, `k` for one that is not said. */
function countIn(cursor: Cursor, vocabulary: Vocabulary): string | undefined {
  if (cursor.quietly('k') !== undefined) return wholeHole(vocabulary)
  const amount = amountIn(cursor, vocabulary)
  if (amount === undefined) return undefined
  if (amount.cel === vocabulary.hole) return wholeHole(vocabulary)
  return amount.percent !== true && /^[1-9][\d_]*$/.test(amount.cel) ? amount.cel : undefined
}

const AT_THE_TOP: Readonly<Record<string, string>> = {
  lift: 'lift',
  gain: 'gain',
  'cumulative gain': 'gain',
  'capture rate': 'gain',
  'share of positives found': 'gain',
  recall: 'gain',
  precision: 'top_precision',
}

/** `lift at 10 %`, `precision in the top 1 %`, `recall in the top 20 %`. */
function atTheTop(cursor: Cursor, vocabulary: Vocabulary): Measure | undefined {
  const word = cursor.take(...Object.keys(AT_THE_TOP))
  const name = AT_THE_TOP[word ?? '']
  if (word === undefined || name === undefined) return undefined
  const own = word !== 'recall' && word !== 'precision'
  const share = cursor.attempt(() => {
    const top = cursor.quietly(
      'in the top',
      'of the top',
      'among the top',
      'within the top',
      'for the top',
      'at the top',
    )
    if (top === undefined && (!own || cursor.quietly('at', '@') === undefined)) return undefined
    const amount = amountIn(cursor, vocabulary)
    if (amount === undefined) return undefined
    // `the top 10` counts rows, which is another question.
    return amount.percent === true || amount.cel === vocabulary.hole || Number(amount.cel) < 1 ? amount.cel : undefined
  })
  if (share === undefined) {
    const isColumn = [...vocabulary.spec.data.values()].some(({ columns }) => columns.has(word))
    return own && !isColumn ? measure(name, vocabulary.hole) : undefined
  }
  cursor.quietly('of the rows', 'of rows', 'of scores', 'of the scores', 'of cases', 'by score', 'of the ranking')
  return measure(name, share)
}

const LOSS = ['quantile loss', 'pinball loss', 'pinball']

/** `quantile loss at 0.9`, `p90 quantile loss`, `pinball loss of the 10 % quantile`. */
function quantileLoss(cursor: Cursor, vocabulary: Vocabulary): Measure | undefined {
  const before = cursor.attempt(() => {
    const q = quantileIn(cursor, vocabulary)
    return q === undefined || cursor.take(...LOSS) === undefined ? undefined : q
  })
  if (before !== undefined) return measure('pinball', before)
  if (cursor.take(...LOSS) === undefined) return undefined
  const after = cursor.attempt(() => {
    if (cursor.quietly('at', 'of', 'for', '@') === undefined) return undefined
    cursor.quietly('the')
    cursor.quietly('q =', 'quantile', 'level')
    const q = quantileIn(cursor, vocabulary)
    if (q !== undefined) cursor.quietly('quantile', 'level')
    return q
  })
  return measure('pinball', after ?? vocabulary.hole)
}

function quantileIn(cursor: Cursor, vocabulary: Vocabulary): string | undefined {
  const [, short] = /^p(\d\d?)$/.exec(cursor.peek()?.lower ?? '') ?? []
  const percent = (text: string): string => String(Number((Number(text) / 100).toPrecision(12)))
  if (short !== undefined) {
    cursor.skip(1)
    return percent(short)
  }
  if (cursor.quietly('median') !== undefined) return '0.5'
  const amount = amountIn(cursor, vocabulary)?.cel
  const isPlace =
    cursor.quietly('th percentile', 'st percentile', 'nd percentile', 'rd percentile', 'percentile') !== undefined
  return amount !== undefined && isPlace ? percent(amount) : amount
}

/** `top-5 accuracy`, `accuracy in the top 5`. */
function topK(cursor: Cursor, vocabulary: Vocabulary): Measure | undefined {
  const [, joined] = /^top-(\d+|k)$/.exec(cursor.peek()?.lower ?? '') ?? []
  if (joined !== undefined) cursor.skip(1)
  const before = joined ?? (cursor.take('top') === undefined ? undefined : countIn(cursor, vocabulary))
  const k = before === 'k' ? wholeHole(vocabulary) : before
  if (k !== undefined) return cursor.take('accuracy') === undefined ? undefined : measure('top_k_accuracy', k)
  if (cursor.take('accuracy') === undefined || cursor.take('in the top', 'among the top') === undefined)
    return undefined
  const count = countIn(cursor, vocabulary)
  return count === undefined ? undefined : measure('top_k_accuracy', count)
}

/** `expected cost with 1 per false positive and 10 per false negative`. */
function ofCosts(cursor: Cursor, vocabulary: Vocabulary): Measure | undefined {
  if (cursor.take('expected cost', 'mean cost', 'average cost') === undefined) return undefined
  const costs = new Map<string, string>()
  if (cursor.quietly('with', 'at', 'of') !== undefined) {
    do {
      const amount = amountIn(cursor, vocabulary)?.cel
      cursor.take('per', 'for a', 'for each', 'for every')
      const kind = cursor.take('false positive', 'false negative', 'false alarm', 'miss')
      if (amount === undefined || kind === undefined) return undefined
      costs.set(kind === 'false positive' || kind === 'false alarm' ? 'positive' : 'negative', amount)
    } while (cursor.quietly('and', ', and', ',') !== undefined)
  }
  const of = (kind: string): string => costs.get(kind) ?? vocabulary.hole
  return measure('expected_cost', of('positive'), of('negative'))
}

/** `MASE in the order of day with season 7`. */
function scaledError(cursor: Cursor, vocabulary: Vocabulary): Measure | undefined {
  if (cursor.take('mase', 'mean absolute scaled error') === undefined) return undefined
  if (cursor.take('in the order of', 'over', 'by', 'along') === undefined) return undefined
  const column = columnIn(cursor, vocabulary)?.cel
  if (column === undefined) return undefined
  const season = cursor.quietly('with season', 'with a season of', 'at a season of', 'with lag', 'with a lag of')
  const k = season === undefined ? wholeHole(vocabulary) : countIn(cursor, vocabulary)
  return k === undefined ? undefined : measure('mase', column, k)
}

/** `coverage of the interval from low to high`. */
function ofInterval(cursor: Cursor, vocabulary: Vocabulary): Measure | undefined {
  const words = [
    'coverage of the prediction interval',
    'coverage of the interval',
    'interval coverage',
    'prediction interval coverage',
  ]
  if (cursor.take(...words) === undefined) return undefined
  cursor.take('from', 'of', 'between')
  const low = columnIn(cursor, vocabulary)?.cel
  if (low === undefined || cursor.take('to', 'and') === undefined) return undefined
  const high = columnIn(cursor, vocabulary)?.cel
  return high === undefined ? undefined : measure('interval_coverage', low, high)
}

const TEXTS: Readonly<Record<string, string>> = {
  'exact match': 'exact_match',
  'token f1': 'token_f1',
  'rouge-1': 'rouge_1',
  'rouge-2': 'rouge_2',
  'rouge-l': 'rouge_l',
}

/** `ROUGE-L of summary against reference`. */
function ofTexts(cursor: Cursor, vocabulary: Vocabulary): Measure | undefined {
  const name = TEXTS[cursor.take(...Object.keys(TEXTS)) ?? '']
  if (name === undefined || cursor.take('of', 'between') === undefined) return undefined
  const text = columnIn(cursor, vocabulary)?.cel
  if (text === undefined || cursor.take('against', 'and', 'with', 'beside') === undefined) return undefined
  const reference = columnIn(cursor, vocabulary)?.cel
  return reference === undefined ? undefined : measure(name, text, reference)
}

const IN_ORDER: Readonly<Record<string, string>> = {
  'range recall': 'range_recall',
  'range precision': 'range_precision',
}

/** `range recall over minute`. */
function inOrder(cursor: Cursor, vocabulary: Vocabulary): Measure | undefined {
  const name = IN_ORDER[cursor.take(...Object.keys(IN_ORDER)) ?? '']
  if (name === undefined || cursor.take('over', 'in the order of', 'along', 'by') === undefined) return undefined
  const column = columnIn(cursor, vocabulary)?.cel
  return column === undefined ? undefined : measure(name, column)
}

/** `confusion of cat with dog`: the classes are those of a model's label. */
function confused(cursor: Cursor, vocabulary: Vocabulary): Measure | undefined {
  if (cursor.take('confusion of') === undefined) return undefined
  const first = classOf(cursor, vocabulary)
  if (first === undefined || cursor.take('with', 'as') === undefined) return undefined
  const second = classOf(cursor, vocabulary)
  return second === undefined ? undefined : measure('confusion', first, second)
}

/** `of class spam`, after a metric that is asked of one class. */
function classIn(cursor: Cursor, vocabulary: Vocabulary): readonly string[] {
  const found = cursor.attempt(() =>
    cursor.quietly('of class', 'for class', 'of the class', 'for the class') === undefined
      ? undefined
      : classOf(cursor, vocabulary),
  )
  return found === undefined ? [] : [found]
}

/** A class, as some model's label declares it. */
function classOf(cursor: Cursor, vocabulary: Vocabulary): string | undefined {
  for (const name of vocabulary.spec.models.keys()) {
    const model = modelOf(vocabulary.spec, name)
    const dataset = model?.input?.from.value ?? ''
    const column = vocabulary.spec.data.get(dataset)?.columns.get(model?.label?.value ?? '')
    if (column?.type.value !== 'category') continue
    const found = cursor.attempt(() => literalIn(cursor, { dataset, column, cel: column.name }, vocabulary))
    if (found !== undefined) return found
  }
  return undefined
}
