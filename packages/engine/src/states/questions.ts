import type { ComparedTerms } from './compared-bins.ts'
import { type FileDataset, type Instance, digestOf, type Program, type ProgramRelation, sql } from '@plumbline/core'
import type { Database } from '../engines/database.ts'

/** A relation of a partitioned dataset with the instances that parts of it decide. */
export interface AskedRelation {
  readonly relation: ProgramRelation & { readonly kind: 'data' }
  readonly instances: readonly Instance[]
  /** What distances among them are measured with; absent where only what is kept is looked at. */
  readonly compared?: ReadonlyMap<Instance, ComparedTerms>
}

/** What is known as one question: where it is equal, what was measured of a file answers it. Asked for each file, so no digest of its own. */
export function questionName({ clause, relation, slice }: Instance): string {
  return JSON.stringify([clause.digest, relation, slice.name])
}

/** The digest of how the files of a dataset are read: what else than their bytes makes their rows and the numbers of them. */
export function readingDigest(
  { source, columns, key, splits }: FileDataset,
  program: Program,
  tool: string,
  engine: string,
): string {
  const { path: _where, ...options } = source
  const conditions = splits.map(({ name, condition }) => ({ name, condition }))
  return digestOf(
    { format: FORMAT, tool, engine, program: program.schema, options, columns, key, splits: conditions },
    (name, value) => value === undefined || name === 'at',
  )
}

/** The version of the engine: hashes that another one made are no hashes of this one. */
export async function engineVersion(session: Database): Promise<string> {
  const found = await session.query(sql`SELECT version() AS "v"`)
  return found.ok ? String(found.value.columns.get('v')?.[0]) : ''
}

/** Of the numbers in states; another one makes those that were kept worthless. */
const FORMAT = 5
