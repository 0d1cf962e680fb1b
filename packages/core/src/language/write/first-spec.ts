import { Document } from 'yaml'
import { columnText, doubleText } from '../../expr/print/text.ts'
import { roundRows, roundShare } from './bounds.ts'
import { commentDataset, dataEntry, mapAt, spaceBefore, type Todo } from './dataset-entry.ts'
import type { DataProfile } from './data-profile.ts'
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
  if (copies === 0 && keys.length === 0 && columns.length > 0 && columns.length <= LARGEST_ROW) {
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

/** Adds the comments. */
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
  commentSystem(document, todo)
  commentDataset(document, profile, dataset, todo)
}

/** What the section `system` leaves to a person. */
export function commentSystem(document: Document, todo: Todo): void {
  mapAt(document, ['system']).comment = [
    todo('purpose: what the system is for, in one sentence'),
    todo('owners: [{ name: …, contact: … }]'),
  ].join('\n')
  for (const key of ['system', 'data', 'clauses']) spaceBefore(document.contents, key)
}
