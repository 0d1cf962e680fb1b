import type { ColumnType } from '@plumbline/core'
import { type ColumnRule, ruleItem } from '../columns/rules.ts'
import { datasetName } from '../draft/assemble.ts'
import type { ColumnDraft, Draft, ItemDraft } from '../draft/draft.ts'
import { field, type Fields, isFields, textsIn } from '../text/json.ts'
import { clauseId } from '../text/names.ts'
import { type Alternatives, type Part, type Parts, partsOf } from './parts.ts'

/** What is known beside the file. */
export interface SchemaOptions {
  readonly source?: string
  readonly columns?: ReadonlyMap<string, ColumnType>
}

/** Whether a document is a JSON Schema of rows. */
export function isJsonSchema(document: Fields): boolean {
  return (
    rowsOf(document) !== undefined &&
    (field(document, 'type') !== undefined || field(document, '$schema') !== undefined)
  )
}

/** The schema of one row, taken apart; undefined where none names properties. */
function rowsOf(document: Fields): Parts | undefined {
  const names = ({ parts }: Parts) => parts.some(({ schema }) => isFields(field(schema, 'properties')))
  const whole = partsOf(document, document, '')
  if (names(whole)) return whole
  for (const { schema, where } of whole.parts) {
    const items = field(schema, 'items')
    if (!isFields(items)) continue
    const rows = partsOf(document, items, where === '' ? 'items' : `${where}.items`)
    if (names(rows)) return rows
  }
  return undefined
}

const RULES = [
  'enum',
  'const',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'multipleOf',
  'pattern',
  'format',
]

/** Words that describe and ask nothing. */
const WORDS = new Set([
  'title',
  'description',
  'default',
  'examples',
  'example',
  '$comment',
  'deprecated',
  'readOnly',
  'writeOnly',
  '$id',
  '$schema',
  'id',
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  '$defs',
  'definitions',
])

/** A schema as a draft. */
export function importSchema(document: Fields, options: SchemaOptions): Draft {
  const rows = rowsOf(document) ?? { parts: [], alternatives: [], nullable: false, refused: [] }
  const title = field(document, 'title') ?? rows.parts.map(({ schema }) => field(schema, 'title')).find(isText)
  const name = typeof title === 'string' && title !== '' ? title : 'rows'
  const dataset = datasetName(name)
  const items: ItemDraft[] = []
  const columns = new Map<string, ColumnDraft>()
  const nullable = new Set<string>()
  for (const [column, property] of propertiesOf(document, rows)) {
    const known = options.columns?.get(column)
    const type = known ?? typeOfParts(property)
    if (typeof type === 'object') {
      items.push(
        none(
          'type',
          property.where,
          `${dataset}.${column}`,
          `${type.nested} in a cell is not declared yet: the column is left out.`,
        ),
      )
      continue
    }
    const says = property.parts.map(({ schema }) => field(schema, 'description')).find(isText)
    columns.set(column, { type, ...(says === undefined ? {} : { says }) })
    if (property.nullable || property.parts.some(takesNull)) nullable.add(column)
    items.push(...itemsOf(property, dataset, column, type))
  }
  items.push(...ofRows(rows, dataset, columns, nullable))
  return {
    name,
    datasets: [{ name: dataset, source: options.source ?? `data/${dataset}.json`, columns }],
    items,
    notes: [
      ...(options.source === undefined
        ? [`A schema names no data: \`source: data/${dataset}.json\` is a guess to be corrected.`]
        : []),
      'An absent property and a null are both a missing cell.',
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

function contract(dataset: string, column: string, type: ColumnType, where: string): ItemDraft {
  const differences = type === 'timestamp' ? ['Dates and times are read as instants in UTC.'] : []
  return {
    what: 'type',
    where: `${where}.type`,
    about: `${dataset}.${column}`,
    clauses: [],
    contracts: [`${dataset}.${column}.type`],
    differences,
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

const takesNull = ({ schema }: Part): boolean => textsIn(field(schema, 'type')).includes('null')

/** A property, and where it stands first. */
type Property = Parts & { readonly where: string }

/** The properties that the parts of a row name, each with all that is said of it. */
function propertiesOf(document: Fields, rows: Parts): ReadonlyMap<string, Property> {
  const found = new Map<string, Property>()
  for (const { schema, where } of rows.parts) {
    const properties = field(schema, 'properties')
    for (const [column, given] of Object.entries(isFields(properties) ? properties : {})) {
      const place = `${where === '' ? '' : `${where}.`}properties.${column}`
      const more = partsOf(document, isFields(given) ? given : {}, place)
      const known = found.get(column)
      found.set(
        column,
        known === undefined
          ? { ...more, where: place }
          : {
              where: known.where,
              parts: [...known.parts, ...more.parts],
              alternatives: [...known.alternatives, ...more.alternatives],
              nullable: known.nullable && more.nullable,
              refused: [...known.refused, ...more.refused],
            },
      )
    }
  }
  return found
}

/** The column type that parts say together; what it is instead, for objects and arrays. */
function typeOfParts({ parts, alternatives }: Parts): ColumnType | { readonly nested: 'An object' | 'An array' } {
  const merged: Fields = Object.assign({}, ...parts.map(({ schema }) => schema).toReversed())
  const isSaid = ['type', 'enum', 'const', 'properties'].some((name) => Object.hasOwn(merged, name))
  if (isSaid || alternatives.length === 0) return typeOf(merged)
  const types = alternatives.flatMap(({ each }) =>
    each.map((own) => typeOf(Object.assign({}, ...own.map(({ schema }) => schema).toReversed()))),
  )
  const nested = types.find((type) => typeof type === 'object')
  if (nested !== undefined) return nested
  if (types.every((type) => type === 'integer' || type === 'number'))
    return types.every((type) => type === 'integer') ? 'integer' : 'number'
  return new Set(types).size === 1 ? (types[0] ?? 'text') : 'text'
}

/** The column type of a property. */
function typeOf(property: Fields): ReturnType<typeof typeOfParts> {
  const types = textsIn(field(property, 'type')).filter((each) => each !== 'null')
  if (types.includes('array')) return { nested: 'An array' }
  if (types.includes('object') || isFields(field(property, 'properties'))) return { nested: 'An object' }
  if (types.length > 1) return types.every((each) => each === 'integer' || each === 'number') ? 'number' : 'text'
  const [only] = types
  if (only === 'integer' || only === 'number' || only === 'boolean') return only
  if (only === 'string') return ['date-time', 'date'].includes(String(field(property, 'format'))) ? 'timestamp' : 'text'
  const given = field(property, 'enum')
  const values: readonly unknown[] = Array.isArray(given) ? given : [field(property, 'const')]
  if (values.every((value) => typeof value === 'number')) return 'number'
  return values.every((value) => typeof value === 'boolean') ? 'boolean' : 'text'
}

/** What is asked of a column. */
function itemsOf(property: Property, dataset: string, column: string, type: ColumnType): readonly ItemDraft[] {
  const about = `${dataset}.${column}`
  const typed = property.parts.find(({ schema }) => field(schema, 'type') !== undefined)
  return [
    ...(typed === undefined ? [] : [contract(dataset, column, type, typed.where)]),
    ...property.parts.flatMap(({ schema, where }) => rulesOf(schema, dataset, column, type, where)),
    ...property.alternatives.map((choice) => choiceItem(choice, dataset, column, type)),
    ...property.refused.map(({ what, where, because }) => none(what, where, about, because)),
  ]
}

/** One condition of a choice, each alternative being the conditions that hold together. */
function choiceItem({ word, where, each }: Alternatives, dataset: string, column: string, type: ColumnType): ItemDraft {
  const about = `${dataset}.${column}`
  const refused = (because: string) => none(word, where, about, because)
  const conditions: string[] = []
  const differences = new Set<string>()
  for (const parts of each) {
    const own = parts.map(({ schema }) => textsIn(field(schema, 'type')).filter((name) => name !== 'null'))
    if (own.some((types) => types.length > 0 && !types.every((name) => CELLS[type]?.includes(name))))
      return refused('Its alternatives are of several types, and a column has one.')
    const items = parts.flatMap((part) => rulesOf(part.schema, dataset, column, type, part.where))
    const lost = items.find((item) => item.refused !== undefined)
    if (lost !== undefined) return refused(`One of its alternatives cannot be said: ${lost.refused}`)
    const asked = items.flatMap(({ clauses }) => clauses.map(({ every }) => every ?? 'true'))
    for (const item of items) for (const difference of item.differences) differences.add(difference)
    conditions.push(asked.length === 0 ? 'true' : asked.length === 1 ? (asked[0] ?? '') : `(${asked.join(' && ')})`)
  }
  const every =
    word === 'anyOf'
      ? conditions.join(' || ')
      : `${conditions.map((condition) => `(${condition} ? 1 : 0)`).join(' + ')} == 1`
  const clause = {
    id: clauseId(`${dataset}-${column}-${word === 'anyOf' ? 'any-of' : 'one-of'}`),
    dataset,
    says: `${about}: ${word}.`,
    every,
    missing: 'exclude' as const,
    allowEmpty: true as const,
  }
  if (word === 'anyOf' && conditions.includes('true'))
    return {
      what: word,
      where,
      about,
      clauses: [],
      differences: [],
      trivial: 'One of its alternatives takes every value.',
    }
  return { what: word, where, about, clauses: [clause], differences: [...differences] }
}

/** Types of JSON whose values are cells of a column's type. */
const CELLS: Readonly<Partial<Record<ColumnType, readonly string[]>>> = {
  integer: ['integer'],
  number: ['number'],
  boolean: ['boolean'],
  text: ['string'],
  timestamp: ['string'],
}

function rulesOf(
  property: Fields,
  dataset: string,
  column: string,
  type: ColumnType,
  where: string,
): readonly ItemDraft[] {
  return Object.entries(property).flatMap(([name, value]): readonly ItemDraft[] => {
    const at = `${where}.${name}`
    if (WORDS.has(name) || name.startsWith('x-')) return []
    if (!RULES.includes(name))
      return [none(name, at, `${dataset}.${column}`, `\`${name}\` is not read: write the condition as a clause.`)]
    const rule: ColumnRule = { name, value, where: at }
    return [ruleItem({ dataset, column, type, patterns: 'anywhere' }, rule)]
  })
}

/** What a schema asks of a row as a whole. */
function ofRows(
  rows: Parts,
  dataset: string,
  columns: ReadonlyMap<string, ColumnDraft>,
  nullable: ReadonlySet<string>,
): readonly ItemDraft[] {
  const items: ItemDraft[] = []
  const isOnly = rows.parts.filter(({ schema }) => isFields(field(schema, 'properties'))).length === 1
  for (const { schema, where } of rows.parts) {
    const at = (name: string): string => (where === '' ? name : `${where}.${name}`)
    for (const column of textsIn(field(schema, 'required')))
      items.push(requiredItem(dataset, column, columns.get(column)?.type, nullable.has(column), at('required')))
    if (field(schema, 'additionalProperties') === false)
      items.push(
        isOnly
          ? closed(at('additionalProperties'), dataset, namesIn(schema))
          : none(
              'additionalProperties',
              at('additionalProperties'),
              dataset,
              'It counts the properties of one part of the schema only.',
            ),
      )
    for (const name of Object.keys(schema))
      if (!WORDS.has(name) && !name.startsWith('x-'))
        items.push(none(name, at(name), dataset, `\`${name}\` is not read: write the condition as a clause.`))
  }
  for (const { word, where } of rows.alternatives)
    items.push(none(word, where, dataset, `\`${word}\` of whole rows is not read: write the condition as a clause.`))
  for (const { what, where, because } of rows.refused) items.push(none(what, where, dataset, because))
  return items
}

function requiredItem(
  dataset: string,
  column: string,
  type: ColumnType | undefined,
  nullable: boolean,
  where: string,
): ItemDraft {
  const about = `${dataset}.${column}`
  if (type === undefined) return none('required', where, about, 'It is no column of the spec.')
  if (!nullable)
    return ruleItem({ dataset, column, type, patterns: 'anywhere' }, { name: 'required', value: true, where })
  const trivial = 'A null is allowed, and absence is the same here.'
  return { what: 'required', where, about, clauses: [], differences: [], trivial }
}

/** How many properties a schema names. */
function namesIn(schema: Fields): number {
  const properties = field(schema, 'properties')
  return isFields(properties) ? Object.keys(properties).length : 0
}

function closed(where: string, dataset: string, names: number): ItemDraft {
  return {
    what: 'additionalProperties',
    where,
    about: dataset,
    clauses: [
      {
        id: clauseId(`${dataset}-columns`),
        dataset,
        says: `${dataset}: no other columns.`,
        must: `column_count() <= ${names}`,
        allowEmpty: true,
      },
    ],
    differences: ['Columns of the data are counted; which they are is not compared.'],
  }
}
