import type { ColumnType } from '@plumbline/core'
import { ruleItem } from '../columns/rules.ts'
import { datasetName } from '../draft/assemble.ts'
import type { ColumnDraft, DatasetDraft, Draft, ItemDraft } from '../draft/draft.ts'
import { refused } from '../draft/item.ts'
import { ref } from '../text/cel.ts'
import { field, type Fields, fieldsIn, isFields, textsIn } from '../text/json.ts'
import { clauseId } from '../text/names.ts'

/** What is known beside the file. */
export interface PackageOptions {
  readonly source?: string
  readonly columns?: ReadonlyMap<string, ColumnType>
}

/** Whether a document is a Table Schema (`fields`) or a Data Package (`resources` with schemas). */
export function isFrictionless(document: Fields): boolean {
  const typed = (fields: unknown): boolean =>
    Array.isArray(fields) &&
    fieldsIn(fields).length > 0 &&
    fieldsIn(fields).every((each) => typeof field(each, 'name') === 'string')
  return (
    typed(field(document, 'fields')) ||
    fieldsIn(field(document, 'resources')).some((each) => isFields(field(each, 'schema')))
  )
}

const TYPES: Readonly<Record<string, ColumnType>> = {
  string: 'text',
  integer: 'integer',
  year: 'integer',
  number: 'number',
  boolean: 'boolean',
  date: 'timestamp',
  datetime: 'timestamp',
  time: 'text',
  yearmonth: 'text',
  duration: 'text',
  any: 'text',
}

interface Resource {
  readonly name: string
  readonly path?: string
  readonly schema: Fields
  readonly where: string
}

/** A package, or a schema by itself, as a draft. */
export function importPackage(document: Fields, options: PackageOptions): Draft {
  const resources = resourcesOf(document)
  const items: ItemDraft[] = []
  const names = new Map(resources.map(({ name }) => [name, datasetName(name)]))
  const datasets = resources.map((resource): DatasetDraft => {
    const name = names.get(resource.name) ?? resource.name
    const columns = readFields(resource, name, options, items)
    const key = textsIn(field(resource.schema, 'primaryKey')).filter((column) => columns.has(column))
    if (key.length > 0)
      items.push({ ...base('primaryKey', `${resource.where}primaryKey`, name), contracts: [`${name}.key`] })
    return {
      name,
      source: options.source ?? resource.path ?? `data/${name}.csv`,
      columns,
      ...(key.length === 0 ? {} : { key }),
    }
  })
  for (const resource of resources) items.push(...keysOf(resource, names, datasets))
  const name = field(document, 'name')
  return {
    name: typeof name === 'string' ? name : 'package',
    datasets,
    items,
    notes: [
      '`missingValues`, dialects and formats of fields say how the file is read: declare them with `source: { … }` where the file needs them.',
    ],
  }
}

const base = (what: string, where: string, about: string): ItemDraft => ({
  what,
  where,
  about,
  clauses: [],
  differences: [],
})

function resourcesOf(document: Fields): readonly Resource[] {
  if (Array.isArray(field(document, 'fields'))) return [{ name: 'rows', schema: document, where: '' }]
  return fieldsIn(field(document, 'resources')).flatMap((each, i): readonly Resource[] => {
    const schema = field(each, 'schema')
    if (!isFields(schema)) return []
    const path = textsIn(field(each, 'path'))[0]
    const name = String(field(each, 'name') ?? `rows${i}`)
    return [{ name, schema, where: `resources[${i}].schema.`, ...(path === undefined ? {} : { path }) }]
  })
}

function readFields(
  { schema, where }: Resource,
  dataset: string,
  options: PackageOptions,
  items: ItemDraft[],
): ReadonlyMap<string, ColumnDraft> {
  const columns = new Map<string, ColumnDraft>()
  fieldsIn(field(schema, 'fields')).forEach((each, i) => {
    const name = String(field(each, 'name'))
    const at = `${where}fields[${i}]`
    const about = `${dataset}.${name}`
    const given = String(field(each, 'type') ?? 'string')
    // Words of its own for true and false are no truth values here.
    const worded = field(each, 'trueValues') !== undefined || field(each, 'falseValues') !== undefined
    const type = options.columns?.get(name) ?? (given === 'boolean' && worded ? 'text' : TYPES[given])
    if (type === undefined) {
      items.push(refused('type', `${at}.type`, about, `A column of type ${given} is not declared yet.`))
      return
    }
    const says = field(each, 'description')
    columns.set(name, { type, ...(typeof says === 'string' && says !== '' ? { says } : {}) })
    items.push({ ...base('type', `${at}.type`, about), contracts: [`${about}.type`] })
    items.push(...readingItems(each, at, about))
    const rule = (kind: string, value: unknown, place: string): void => {
      items.push(ruleItem({ dataset, column: name, type, patterns: 'whole' }, { name: kind, value, where: place }))
    }
    const categories = categoriesOf(field(each, 'categories'))
    if (categories !== undefined) rule('enum', categories, `${at}.categories`)
    // Of a text the format is asked of the cells; of others it says how they are read.
    const format = field(each, 'format')
    if (given === 'string' && typeof format === 'string' && format !== 'default') rule('format', format, `${at}.format`)
    const constraints = field(each, 'constraints')
    for (const [kind, value] of Object.entries(isFields(constraints) ? constraints : {}))
      rule(kind, kind === 'enum' ? valuesAs(type, value) : value, `${at}.constraints.${kind}`)
  })
  return columns
}

/** The values of a category: texts or numbers, or objects that label them. */
function categoriesOf(given: unknown): readonly unknown[] | undefined {
  if (!Array.isArray(given) || given.length === 0) return undefined
  return given.map((each: unknown) => (isFields(each) ? field(each, 'value') : each))
}

/** The values of an enumeration, of which texts are read as cells of the field are. */
function valuesAs(type: ColumnType, value: unknown): unknown {
  if (!Array.isArray(value) || (type !== 'integer' && type !== 'number')) return value
  return value.map((each: unknown) =>
    typeof each === 'string' && /^[+-]?[0-9]+(?:[.][0-9]+)?$/.test(each.trim()) ? Number(each) : each,
  )
}

/** How cells are read, where a field says it by itself and a column here cannot. */
function readingItems(each: Fields, at: string, about: string): readonly ItemDraft[] {
  const reading = ['trueValues', 'falseValues', 'decimalChar', 'groupChar', 'bareNumber', 'missingValues']
  return reading
    .filter((key) => field(each, key) !== undefined)
    .map((key) => refused(key, `${at}.${key}`, about, 'It says how the cells are read, which a column here does not.'))
}

/** Unique and foreign keys. */
function keysOf(
  { schema, where, name }: Resource,
  names: ReadonlyMap<string, string>,
  datasets: readonly DatasetDraft[],
): readonly ItemDraft[] {
  const dataset = names.get(name) ?? name
  const given = field(schema, 'uniqueKeys')
  const unique = (Array.isArray(given) ? given : []).map((each, i): ItemDraft => {
    const columns = textsIn(each)
    const must = `duplicates(${columns.map(ref).join(', ')}) == 0`
    const id = clauseId([dataset, ...columns.slice(0, 3), 'unique'].join('-'))
    return {
      ...base('uniqueKeys', `${where}uniqueKeys[${i}]`, dataset),
      clauses: [{ id, dataset, says: `${dataset}: unique key.`, must, allowEmpty: true }],
    }
  })
  const foreign = fieldsIn(field(schema, 'foreignKeys')).map((each, i): ItemDraft => {
    const at = `${where}foreignKeys[${i}]`
    const reference = field(each, 'reference')
    const [column, ...more] = textsIn(field(each, 'fields'))
    const [target] = isFields(reference) ? textsIn(field(reference, 'fields')) : []
    const resource = isFields(reference) ? String(field(reference, 'resource') ?? '') : ''
    const other = resource === '' ? dataset : names.get(resource)
    const there = datasets.find((one) => one.name === other)?.columns.has(target ?? '')
    if (column === undefined || target === undefined || more.length > 0 || there !== true)
      return refused('foreignKeys', at, dataset, 'Only references of one column to one of another resource are read.')
    const must = `orphans(${ref(column)}, ${other}, ${ref(target)}) == 0`
    const id = clauseId(`${dataset}-${column}-refers`)
    return {
      ...base('foreignKeys', at, dataset),
      clauses: [{ id, dataset, says: `${dataset}.${column}: refers to ${other}.${target}.`, must, allowEmpty: true }],
    }
  })
  return [...unique, ...foreign]
}
