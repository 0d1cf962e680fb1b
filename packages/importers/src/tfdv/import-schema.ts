import type { ColumnType } from '@plumbline/core'
import { ruleItem } from '../columns/rules.ts'
import type { ClauseDraft, ColumnDraft, Draft, ItemDraft } from '../draft/draft.ts'
import { refused } from '../draft/item.ts'
import { number, ref } from '../text/cel.ts'
import { field, type Fields, fieldsIn } from '../text/json.ts'
import { clauseId } from '../text/names.ts'

/** What is known beside the file. */
export interface TfdvOptions {
  readonly source?: string
  readonly columns?: ReadonlyMap<string, ColumnType>
}

/** Whether a message is a schema. */
export function isTfdv(document: Fields): boolean {
  const features = fieldsIn(field(document, 'feature'))
  return features.length > 0 && features.every((feature) => Array.isArray(field(feature, 'name')))
}

const DATASET = 'rows'
const TYPES: Readonly<Record<string, ColumnType>> = { INT: 'integer', FLOAT: 'number', BYTES: 'text' }

/** The one value of a field. */
const one = (fields: Fields | undefined, name: string): unknown => {
  const list = fields === undefined ? undefined : field(fields, name)
  return Array.isArray(list) ? list[0] : undefined
}
const message = (fields: Fields, name: string): Fields | undefined => fieldsIn(field(fields, name))[0]

/** A schema as a draft. */
export function importTfdv(document: Fields, options: TfdvOptions): Draft {
  const domains = new Map(
    fieldsIn(field(document, 'string_domain')).map((domain) => [String(one(domain, 'name')), domain]),
  )
  const items: ItemDraft[] = []
  const columns = new Map<string, ColumnDraft>()
  fieldsIn(field(document, 'feature')).forEach((feature, i) => {
    const column = String(one(feature, 'name'))
    const where = `feature[${i}]`
    const stage = stageOf(feature)
    if (stage !== undefined) {
      items.push({
        what: 'lifecycle_stage',
        where: `${where}.lifecycle_stage`,
        about: `${DATASET}.${column}`,
        clauses: [],
        differences: [],
        trivial: `A feature that is ${stage} is not validated.`,
      })
      return
    }
    const written = String(one(feature, 'type') ?? '')
    const type =
      options.columns?.get(column) ?? (message(feature, 'bool_domain') === undefined ? TYPES[written] : 'boolean')
    if (type === undefined) {
      items.push(
        refused(
          'type',
          `${where}.type`,
          `${DATASET}.${column}`,
          `A feature of type ${written || 'none'} is not declared yet.`,
        ),
      )
      return
    }
    columns.set(column, { type })
    items.push(contract(column, where))
    items.push(...featureItems(feature, column, type, where, domains))
  })
  const constraints = message(document, 'dataset_constraints')
  for (const [name, sign] of [
    ['min_examples_count', '>='],
    ['max_examples_count', '<='],
  ] as const) {
    const value = one(constraints, name)
    if (typeof value === 'number')
      items.push(
        asked(name, `dataset_constraints.${name}`, DATASET, {
          id: clauseId(`rows-${name}`),
          must: `count() ${sign} ${number(value)}`,
        }),
      )
  }
  for (const name of Object.keys(constraints ?? {}))
    if (name !== 'min_examples_count' && name !== 'max_examples_count')
      items.push(refused(name, `dataset_constraints.${name}`, DATASET, `\`${name}\` is not read.`))
  for (const name of ['sparse_feature', 'weighted_feature', 'default_environment'])
    if (field(document, name) !== undefined) items.push(refused(name, name, DATASET, 'It has no counterpart here.'))
  return {
    name: 'schema',
    datasets: [{ name: DATASET, source: options.source ?? `data/${DATASET}.csv`, columns }],
    items,
    notes:
      options.source === undefined
        ? [`A schema names no data: \`source: data/${DATASET}.csv\` is a guess to be corrected.`]
        : [],
  }
}

/** The stage of a feature that is not validated (`lifecycle_stage`, or the older `deprecated`); undefined for all others. */
function stageOf(feature: Fields): string | undefined {
  if (one(feature, 'deprecated') === true) return 'deprecated'
  const stage = String(one(feature, 'lifecycle_stage') ?? '')
  return /^(?:PLANNED|ALPHA|DEPRECATED|DEBUG_ONLY|DISABLED)$/.test(stage) ? stage.toLowerCase() : undefined
}

const contract = (column: string, where: string): ItemDraft => ({
  what: 'type',
  where: `${where}.type`,
  about: `${DATASET}.${column}`,
  clauses: [],
  contracts: [`${DATASET}.${column}.type`],
  differences: [],
})

function asked(
  what: string,
  where: string,
  about: string,
  clause: Partial<ClauseDraft> & { readonly id: string },
): ItemDraft {
  return {
    what,
    where,
    about,
    clauses: [{ dataset: DATASET, says: `${about}: ${what}.`, allowEmpty: true, ...clause }],
    differences: [],
  }
}

/** What else a feature says; a list of names that ask nothing. */
const WORDS = new Set([
  'name',
  'type',
  'annotation',
  'presence',
  'domain',
  'string_domain',
  'int_domain',
  'float_domain',
  'bool_domain',
  'unique_constraints',
  'deprecated',
  'lifecycle_stage',
])

function featureItems(
  feature: Fields,
  column: string,
  type: ColumnType,
  where: string,
  domains: ReadonlyMap<string, Fields>,
): readonly ItemDraft[] {
  const about = `${DATASET}.${column}`
  const cell = ref(column)
  const items: ItemDraft[] = []
  const presence = message(feature, 'presence')
  const share = one(presence, 'min_fraction')
  const least = one(presence, 'min_count')
  if (typeof share === 'number') {
    const question =
      share === 1
        ? { every: `${cell} != null` }
        : { must: `double(present(${cell})) / double(count()) >= ${number(share)}` }
    items.push(asked('min_fraction', `${where}.presence`, about, { id: clauseId(`${column}-given`), ...question }))
  }
  if (typeof least === 'number')
    items.push(
      asked('min_count', `${where}.presence`, about, {
        id: clauseId(`${column}-present`),
        must: `present(${cell}) >= ${number(least)}`,
      }),
    )
  const rule = (name: string, value: unknown, at: string, mostly?: number): void => {
    const place = `${where}.${at}`
    if (Math.abs(Number(value)) === Infinity)
      items.push({
        what: name,
        where: place,
        about,
        clauses: [],
        differences: [],
        trivial: 'Every number is within it.',
      })
    else if (value !== undefined)
      items.push(
        withMostly(
          ruleItem({ dataset: DATASET, column, type, patterns: 'whole' }, { name, value, where: place }),
          mostly,
        ),
      )
  }
  for (const domain of ['int_domain', 'float_domain']) {
    rule('minimum', one(message(feature, domain), 'min'), `${domain}.min`)
    rule('maximum', one(message(feature, domain), 'max'), `${domain}.max`)
  }
  const floats = message(feature, 'float_domain')
  if (one(floats, 'disallow_inf') === true && type === 'number')
    items.push(
      asked('disallow_inf', `${where}.float_domain.disallow_inf`, about, {
        id: clauseId(`${column}-finite`),
        every: `!math.isInf(${cell})`,
        missing: 'exclude',
      }),
    )
  if (one(floats, 'disallow_nan') === true)
    items.push(refused('disallow_nan', `${where}.float_domain.disallow_nan`, about, 'NaN is a missing cell here.'))
  const named = domains.get(String(one(feature, 'domain')))
  const values = message(feature, 'string_domain') ?? named
  if (values !== undefined) rule('enum', field(values, 'value'), 'domain', massOf(feature))
  else if (one(feature, 'domain') !== undefined)
    items.push(refused('domain', `${where}.domain`, about, 'The domain is not in the file.'))
  const distinct = message(feature, 'unique_constraints')
  for (const [name, sign] of [
    ['min', '>='],
    ['max', '<='],
  ] as const) {
    const value = one(distinct, name)
    if (typeof value === 'number')
      items.push(
        asked(`unique_constraints.${name}`, `${where}.unique_constraints`, about, {
          id: clauseId(`${column}-distinct`),
          must: `distinct(${cell}) ${sign} ${number(value)}`,
        }),
      )
  }
  items.push(...restOf(feature, where, about))
  return items
}

/** The share of cells that a domain has to hold; all of them where nothing says less. */
function massOf(feature: Fields): number | undefined {
  const mass = one(message(feature, 'distribution_constraints'), 'min_domain_mass')
  return typeof mass === 'number' && mass < 1 ? mass : undefined
}

const withMostly = (item: ItemDraft, mostly: number | undefined): ItemDraft =>
  mostly === undefined ? item : { ...item, clauses: item.clauses.map((clause) => ({ ...clause, mostly })) }

function restOf(feature: Fields, where: string, about: string): readonly ItemDraft[] {
  return Object.keys(feature).flatMap((name): readonly ItemDraft[] => {
    if (WORDS.has(name)) return []
    if (name === 'distribution_constraints') {
      const others = Object.keys(message(feature, name) ?? {}).filter((each) => each !== 'min_domain_mass')
      return others.map((each) => refused(each, `${where}.${name}.${each}`, about, `\`${each}\` is not read.`))
    }
    const at = `${where}.${name}`
    const base = { what: name, where: at, about, clauses: [], differences: [] }
    if (name === 'value_count' || name === 'shape') return [{ ...base, trivial: 'A cell has one value.' }]
    if (name === 'drift_comparator' || name === 'skew_comparator')
      return [
        refused(
          name,
          at,
          about,
          'It compares with data that the file does not name: write `linf(column, baseline) < …`.',
        ),
      ]
    return [refused(name, at, about, `\`${name}\` is not read.`)]
  })
}
