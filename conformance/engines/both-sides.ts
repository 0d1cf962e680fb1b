import type { ProgramDataset, Statement } from '@plumbline/core'
import { buildProgram, type TestClause, type TestDataset } from '../../packages/engine/src/testing/program-builder.ts'
import { statementsOf } from './run.ts'

/** Tables of the same rows: as files in a folder, and in a database. */
export interface BothSides {
  readonly names: readonly string[]
  readonly declared: (name: string, source: ProgramDataset['source']) => TestDataset
  readonly root: string
  readonly tableOf: (name: string) => ProgramDataset['source']
  readonly address: string
  /** Called between the two. */
  readonly between: () => void
}

/** What clauses come to on the files, and on the tables. */
export async function bothSides(
  clauses: readonly TestClause[],
  { names, declared, root, tableOf, address, between }: BothSides,
): Promise<readonly [here: readonly Statement[], there: readonly Statement[]]> {
  const programOf = (source: (name: string) => ProgramDataset['source']) =>
    buildProgram(
      names.map((name) => declared(name, source(name))),
      clauses,
    )
  const files = programOf((name) => ({ path: `${name}.parquet`, format: 'parquet' }))
  const here = await statementsOf({ program: files, root })
  between()
  return [here, await statementsOf({ program: programOf(tableOf), root }, address)]
}
