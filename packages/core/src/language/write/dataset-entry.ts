import { visible } from '../../diagnostics/visible-text.ts'
import { type Document, isMap, type Pair, Scalar, type YAMLMap } from 'yaml'
import { columnEntry } from './column-entry.ts'
import type { DataProfile } from './data-profile.ts'
import type { Drafted } from './drafted.ts'
import { counted, shown } from './names.ts'
import { roleHints } from './roles.ts'

/** A dataset as it is written: its source, key, splits and columns. */
export function dataEntry(profile: DataProfile, drafted?: Drafted): Record<string, unknown> {
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
    ...(drafted === undefined || drafted.splits.size === 0 ? {} : { splits: drafted.splits }),
    // A map: an object would lose `__proto__` and reorder names that are numbers.
    columns: new Map(
      profile.columns.map((column) => {
        const of = drafted?.columns.get(column.name)
        return [column.name, columnEntry(column, column.name === key, of).entry]
      }),
    ),
  }
}

const ENDINGS: Readonly<Record<DataProfile['source']['format'], RegExp>> = {
  csv: /\.(csv|tsv)$/i,
  parquet: /\.(parquet|pq)$/i,
  json: /\.(json|jsonl|ndjson)$/i,
  arrow: /\.(arrow|arrows|feather)$/i,
}

const endsIn = (path: string, format: DataProfile['source']['format']): boolean => ENDINGS[format].test(path)

/** Collects the `TODO` of a spec. */
export type Todo = (text: string) => string

/** Adds the comments of a dataset. A comment cannot carry anything of the file that would end it: names go through `shown`. */
export function commentDataset(
  document: Document,
  profile: DataProfile,
  dataset: string,
  todo: Todo,
  drafted?: Drafted,
): void {
  const data = mapAt(document, ['data', dataset])
  const source = data.get('source', true)
  if (isMap(source)) source.flow = true
  noteAbove(data, 'source', sourceNotes(profile, todo))
  const keyNode = document.getIn(['data', dataset, 'key'], true) as { flow?: boolean } | undefined
  if (keyNode !== undefined) keyNode.flow = true
  noteAbove(data, keyNode === undefined ? 'columns' : 'key', keyNotes(profile, todo))
  noteAbove(data, 'columns', columnsNotes(profile, todo))
  noteAbove(
    data,
    'columns',
    (drafted?.questions ?? []).map((question) => todo(shownLine(question))),
  )

  const columns = mapAt(document, ['data', dataset, 'columns'])
  for (const [index, pair] of (columns.items as Pair[]).entries()) {
    const column = profile.columns[index]
    if (column === undefined || !isMap(pair.value)) continue
    // Bare, it would be the merge key of YAML 1.1.
    if (pair.key instanceof Scalar && column.name === '<<') pair.key.type = Scalar.QUOTE_DOUBLE
    pair.value.flow = true
    const { notes } = columnEntry(column, column.name === profile.keys[0], drafted?.columns.get(column.name))
    if (notes.length > 0) pair.value.comment = todo(notes.join('; '))
  }
}

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

/** The map at a path of a document that has one there. */
export function mapAt(document: Document, path: readonly string[]): YAMLMap {
  return document.getIn(path, true) as YAMLMap
}

/** An empty line above a key. */
export function spaceBefore(map: unknown, key: string): void {
  const node = keyOf(map, key)
  if (node !== undefined) node.spaceBefore = true
}

/** A text of several words on one line, nothing invisible in it. */
function shownLine(text: string): string {
  const line = visible(text)
  return line.length > 600 ? `${line.slice(0, 599)}…` : line
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
