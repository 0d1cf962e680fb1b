import { type FileDataset, sql } from '@plumbline/core'
import { duckdbSpelling } from '../duckdb/spelling.ts'
import { fail } from '../duckdb/failure.ts'
import type { Database } from '../engines/database.ts'
import type { OpenRelation, RelationColumn } from '../relations/relation.ts'
import { cellNames } from './failing-rows.ts'
import type { AskedRelation } from './questions.ts'

/** A relation as the decision of clauses sees it, of which no row is at hand. */
export function unopenedRelation(
  { name }: AskedRelation['relation'],
  dataset: FileDataset,
  digest: string,
  present: readonly string[],
): OpenRelation {
  const columns = dataset.columns.map((column): [string, RelationColumn] => [
    column.name,
    { name: column.name, type: column.type, ...cellNames(dataset, column.name) },
  ])
  return {
    name,
    from: sql`"no_rows"`,
    numbered: sql`"no_rows"`,
    columnar: false,
    columns: new Map(columns),
    failures: new Map(),
    filter: null,
    key: dataset.key,
    declared: new Map(dataset.columns.map((column) => [column.name, column])),
    present,
    digests: { [name]: digest },
    models: {},
  }
}

/** What is asked where no row is at hand: it refuses, and says that it was. */
export function refusing(): Database & { readonly asked: () => boolean } {
  let isAsked = false
  const refuse = () => {
    isAsked = true
    return Promise.resolve(fail('not-available', 'The rows were not read.'))
  }
  return { spelling: duckdbSpelling, query: refuse, numbers: refuse, asked: () => isAsked }
}
