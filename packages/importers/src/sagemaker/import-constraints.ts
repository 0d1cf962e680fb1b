import type { ColumnType } from '@plumbline/core'
import { ruleItem } from '../columns/rules.ts'
import type { ColumnDraft, Draft, ItemDraft } from '../draft/draft.ts'
import { refused } from '../draft/item.ts'
import { number, ref } from '../text/cel.ts'
import { field, type Fields, fieldsIn, isFields } from '../text/json.ts'
import { clauseId } from '../text/names.ts'
import { inferredType } from './inferred-type.ts'

/** What is known beside the file. */
export interface ConstraintsOptions {
  readonly source?: string
  readonly columns?: ReadonlyMap<string, ColumnType>
}

/** Whether a document is `constraints.json`. */
export function isConstraints(document: Fields): boolean {
  const features = fieldsIn(field(document, 'features'))
  const measured = isFields(field(document, 'dataset'))
  return !measured && features.length > 0 && features.every((each) => typeof field(each, 'inferred_type') === 'string')
}

/** Constraints as a draft. */
export function importConstraints(document: Fields, options: ConstraintsOptions): Draft {
  const dataset = 'rows'
  const items: ItemDraft[] = []
  const columns = new Map<string, ColumnDraft>()
  const monitoring = field(document, 'monitoring_config')
  const settings = isFields(monitoring) ? monitoring : {}
  const readable = shareIn(settings, 'datatype_check_threshold')
  fieldsIn(field(document, 'features')).forEach((feature, i) => {
    const column = String(field(feature, 'name'))
    const about = `${dataset}.${column}`
    const where = `features[${i}]`
    const { type, item: typeItem } = inferredType(feature, where, about, options.columns?.get(column))
    columns.set(column, { type, ...(readable === undefined ? {} : { mostly: readable }) })
    items.push(typeItem)
    items.push(...rulesOf(feature, dataset, column, type, where, shareIn(settings, 'domain_content_threshold')))
  })
  for (const [name, value] of Object.entries(settings)) items.push(settingItem(name, value, dataset))
  return {
    name: 'baseline',
    datasets: [{ name: dataset, source: options.source ?? 'data/rows.csv', columns }],
    items,
    notes: [
      ...(options.source === undefined
        ? ['The file names no data: `source: data/rows.csv` is a guess to be corrected.']
        : []),
      'Drift is compared with `statistics.json`: declare the baseline as a dataset and write `max_over(columns, linf(column, baseline)) < 0.1`.',
    ],
  }
}

/** The share of cells below which a constraint is broken; undefined where it is all of them. */
function shareIn(settings: Fields, name: string): number | undefined {
  const share = field(settings, name)
  return typeof share === 'number' && share > 0 && share < 1 ? share : undefined
}

function rulesOf(
  feature: Fields,
  dataset: string,
  column: string,
  type: ColumnType,
  where: string,
  mostly: number | undefined,
): readonly ItemDraft[] {
  const about = `${dataset}.${column}`
  const items: ItemDraft[] = []
  const completeness = field(feature, 'completeness')
  if (typeof completeness === 'number' && completeness > 0) {
    items.push({
      what: 'completeness',
      where: `${where}.completeness`,
      about,
      differences: [],
      clauses: [
        {
          id: clauseId(`${dataset}-${column}-completeness`),
          dataset,
          says: `${about}: completeness.`,
          ...(completeness === 1
            ? { every: `${ref(column)} != null` }
            : { must: `double(present(${ref(column)})) / double(count()) >= ${number(completeness)}` }),
          allowEmpty: true,
        },
      ],
    })
  }
  const numeric = field(feature, 'num_constraints')
  if (isFields(numeric) && field(numeric, 'is_non_negative') === true)
    items.push(
      ruleItem(
        { dataset, column, type, patterns: 'whole' },
        { name: 'minimum', value: 0, where: `${where}.num_constraints.is_non_negative` },
      ),
    )
  const texts = field(feature, 'string_constraints')
  if (isFields(texts) && Array.isArray(field(texts, 'domains'))) {
    const among = ruleItem(
      { dataset, column, type, patterns: 'whole' },
      { name: 'enum', value: field(texts, 'domains'), where: `${where}.string_constraints.domains` },
    )
    const share = mostly === undefined ? {} : { mostly }
    items.push({ ...among, clauses: among.clauses.map((clause) => ({ ...clause, ...share })) })
  }
  return items
}

/** Settings of the monitor: what decides there, of which little decides here. */
function settingItem(name: string, value: unknown, dataset: string): ItemDraft {
  const where = `monitoring_config.${name}`
  if (isFields(value)) return refused(name, where, dataset, 'It compares with a baseline that is not in the file.')
  if (name === 'domain_content_threshold' || name === 'datatype_check_threshold')
    return {
      what: name,
      where,
      about: dataset,
      clauses: [],
      differences: [],
      trivial: 'It is the share (`mostly`) of the clauses or contracts that it is about.',
    }
  return refused(name, where, dataset, 'It says how the monitor runs.')
}
