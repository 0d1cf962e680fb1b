import type { ColumnType } from '@plumbline/core'
import { datasetName } from '../draft/assemble.ts'
import type { ClauseDraft, ColumnDraft, Draft, ItemDraft } from '../draft/draft.ts'
import { refused } from '../draft/item.ts'
import { not, ref } from '../text/cel.ts'
import { namesIn, readCondition } from '../text/condition.ts'
import { field, type Fields, isFields, textsIn } from '../text/json.ts'
import { clauseId } from '../text/names.ts'
import { measureIn, termOf, uniqueIn, within } from './measure.ts'

/** What is known beside the file. */
export interface ChecksOptions {
  readonly source?: string
  readonly columns?: ReadonlyMap<string, ColumnType>
}

const SECTION = /^checks for (?!each)(\S.*)$/

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
  const items = Object.entries(document).flatMap(([key, checks]): readonly ItemDraft[] => {
    const [, name] = SECTION.exec(key) ?? []
    if (name === undefined) return [refused(key, key, '', 'Only `checks for TABLE` are read.')]
    return (Array.isArray(checks) ? checks : []).map((check, i) => {
      const [sentence = '', body] =
        typeof check === 'string' ? [check, undefined] : (Object.entries(isFields(check) ? check : {})[0] ?? [])
      return item(sentence, isFields(body) ? body : {}, `${key}[${i}]`, table(name), table)
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

const NUMERIC = /^(avg|sum|stddev|variance|min|max)$/

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
  const conditions: string[] = []
  const strange: string[] = []
  for (const level of ['fail', 'warn']) {
    const given = field(body, level)
    for (const [key, value] of Object.entries(isFields(given) ? given : {})) {
      const names = textsIn(value).map((name) => `column_position(${JSON.stringify(name)})`)
      if (key === 'when required column missing') conditions.push(...names.map((name) => `${name} > 0`))
      else if (key === 'when forbidden column present') conditions.push(...names.map((name) => `${name} == 0`))
      else strange.push(`\`${key}\` is not read.`)
    }
  }
  if (conditions.length === 0) return { ...base, refused: strange.join(' ') || 'It asks for nothing.' }
  return { ...clause('columns', { must: conditions.join(' && ') }), differences: strange }
}

function failedRows(base: ItemDraft, body: Fields, columns: Map<string, ColumnType>, clause: MakeClause): ItemDraft {
  const condition = field(body, 'fail condition')
  if (typeof condition !== 'string')
    return { ...base, refused: 'It is a query of its own: write the condition as a clause.' }
  for (const { name, beside } of namesIn(condition, 'sql'))
    if (!columns.has(name)) columns.set(name, typeof beside === 'number' ? 'number' : 'text')
  const read = readCondition(condition, { notation: 'sql', typeOf: (name) => columns.get(name) })
  if ('problem' in read) return { ...base, refused: `Its condition is not understood: ${read.problem}.` }
  return clause('no-failed-rows', { every: not(read.cel), missing: 'pass' })
}
