import { type ColumnSource, columnText, type Spec } from '@plumbline/core'
import type { Cursor } from './cursor.ts'

/** What a sentence is read against. */
export interface Vocabulary {
  readonly spec: Spec
  /** Stands for a number that the sentence does not give. */
  readonly hole: string
  /** The rows a model is asked on where none are named. */
  readonly split: string | undefined
}

/** A column with the dataset it is of. */
export interface ColumnRef {
  readonly dataset: string
  readonly column: ColumnSource
  readonly cel: string
}

/** Names of several words are a few words long. */
const MOST_WORDS = 5

const plain = (text: string): string => text.toLowerCase().replaceAll(/[\s_-]+/gu, '_')

/** The longest name that stands here, written as it is, or its words with spaces or in quotes. */
export function nameIn<T>(cursor: Cursor, names: ReadonlyMap<string, T>, what: string): T | undefined {
  const known = new Map([...names].map(([name, value]) => [plain(name), value] as const))
  for (let count = MOST_WORDS; count > 0; count--) {
    const parts = Array.from({ length: count }, (_, i) => cursor.peek(i))
    if (parts.some((part) => part === undefined || (part.kind === 'mark' && count > 1))) continue
    const found = known.get(plain(parts.map((part) => part?.text).join(' ')))
    if (found === undefined) continue
    cursor.skip(count)
    return found
  }
  cursor.expect(...[...names.keys()].slice(0, 200), what)
  return undefined
}

/** A column, also as `accounts.age`, or followed by `of accounts` and the like. */
export function columnIn(cursor: Cursor, { spec }: Vocabulary, among?: string): ColumnRef | undefined {
  return cursor.attempt(() => {
    cursor.take('the column', 'column', 'the value of', 'the values of', 'values of', 'the', 'each', 'its')
    cursor.take('column')
    const names = new Map<string, ColumnRef>()
    for (const [dataset, { columns }] of spec.data) {
      if (among !== undefined && dataset !== among) continue
      for (const [name, column] of columns) {
        const ref = { dataset, column, cel: columnText(name) }
        if (!names.has(name)) names.set(name, ref)
        names.set(`${dataset}.${name}`, ref)
      }
    }
    const found = nameIn(cursor, names, 'a column')
    if (found === undefined || among !== undefined) return found
    const dataset = cursor.attempt(() =>
      cursor.take('of', 'in') === undefined ? undefined : (cursor.take('the'), datasetIn(cursor, spec)),
    )
    const column = dataset === undefined ? undefined : spec.data.get(dataset)?.columns.get(found.column.name)
    return column === undefined || dataset === undefined ? found : { ...found, dataset, column }
  })
}

/** Several columns: `a, b and c`. */
export function columnsIn(cursor: Cursor, vocabulary: Vocabulary): readonly ColumnRef[] | undefined {
  const first = columnIn(cursor, vocabulary)
  if (first === undefined) return undefined
  const columns = [first]
  for (;;) {
    const next = cursor.attempt(() =>
      cursor.take(', and', ',', 'and') === undefined ? undefined : columnIn(cursor, vocabulary, first.dataset),
    )
    if (next === undefined) return columns
    columns.push(next)
  }
}

/** A dataset, also as `the accounts dataset`. */
export function datasetIn(cursor: Cursor, spec: Spec): string | undefined {
  return cursor.attempt(() => {
    cursor.take('the dataset', 'dataset', 'the data set', 'the table', 'the')
    const found = nameIn(cursor, keysOf(spec.data), 'a dataset')
    if (found !== undefined) cursor.take('dataset', 'data set', 'table', 'data')
    return found
  })
}

/** A model of the spec, or the challenger. */
export function modelIn(cursor: Cursor, spec: Spec): string | undefined {
  return cursor.attempt(() => {
    cursor.take('the model', 'model', 'the')
    const roles = spec.models.has('champion') ? [['challenger', 'challenger'] as const] : []
    const other = [['candidate', 'challenger'] as const].filter(() => roles.length > 0)
    return nameIn(cursor, new Map([...keysOf(spec.models), ...roles, ...other]), 'a model')
  })
}

/** A named slice. */
export function sliceIn(cursor: Cursor, spec: Spec): string | undefined {
  return cursor.attempt(() => {
    cursor.take('the slice', 'slice', 'the', 'those who are', 'people who are', 'applicants who are')
    const found = nameIn(cursor, keysOf(spec.slices), 'a slice')
    if (found !== undefined)
      cursor.take('slice', 'group', 'people', 'applicants', 'customers', 'cases', 'rows', 'ones', ...spec.data.keys())
    return found
  })
}

/** The keys of a map, each standing for itself. */
export const keysOf = (map: ReadonlyMap<string, unknown>): ReadonlyMap<string, string> =>
  new Map([...map.keys()].map((key) => [key, key]))
