import type { ColumnType } from '@plumbline/core'
import type { ClauseDraft, ColumnDraft, Draft, ItemDraft } from '../draft/draft.ts'
import { all, number, ref } from '../text/cel.ts'
import { field, type Fields, fieldsIn, isFields } from '../text/json.ts'
import { clauseId } from '../text/names.ts'
import { inferredType } from './inferred-type.ts'

/** What is known beside the file. */
export interface StatisticsOptions {
  readonly source?: string
  readonly columns?: ReadonlyMap<string, ColumnType>
}

/** Whether a document is `statistics.json`. */
export function isStatistics(document: Fields): boolean {
  const features = fieldsIn(field(document, 'features'))
  return (
    isFields(field(document, 'dataset')) &&
    features.length > 0 &&
    features.every(
      (each) => isFields(field(each, 'numerical_statistics')) || isFields(field(each, 'string_statistics')),
    )
  )
}

/**
 * The statistics of a baseline as a draft. They are measurements, and ask for nothing: types and gaps become contracts and
 * clauses as the monitor's own suggestion would have them, each warns, and moments are named with what they would have to be.
 */
export function importStatistics(document: Fields, options: StatisticsOptions): Draft {
  const dataset = 'rows'
  const columns = new Map<string, ColumnDraft>()
  const items: ItemDraft[] = []
  const rows = field(field(document, 'dataset') as Fields, 'item_count')
  if (typeof rows === 'number')
    items.push(
      item(
        'item_count',
        'dataset.item_count',
        dataset,
        `Measured: ${rows}. How many rows there have to be is not in the file.`,
      ),
    )
  fieldsIn(field(document, 'features')).forEach((feature, i) => {
    const column = String(field(feature, 'name'))
    const about = `${dataset}.${column}`
    const where = `features[${i}]`
    const { type, item: typeItem } = inferredType(feature, where, about, options.columns?.get(column))
    columns.set(column, { type })
    items.push(typeItem)
    const numeric = field(feature, 'numerical_statistics')
    const texts = field(feature, 'string_statistics')
    const statistics = isFields(numeric) ? numeric : isFields(texts) ? texts : {}
    const kind = isFields(numeric) ? 'numerical_statistics' : 'string_statistics'
    items.push(...gapItems(statistics, column, dataset, `${where}.${kind}`))
    if (isFields(numeric)) items.push(...momentItems(numeric, column, dataset, `${where}.${kind}`))
    const distinct = field(statistics, 'distinct_count')
    if (typeof distinct === 'number')
      items.push(
        item(
          'distinct_count',
          `${where}.${kind}.distinct_count`,
          about,
          `Measured: about ${distinct}. Which values there may be is not in the file.`,
        ),
      )
    if (field(statistics, 'distribution') !== undefined)
      items.push(
        item(
          'distribution',
          `${where}.${kind}.distribution`,
          about,
          'A sketch is not read: declare the baseline as a dataset and compare with it, such as `psi(column, baseline) < 0.1`.',
        ),
      )
  })
  return {
    name: 'baseline',
    datasets: [{ name: dataset, source: options.source ?? 'data/rows.csv', columns }],
    items,
    notes: [
      ...(options.source === undefined
        ? ['The file names no data: `source: data/rows.csv` is a guess to be corrected.']
        : []),
      'Statistics describe a baseline and ask for nothing: what is imported of them warns, until a person confirms it.',
    ],
  }
}

const item = (what: string, where: string, about: string, because: string): ItemDraft => ({
  what,
  where,
  about,
  clauses: [],
  differences: [],
  refused: because,
})

/** The share of cells that were there is asked for again, as the monitor's suggested constraint would. */
function gapItems(statistics: Fields, column: string, dataset: string, where: string): readonly ItemDraft[] {
  const common = field(statistics, 'common')
  const present = isFields(common) ? field(common, 'num_present') : undefined
  const missing = isFields(common) ? field(common, 'num_missing') : undefined
  if (typeof present !== 'number' || typeof missing !== 'number' || !(present + missing > 0)) return []
  const about = `${dataset}.${column}`
  const share = present / (present + missing)
  const base = { what: 'common', where: `${where}.common`, about, differences: [] }
  if (present === 0) return [{ ...base, clauses: [], trivial: 'No cell was there, so that none is asked for.' }]
  const asked: Pick<ClauseDraft, 'every' | 'must'> =
    missing === 0
      ? { every: `${ref(column)} != null` }
      : { must: `double(present(${ref(column)})) / double(count()) >= ${number(share)}` }
  return [
    {
      ...base,
      clauses: [
        {
          id: clauseId(`${dataset}-${column}-completeness`),
          dataset,
          says: `${about}: as complete as the baseline.`,
          ...asked,
          severity: 'warn',
          allowEmpty: true,
        },
      ],
    },
  ]
}

/** Least and greatest become a range that warns; means and deviations alone say nothing of how far they may go. */
function momentItems(numeric: Fields, column: string, dataset: string, where: string): readonly ItemDraft[] {
  const about = `${dataset}.${column}`
  const items: ItemDraft[] = []
  const [low, high] = [field(numeric, 'min'), field(numeric, 'max')]
  if (typeof low === 'number' && typeof high === 'number')
    items.push({
      what: 'min, max',
      where,
      about,
      differences: ['The range of a baseline is not what may come: it warns.'],
      clauses: [
        {
          id: clauseId(`${dataset}-${column}-range`),
          dataset,
          says: `${about}: within the range of the baseline.`,
          every: all([`${ref(column)} >= ${number(low)}`, `${ref(column)} <= ${number(high)}`]),
          missing: 'exclude',
          severity: 'warn',
          allowEmpty: true,
        },
      ],
    })
  for (const name of ['mean', 'sum', 'std_dev']) {
    const value = field(numeric, name)
    if (typeof value === 'number')
      items.push(item(name, `${where}.${name}`, about, `Measured: ${value}. How far it may go is not in the file.`))
  }
  return items
}
