import type { ColumnType } from '@plumbline/core'
import { ruleItem } from '../columns/rules.ts'
import { datasetName } from '../draft/assemble.ts'
import type { ClauseDraft, ColumnDraft, DatasetDraft, Draft, ItemDraft } from '../draft/draft.ts'
import { itemOf } from '../great-expectations/import-suite.ts'
import { ref } from '../text/cel.ts'
import { field, type Fields, fieldsIn, isFields, textsIn } from '../text/json.ts'
import { clauseId } from '../text/names.ts'
import { readQuality } from './quality.ts'

/** What is known beside the file. */
export interface ContractOptions {
  readonly source?: string
  readonly columns?: ReadonlyMap<string, ColumnType>
}

/** Whether a document is a data contract of ODCS 3. */
export function isContract(document: Fields): boolean {
  return field(document, 'kind') === 'DataContract' && /^v?3\./.test(String(field(document, 'apiVersion')))
}

const TYPES: Readonly<Record<string, ColumnType>> = {
  string: 'text',
  time: 'text',
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
  date: 'timestamp',
  timestamp: 'timestamp',
}

/** A table of the contract in the making. */
interface Table {
  readonly dataset: string
  readonly columns: Map<string, ColumnDraft>
  readonly key: string[]
}

/** A contract as a draft. */
export function importContract(document: Fields, options: ContractOptions): Draft {
  const tables = new Map<string, Table>()
  const items: ItemDraft[] = []
  const objects = fieldsIn(field(document, 'schema'))
  for (const object of objects) {
    const name = String(field(object, 'name') ?? 'table')
    tables.set(name, { dataset: datasetName(name), columns: new Map(), key: [] })
  }
  objects.forEach((object, i) => readObject(object, `schema[${i}]`, tables, options, items))
  // References are read when all columns are known.
  objects.forEach((object, i) => readRelationships(object, `schema[${i}]`, tables, items))
  const datasets = [...tables.values()].map(({ dataset, columns, key }): DatasetDraft => {
    return {
      name: dataset,
      source: options.source ?? `data/${dataset}.csv`,
      columns,
      ...(key.length === 0 ? {} : { key }),
    }
  })
  const service = field(document, 'slaProperties')
  if (Array.isArray(service))
    items.push(none('slaProperties', 'slaProperties', '', 'Agreements on service are not about the rows at hand.'))
  const name = field(document, 'name') ?? field(document, 'dataProduct') ?? field(document, 'id')
  return {
    name: typeof name === 'string' ? name : 'contract',
    datasets,
    items,
    notes: [
      ...(options.source === undefined ? ['Servers are not read: the sources are guesses to be corrected.'] : []),
      'Team, roles, price, support and tags are words about the data, and no part of the spec.',
    ],
  }
}

const none = (what: string, where: string, about: string, refused: string): ItemDraft => ({
  what,
  where,
  about,
  clauses: [],
  differences: [],
  refused,
})

function readObject(
  object: Fields,
  where: string,
  tables: ReadonlyMap<string, Table>,
  options: ContractOptions,
  items: ItemDraft[],
): void {
  const table = tables.get(String(field(object, 'name') ?? 'table'))
  if (table === undefined) return
  const properties = fieldsIn(field(object, 'properties'))
  const keys = properties
    .filter((property) => field(property, 'primaryKey') === true)
    .toSorted((a, b) => Number(field(a, 'primaryKeyPosition') ?? 0) - Number(field(b, 'primaryKeyPosition') ?? 0))
  table.key.push(...keys.map((property) => String(field(property, 'name'))))
  properties.forEach((property, i) => readProperty(property, `${where}.properties[${i}]`, table, options, items))
  if (table.key.length > 0)
    items.push({
      what: 'primaryKey',
      where,
      about: table.dataset,
      clauses: [],
      contracts: [`${table.dataset}.key`],
      differences: [],
    })
  fieldsIn(field(object, 'quality')).forEach((rule, i) =>
    items.push(quality(rule, `${where}.quality[${i}]`, table, undefined)),
  )
}

function readProperty(
  property: Fields,
  where: string,
  table: Table,
  options: ContractOptions,
  items: ItemDraft[],
): void {
  const name = String(field(property, 'name') ?? '')
  const about = `${table.dataset}.${name}`
  const logical = String(field(property, 'logicalType') ?? 'string')
  const type = options.columns?.get(name) ?? TYPES[logical]
  if (type === undefined) {
    items.push(none('logicalType', `${where}.logicalType`, about, `A column of type ${logical} is not declared yet.`))
    return
  }
  const says = field(property, 'description')
  table.columns.set(name, { type, ...(typeof says === 'string' && says !== '' ? { says } : {}) })
  if (field(property, 'logicalType') !== undefined)
    items.push({
      what: 'logicalType',
      where: `${where}.logicalType`,
      about,
      clauses: [],
      contracts: [`${about}.type`],
      differences: [],
    })
  const column = { dataset: table.dataset, column: name, type, patterns: 'anywhere' } as const
  for (const rule of ['required', 'unique'])
    if (field(property, rule) === true)
      items.push(ruleItem(column, { name: rule, value: true, where: `${where}.${rule}` }))
  const settings = field(property, 'logicalTypeOptions')
  for (const [rule, value] of Object.entries(isFields(settings) ? settings : {})) {
    const at = `${where}.logicalTypeOptions.${rule}`
    // A format of a date says how it is shown.
    if (rule === 'format' && type === 'timestamp') continue
    items.push(ruleItem(column, { name: rule, value, where: at }))
  }
  fieldsIn(field(property, 'quality')).forEach((rule, i) =>
    items.push(quality(rule, `${where}.quality[${i}]`, table, name)),
  )
}

const SEVERITIES: Readonly<Record<string, 'warn' | 'info'>> = { warning: 'warn', info: 'info' }

function quality(rule: Fields, where: string, table: Table, column: string | undefined): ItemDraft {
  const { dataset, columns } = table
  const about = column === undefined ? dataset : `${dataset}.${column}`
  const type = String(field(rule, 'type') ?? 'library')
  const metric = String(field(rule, 'metric') ?? field(rule, 'rule') ?? field(rule, 'name') ?? type)
  const base = { what: `quality ${metric}`, where, about, clauses: [], differences: [] }
  if (type === 'custom') return custom(rule, base, table)
  if (type !== 'library')
    return {
      ...base,
      refused:
        type === 'sql' ? 'It is a query of its own: write the condition as a clause.' : 'It says in words what to ask.',
    }
  const read = readQuality(rule, {
    typeOf: (name) => columns.get(name)?.type ?? 'text',
    ...(column === undefined ? {} : { column }),
  })
  if ('refused' in read) return { ...base, refused: read.refused }
  const words = field(rule, 'description') ?? field(rule, 'name')
  const severity = SEVERITIES[String(field(rule, 'severity'))]
  const clause: ClauseDraft = {
    id: clauseId([dataset, column, metric].filter((part) => part !== undefined).join('-')),
    dataset,
    says: typeof words === 'string' && words !== '' ? words : `${about}: ${metric}.`,
    must: read.must,
    allowEmpty: true,
    ...(severity === undefined ? {} : { severity }),
  }
  return { ...base, clauses: [clause], differences: read.difference === undefined ? [] : [read.difference] }
}

/** Rules of another engine: those of Great Expectations are read as such. */
function custom(rule: Fields, base: ItemDraft, { dataset, columns }: Table): ItemDraft {
  const engine = String(field(rule, 'engine'))
  const implementation = field(rule, 'implementation')
  if (!/great.?expectations/i.test(engine) || !isFields(implementation))
    return { ...base, refused: `It is written for ${engine}, which is not read inside a contract.` }
  const type = String(field(implementation, 'type') ?? field(implementation, 'expectation_type') ?? '')
  const kwargs = field(implementation, 'kwargs')
  const types = new Map([...columns].map(([name, column]) => [name, column.type]))
  const made = itemOf({ type, kwargs: isFields(kwargs) ? kwargs : {}, where: base.where }, dataset, types, new Map())
  return { ...made, what: `quality ${type}`, about: base.about }
}

function readRelationships(
  object: Fields,
  where: string,
  tables: ReadonlyMap<string, Table>,
  items: ItemDraft[],
): void {
  const table = tables.get(String(field(object, 'name') ?? 'table'))
  if (table === undefined) return
  fieldsIn(field(object, 'properties')).forEach((property, p) => {
    fieldsIn(field(property, 'relationships')).forEach((each, i) =>
      items.push(
        reference(
          table,
          String(field(property, 'name')),
          field(each, 'to'),
          `${where}.properties[${p}].relationships[${i}]`,
          tables,
        ),
      ),
    )
  })
  fieldsIn(field(object, 'relationships')).forEach((each, i) => {
    const [from, ...more] = textsIn(field(each, 'from'))
    const at = `${where}.relationships[${i}]`
    if (from === undefined || more.length > 0)
      items.push(none('relationship', at, table.dataset, 'References by several columns are not there yet.'))
    else items.push(reference(table, from.slice(from.lastIndexOf('.') + 1), textsIn(field(each, 'to'))[0], at, tables))
  })
}

function reference(
  table: Table,
  column: string,
  to: unknown,
  where: string,
  tables: ReadonlyMap<string, Table>,
): ItemDraft {
  const about = `${table.dataset}.${column}`
  const [, name = '', foreign = ''] = /^(?:.*\/)?([^./]+)[./]([^./]+)$/.exec(String(to)) ?? []
  const other = tables.get(name)
  if (other === undefined || !other.columns.has(foreign))
    return none('relationship', where, about, `${JSON.stringify(to)} is no column of this contract.`)
  const must = `orphans(${ref(column)}, ${other.dataset}, ${ref(foreign)}) == 0`
  const clause: ClauseDraft = {
    id: clauseId(`${table.dataset}-${column}-refers`),
    dataset: table.dataset,
    says: `${about}: refers to ${String(to)}.`,
    must,
    allowEmpty: true,
  }
  return { what: 'relationship', where, about, clauses: [clause], differences: [] }
}
