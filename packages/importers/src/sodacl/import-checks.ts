import type { ColumnType } from '@plumbline/core'
import { datasetName } from '../draft/assemble.ts'
import type { ClauseDraft, ColumnDraft, Draft, ItemDraft } from '../draft/draft.ts'
import { refused } from '../draft/item.ts'
import { all, not, ref } from '../text/cel.ts'
import { namesIn, type ReadCondition, readCondition } from '../text/condition.ts'
import { field, type Fields, isFields, textsIn } from '../text/json.ts'
import { clauseId } from '../text/names.ts'
import { measureIn, termOf, uniqueIn, within } from './measure.ts'

/** What is known beside the file. */
export interface ChecksOptions {
  readonly source?: string
  readonly columns?: ReadonlyMap<string, ColumnType>
}

const SECTION = /^checks for (?!each)(\S.*?)(?:\s*\[(.+)\])?$/
/** A part of a table by a condition, which checks may be asked of. */
const PART = /^filter (\S.*?)\s*\[(.+)\]$/

/** Whether a document holds `checks for TABLE`. */
export function isSodaCl(document: Fields): boolean {
  return Object.keys(document).some((key) => SECTION.test(key))
}

/** A table in the making. */
interface Table {
  readonly dataset: string
  readonly columns: Map<string, ColumnType>
}

/** A file of checks as a draft. */
export function importChecks(document: Fields, options: ChecksOptions): Draft {
  const tables = new Map<string, Table>()
  const table = (name: string): Table => {
    const found = tables.get(name) ?? { dataset: datasetName(name), columns: new Map(options.columns ?? []) }
    tables.set(name, found)
    return found
  }
  const parts = partsIn(document)
  const items = Object.entries(document).flatMap(([key, checks]): readonly ItemDraft[] => {
    const [, name, part] = SECTION.exec(key) ?? []
    if (PART.test(key)) return [{ ...partItem(key), trivial: 'The checks of this part are asked of its rows.' }]
    if (name === undefined) return [refused(key, key, '', 'Only `checks for TABLE` are read.')]
    return (Array.isArray(checks) ? checks : []).map((check, i) => {
      const [sentence = '', body] =
        typeof check === 'string' ? [check, undefined] : (Object.entries(isFields(check) ? check : {})[0] ?? [])
      const settings = isFields(body) ? body : {}
      const conditions = [
        ...(part === undefined ? [] : [parts.get(`${name} [${part}]`)]),
        ...(field(settings, 'filter') === undefined ? [] : [field(settings, 'filter')]),
      ]
      const made = item(sentence, settings, `${key}[${i}]`, table(name), table)
      return conditions.length === 0 ? made : ofRows(made, conditions, table(name))
    })
  })
  const [first] = tables.keys()
  return {
    name: first ?? 'checks',
    datasets: [...tables.values()].map(({ dataset, columns }) => ({
      name: dataset,
      source: options.source ?? `data/${dataset}.csv`,
      columns: new Map([...columns].map(([name, type]): [string, ColumnDraft] => [name, { type }])),
    })),
    items,
    notes: [
      'Tables name no files: the sources are guesses to be corrected. Types of columns were read off the checks.',
    ],
  }
}

const partItem = (key: string): ItemDraft => ({ what: key, where: key, about: '', clauses: [], differences: [] })

/** The conditions of the parts, by table and name; undefined where one has none. */
function partsIn(document: Fields): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries(document).flatMap(([key, value]) => {
      const [, name, part] = PART.exec(key) ?? []
      return name === undefined ? [] : [[`${name} [${part}]`, isFields(value) ? field(value, 'where') : undefined]]
    }),
  )
}

/** A check that is asked of some rows only. */
function ofRows(made: ItemDraft, conditions: readonly unknown[], { columns }: Table): ItemDraft {
  if (made.refused !== undefined) return made
  const read = conditions.map((condition) => conditionOf(condition, columns))
  const wheres: string[] = []
  for (const each of read) {
    if ('problem' in each)
      return { ...made, clauses: [], refused: `The rows it is asked of are not understood: ${each.problem}.` }
    wheres.push(each.cel)
  }
  return { ...made, clauses: made.clauses.map((clause) => ({ ...clause, where: all(wheres) })) }
}

/** A condition in SQL; columns that it names are declared by what they are compared with. */
function conditionOf(condition: unknown, columns: Map<string, ColumnType>): ReadCondition {
  if (typeof condition !== 'string') return { problem: 'the file does not say them' }
  const named = new Map<string, ColumnType>()
  for (const { name, beside } of namesIn(condition, 'sql'))
    if (!columns.has(name)) named.set(name, typeof beside === 'number' ? 'number' : 'text')
  const read = readCondition(condition, { notation: 'sql', typeOf: (name) => columns.get(name) ?? named.get(name) })
  if ('cel' in read) for (const [name, type] of named) columns.set(name, type)
  return read
}

const NUMERIC = /^(avg|sum|stddev|stddev_samp|variance|var_samp|min|max)$/

function item(
  sentence: string,
  body: Fields,
  where: string,
  table: Table,
  tableNamed: (name: string) => Table,
): ItemDraft {
  const { dataset, columns } = table
  const base = { what: sentence, where, about: dataset, clauses: [], differences: [] }
  const clause = (id: string, question: Partial<ClauseDraft>): ItemDraft => {
    const name = field(body, 'name')
    const says = typeof name === 'string' && name !== '' ? name : `${dataset}: ${sentence}.`
    return { ...base, clauses: [{ id: clauseId(`${dataset}-${id}`), dataset, says, ...question, allowEmpty: true }] }
  }
  const reference = /^values in \(?([\w.]+)\)? must exist in (\w+) \(?(\w+)\)?$/.exec(sentence)
  if (reference !== null) {
    const [, column = '', other = '', foreign = ''] = reference
    const target = tableNamed(other)
    target.columns.set(foreign, columns.get(column) ?? target.columns.get(foreign) ?? 'text')
    columns.set(column, target.columns.get(foreign) ?? 'text')
    return clause(`${column}-refers`, { must: `orphans(${ref(column)}, ${target.dataset}, ${ref(foreign)}) == 0` })
  }
  const same = /^row_count same as (\w+)$/.exec(sentence)?.[1]
  if (same !== undefined) return clause('rows-of-other', { must: `count() == count_of(${tableNamed(same).dataset})` })
  if (sentence === 'schema') return schemaItem(base, body, clause)
  if (sentence === 'failed rows') return failedRows(base, body, columns, clause)
  const measure = measureIn(sentence)
  if (measure === undefined) return { ...base, refused: 'The sentence is not understood.' }
  const unique = uniqueIn(measure)
  const typeOf = (column: string): ColumnType => columns.get(column) ?? typeIn(measure.fn, body)
  const read = unique === undefined ? termOf(measure, body, typeOf) : { term: '' }
  if ('refused' in read) return { ...base, refused: read.refused }
  for (const column of measure.columns) columns.set(column, typeOf(column))
  if (unique !== undefined) return clause([...measure.columns, 'unique'].join('-'), { must: unique })
  return bounded(base, read.term, measure.bounds, body, [...measure.columns, measure.fn].join('-'), clause)
}

/** Numbers where the function or a bound takes numbers, else text. */
function typeIn(fn: string, body: Fields): ColumnType {
  const values = field(body, 'valid values')
  const plain: readonly unknown[] = Array.isArray(values) ? values : []
  const numbers = plain.length > 0 && plain.every((each) => typeof each === 'number')
  const limits = typeof field(body, 'valid min') === 'number' || typeof field(body, 'valid max') === 'number'
  return NUMERIC.test(fn) || numbers || limits ? 'number' : 'text'
}

type MakeClause = (id: string, question: Partial<ClauseDraft>) => ItemDraft

/** A number with its bound, or with bounds at which it warns and fails: those are not to be met. */
function bounded(
  base: ItemDraft,
  term: string,
  bounds: string,
  body: Fields,
  id: string,
  clause: MakeClause,
): ItemDraft {
  if (bounds !== '') {
    const must = within(term, bounds)
    return must === undefined ? { ...base, refused: 'Its bound is not understood.' } : clause(id, { must })
  }
  const made: ClauseDraft[] = []
  for (const level of ['fail', 'warn'] as const) {
    const when = /^when\s+([\s\S]+)$/.exec(String(field(body, level) ?? ''))?.[1]
    if (when === undefined) continue
    const alarm = within(term, when.trim())
    if (alarm === undefined) return { ...base, refused: `\`${level}\` is not understood.` }
    made.push(
      ...clause(`${id}-${level}`, { must: not(alarm), ...(level === 'warn' ? { severity: 'warn' } : {}) }).clauses,
    )
  }
  return made.length === 0 ? { ...base, refused: 'It has no bound.' } : { ...base, clauses: made }
}

function schemaItem(base: ItemDraft, body: Fields, clause: MakeClause): ItemDraft {
  const strange: string[] = []
  const made = (['fail', 'warn'] as const).flatMap((level): readonly ClauseDraft[] => {
    const given = field(body, level)
    const conditions = Object.entries(isFields(given) ? given : {}).flatMap(([key, value]) =>
      columnConditions(key, value, strange),
    )
    if (conditions.length === 0) return []
    const must = conditions.join(' && ')
    return level === 'fail'
      ? clause('columns', { must }).clauses
      : clause('columns-warn', { must, severity: 'warn' }).clauses
  })
  if (made.length === 0) return { ...base, refused: strange.join(' ') || 'It asks for nothing.' }
  return { ...base, clauses: made, differences: strange }
}

/** What a line of a schema check asks of the columns; what is not read is added to `strange`. */
function columnConditions(key: string, value: unknown, strange: string[]): readonly string[] {
  const place = (name: string): string => `column_position(${JSON.stringify(name)})`
  switch (key) {
    case 'when required column missing':
      return textsIn(value).map((name) => `${place(name)} > 0`)
    case 'when forbidden column present':
      return textsIn(value).flatMap((name) => {
        if (!/[%*]/.test(name)) return [`${place(name)} == 0`]
        strange.push(`\`${name}\` stands for several names: columns are asked for by one name each.`)
        return []
      })
    case 'when wrong column index': {
      const places = Object.entries(isFields(value) ? value : {})
      return places.flatMap(([name, at]) => (typeof at === 'number' ? [`${place(name)} == ${at + 1}`] : []))
    }
    default:
      strange.push(`\`${key}\` is not read.`)
      return []
  }
}

function failedRows(base: ItemDraft, body: Fields, columns: Map<string, ColumnType>, clause: MakeClause): ItemDraft {
  const condition = field(body, 'fail condition')
  if (typeof condition !== 'string')
    return { ...base, refused: 'It is a query of its own: write the condition as a clause.' }
  const read = conditionOf(condition, columns)
  if ('problem' in read) return { ...base, refused: `Its condition is not understood: ${read.problem}.` }
  return clause('no-failed-rows', { every: not(read.cel), missing: 'pass' })
}
