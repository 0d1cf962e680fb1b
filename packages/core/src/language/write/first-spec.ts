import { Document, isMap, type Pair, Scalar, type YAMLMap } from 'yaml'
import { columnText, doubleText } from '../../expr/print/text.ts'
import { roundRows, roundShare } from './bounds.ts'
import { columnEntry } from './column-entry.ts'
import type { DataProfile } from './data-profile.ts'
import { roleHints } from './roles.ts'
import { asciiWords, clauseId, counted, datasetName, shown } from './names.ts'

/** A spec as text, and what it leaves to a person. */
export interface FirstSpec {
  readonly text: string
  /** The name it gives the dataset. */
  readonly dataset: string
  /** Every `TODO` of the text, in its order. */
  readonly todos: readonly string[]
}

/** Above this many columns, comparing whole rows would cost more than it tells. */
const LARGEST_ROW = 64

/**
 * Writes a first spec of a data file. Everything it says holds in the profile: its bounds are the observed ones, made
 * round and never narrower. All of it warns (`severity: warn`) and says where it comes from (`origin: profiled`); what
 * only a person can decide is a comment with `TODO`.
 */
export function writeFirstSpec(profile: DataProfile): FirstSpec {
  const dataset = datasetName(profile.source.path, new Set(profile.columns.map(({ name }) => name)))
  const document = new Document({
    plumbline: 1,
    system: { name: asciiWords(dataset, '-') || 'system', version: '0.1.0' },
    data: { [dataset]: dataEntry(profile) },
    clauses: clauseEntries(profile, dataset),
  })
  const todos: string[] = []
  comment(document, profile, dataset, todos)
  return { text: document.toString({ lineWidth: 0 }), dataset, todos }
}

function dataEntry(profile: DataProfile): Record<string, unknown> {
  const { source } = profile
  const { path, format, ...options } = source
  const plain = Object.keys(options).length === 0 && endsIn(path, format)
  const [key] = profile.keys
  return {
    source: plain
      ? path
      : {
          path,
          ...(endsIn(path, format) ? {} : { format }),
          ...(options.delimiter === undefined ? {} : { delimiter: options.delimiter }),
          ...(options.header === undefined ? {} : { header: options.header }),
          ...(options.nullValues === undefined ? {} : { null_values: options.nullValues }),
          ...(options.encoding === undefined ? {} : { encoding: options.encoding }),
        },
    severity: 'warn',
    ...(key === undefined ? {} : { key: [key] }),
    // A map: an object would lose `__proto__` and reorder names that are numbers.
    columns: new Map(profile.columns.map((column) => [column.name, columnEntry(column, column.name === key).entry])),
  }
}

const ENDINGS: Readonly<Record<DataProfile['source']['format'], RegExp>> = {
  csv: /\.(csv|tsv)$/i,
  parquet: /\.(parquet|pq)$/i,
  json: /\.(json|jsonl|ndjson)$/i,
  arrow: /\.(arrow|arrows|feather)$/i,
}

const endsIn = (path: string, format: DataProfile['source']['format']): boolean => ENDINGS[format].test(path)

function clauseEntries(profile: DataProfile, dataset: string): Record<string, unknown> {
  const clauses: Record<string, unknown> = {}
  const ids = new Set<string>()
  const add = (id: string, says: string, must: string, rationale: string): void => {
    ids.add(id)
    clauses[id] = { says, of: dataset, must, severity: 'warn', origin: 'profiled', rationale }
  }
  const { rows, columns, copies, keys } = profile
  add(
    'enough-rows',
    'The data does not shrink.',
    `count() >= ${roundRows(rows)}`,
    `Nine tenths of the ${counted(rows, 'row')} there were.`,
  )
  if (copies === 0 && keys.length === 0 && columns.length <= LARGEST_ROW) {
    const names = columns.map(({ name }) => columnText(name)).join(', ')
    add('no-copies', 'No row is a copy of another one.', `duplicates(${names}) == 0`, 'There was none.')
  }
  columns.forEach(({ name, missing }, index) => {
    if (missing === 0 || missing === rows) return
    const bound = roundShare(missing / rows)
    if (bound >= 1) return
    add(
      clauseId('missing', name, index + 1, ids),
      `${shown(name)} is not missing more often than it was.`,
      `null_share(${columnText(name)}) <= ${doubleText(bound)}`,
      `It was missing in ${counted(missing)} of ${counted(rows, 'row')}.`,
    )
  })
  return clauses
}

/** Adds the comments. A comment cannot carry anything of the file that would end it: names go through `shown`. */
function comment(document: Document, profile: DataProfile, dataset: string, todos: string[]): void {
  const todo = (text: string): string => {
    todos.push(text)
    return ` TODO: ${text}`
  }
  document.commentBefore = [
    ` A first spec of ${shown(profile.source.path)}, written by \`plumb init\` from ${counted(profile.rows, 'row')}.`,
    ' It says what that file shows, not what anybody promised: every bound is `origin: profiled` and only warns.',
    ' To make a line yours, correct it and remove its `severity: warn` and `origin: profiled`: then it blocks.',
    ' Until one clause blocks, `plumb check` warns of it and the gate stays closed. TODO marks what only you can decide.',
  ].join('\n')
  const system = mapAt(document, ['system'])
  system.comment = [
    todo('purpose: what the system is for, in one sentence'),
    todo('owners: [{ name: …, contact: … }]'),
  ].join('\n')
  for (const key of ['system', 'data', 'clauses']) spaceBefore(document.contents, key)

  const data = mapAt(document, ['data', dataset])
  const source = data.get('source', true)
  if (isMap(source)) flow(source)
  noteAbove(data, 'source', sourceNotes(profile, todo))
  const keyNode = document.getIn(['data', dataset, 'key'], true) as { flow?: boolean } | undefined
  if (keyNode !== undefined) keyNode.flow = true
  noteAbove(data, keyNode === undefined ? 'columns' : 'key', keyNotes(profile, todo))
  noteAbove(data, 'columns', columnsNotes(profile, todo))

  const columns = mapAt(document, ['data', dataset, 'columns'])
  for (const [index, pair] of (columns.items as Pair[]).entries()) {
    const column = profile.columns[index]
    if (column === undefined || !isMap(pair.value)) continue
    // Bare, it would be the merge key of YAML 1.1.
    if (pair.key instanceof Scalar && column.name === '<<') pair.key.type = Scalar.QUOTE_DOUBLE
    flow(pair.value)
    const { notes } = columnEntry(column, column.name === profile.keys[0])
    if (notes.length > 0) pair.value.comment = todo(notes.join('; '))
  }
}

type Todo = (text: string) => string

function sourceNotes(profile: DataProfile, todo: Todo): readonly string[] {
  const { guesses, source } = profile
  const notes: string[] = []
  if (guesses.includes('no-header'))
    notes.push(todo('the file seems to have no header; name the columns, in the order of the file'))
  if (guesses.includes('null-values'))
    notes.push(
      todo(
        `is a cell "missing" in every column if it is ${(source.nullValues ?? []).map((t) => `"${shown(t)}"`).join(' or ')}?`,
      ),
    )
  if (guesses.includes('encoding'))
    notes.push(todo(`the file is not UTF-8; it was read as ${source.encoding}: are its accents right?`))
  for (const { column, why } of profile.leftOut)
    notes.push(` Not declared: ${column === '' ? 'a column' : shown(column)}: it ${why}.`)
  return notes
}

function keyNotes(profile: DataProfile, todo: Todo): readonly string[] {
  const [key, ...others] = profile.keys
  const copies = profile.copies ?? 0
  const copied = copies > 0 ? [` ${counted(copies)} of ${counted(profile.rows, 'row')} repeat an earlier one.`] : []
  if (key === undefined) return [...copied, todo('key: the columns that identify a row; no single one does')]
  const more = others.length === 0 ? '' : ` (${others.map(shown).join(', ')} would do as well)`
  return [todo(`is it ${shown(key)} that identifies a row?${more}`)]
}

function columnsNotes(profile: DataProfile, todo: Todo): readonly string[] {
  const numbers = profile.columns.filter(
    ({ type, name }) => type === 'number' || (type === 'integer' && name !== profile.keys[0]),
  )
  const hints = profile.columns.map(({ name }) => roleHints(name))
  const notes: string[] = []
  // Where a name gives it away, the question stands beside that column.
  if (!hints.some(({ label }) => label)) notes.push(todo('role: label for the column that a model predicts'))
  if (!hints.some((each) => each.protected))
    notes.push(todo('protected: true for columns that must not decide (sex, origin, …)'))
  if (numbers.length > 0) {
    const names = numbers.slice(0, 12).map(({ name }) => shown(name))
    const more = numbers.length > 12 ? `, and ${numbers.length - 12} more` : ''
    notes.push(todo(`unit: where a number has one (${names.join(', ')}${more})`))
  }
  return notes
}

function mapAt(document: Document, path: readonly string[]): YAMLMap {
  return document.getIn(path, true) as YAMLMap
}

function flow(node: YAMLMap): void {
  node.flow = true
}

function spaceBefore(map: unknown, key: string): void {
  const node = keyOf(map, key)
  if (node !== undefined) node.spaceBefore = true
}

function noteAbove(map: unknown, key: string, notes: readonly string[]): void {
  const node = keyOf(map, key)
  if (node === undefined || notes.length === 0) return
  node.commentBefore = [...(node.commentBefore == null ? [] : [node.commentBefore]), ...notes].join('\n')
}

function keyOf(map: unknown, key: string): Scalar | undefined {
  if (!isMap(map)) return undefined
  for (const pair of map.items) {
    if (pair.key instanceof Scalar && pair.key.value === key) return pair.key
  }
  return undefined
}
