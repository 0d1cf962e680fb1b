import type { ColumnType } from '@plumbline/core'
import { type ColumnRule, ruleItem } from '../columns/rules.ts'
import { datasetName } from '../draft/assemble.ts'
import type { ColumnDraft, Draft, ItemDraft } from '../draft/draft.ts'
import { field, type Fields, isFields, textsIn } from '../text/json.ts'
import { clauseId } from '../text/names.ts'

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

/** The schema of one row, and where it stands. */
function rowsOf(document: Fields): { readonly schema: Fields; readonly where: string } | undefined {
  if (isFields(field(document, 'properties'))) return { schema: document, where: '' }
  const items = field(document, 'items')
  return isFields(items) && isFields(field(items, 'properties')) ? { schema: items, where: 'items.' } : undefined
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
  const rows = rowsOf(document)
  const title = field(document, 'title')
  const name = typeof title === 'string' && title !== '' ? title : 'rows'
  const dataset = datasetName(name)
  const items: ItemDraft[] = []
  const columns = new Map<string, ColumnDraft>()
  const properties = field(rows?.schema ?? {}, 'properties')
  const at = rows?.where ?? ''
  for (const [column, given] of Object.entries(isFields(properties) ? properties : {})) {
    const where = `${at}properties.${column}`
    const property = isFields(given) ? given : {}
    const type = options.columns?.get(column) ?? typeOf(property)
    if (type === undefined) {
      items.push(
        none(
          'type',
          where,
          `${dataset}.${column}`,
          `${nestedWord(property)} in a cell is not declared yet: the column is left out.`,
        ),
      )
      continue
    }
    const says = field(property, 'description')
    columns.set(column, { type, ...(typeof says === 'string' && says !== '' ? { says } : {}) })
    if (field(property, 'type') !== undefined) items.push(contract(dataset, column, type, where))
    items.push(...rulesOf(property, dataset, column, type, where))
  }
  items.push(...ofRows(rows?.schema ?? {}, at, dataset, columns))
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

/** The column type of a property; undefined for objects and arrays. */
function typeOf(property: Fields): ColumnType | undefined {
  const types = textsIn(field(property, 'type')).filter((each) => each !== 'null')
  if (types.includes('object') || types.includes('array') || isFields(field(property, 'properties'))) return undefined
  if (types.length > 1) return types.every((each) => each === 'integer' || each === 'number') ? 'number' : 'text'
  const [only] = types
  if (only === 'integer' || only === 'number' || only === 'boolean') return only
  if (only === 'string') return ['date-time', 'date'].includes(String(field(property, 'format'))) ? 'timestamp' : 'text'
  const given = field(property, 'enum')
  const values: readonly unknown[] = Array.isArray(given) ? given : [field(property, 'const')]
  if (values.every((value) => typeof value === 'number')) return 'number'
  return values.every((value) => typeof value === 'boolean') ? 'boolean' : 'text'
}

const nestedWord = (property: Fields): string =>
  textsIn(field(property, 'type')).includes('array') ? 'An array' : 'An object'

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
  schema: Fields,
  at: string,
  dataset: string,
  columns: ReadonlyMap<string, ColumnDraft>,
): readonly ItemDraft[] {
  const items: ItemDraft[] = []
  const nullable = (column: string): boolean => {
    const properties = field(schema, 'properties')
    const property = isFields(properties) ? field(properties, column) : undefined
    return isFields(property) && textsIn(field(property, 'type')).includes('null')
  }
  for (const column of textsIn(field(schema, 'required'))) {
    const type = columns.get(column)?.type
    const where = `${at}required`
    if (type === undefined) items.push(none('required', where, `${dataset}.${column}`, 'It is no column of the spec.'))
    else if (nullable(column))
      items.push({
        what: 'required',
        where,
        about: `${dataset}.${column}`,
        clauses: [],
        differences: [],
        trivial: 'A null is allowed, and absence is the same here.',
      })
    else items.push(ruleItem({ dataset, column, type, patterns: 'anywhere' }, { name: 'required', value: true, where }))
  }
  if (field(schema, 'additionalProperties') === false) items.push(closed(at, dataset, namesIn(schema)))
  for (const name of Object.keys(schema))
    if (!WORDS.has(name) && !name.startsWith('x-'))
      items.push(none(name, `${at}${name}`, dataset, `\`${name}\` is not read: write the condition as a clause.`))
  return items
}

/** How many properties a schema names. */
function namesIn(schema: Fields): number {
  const properties = field(schema, 'properties')
  return isFields(properties) ? Object.keys(properties).length : 0
}

function closed(at: string, dataset: string, names: number): ItemDraft {
  return {
    what: 'additionalProperties',
    where: `${at}additionalProperties`,
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
