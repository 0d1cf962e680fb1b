import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProgramDataset } from '@plumbline/core'
import { expect } from 'vitest'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { buildProgram, type TestClause } from '../../packages/engine/src/testing/program-builder.ts'
import { duckdbEngine } from '../differential/aggregates/engines.ts'
import { disagreements } from './compare.ts'
import { estimated, joined, questions } from './questions.ts'
import { statementsOf } from './run.ts'
import { scaleOf } from './scale.ts'
import { declared, keyedTable, writeParquet } from './tables.ts'

type Rows = ReturnType<typeof keyedTable>

/** A database whose verdicts are held to those on the same rows in files. */
export interface OtherPlace {
  readonly address: string
  readonly tableOf: (name: string) => ProgramDataset['source']
  /** Makes a table of the rows that are in the Parquet file of the same name in `root`. */
  readonly make: (name: string, rows: Rows, root: string) => Promise<void>
}

/** How much is asked. */
export interface Asked {
  readonly seed: string
  /** Tells the random numbers of one test from those of another with the same seed. */
  readonly stream: string
  readonly tables: number
  /** Where the files are made. */
  readonly folder: string
  /** Rows of a table, and of the one that it is joined with; default drawn. */
  readonly sizes?: readonly [number, number]
  /** How many clauses are asked by slices, too, where a statement costs a second, however few rows it reads; default all. */
  readonly sliced?: number
}

const slicedAt = (clauses: readonly TestClause[], most = clauses.length): readonly TestClause[] =>
  clauses.map((clause, i) => (i % Math.ceil(clauses.length / most) === 0 ? clause : { ...clause, slices: { all: '' } }))

/** Asks every form of clause of generated tables, in files and in a database: counts, witnesses, verdicts and numbers agree. */
export async function sameVerdicts(
  place: OtherPlace,
  { seed, stream, tables, folder, sizes, sliced }: Asked,
): Promise<void> {
  const root = await mkdtemp(join(folder, 'plumb-plans-'))
  const duckdb = await duckdbEngine()
  try {
    const random = createRandom(seed, stream)
    for (let n = 0; n < tables; n++) {
      const [own, other] = sizes ?? [1 + random.int(60), 20 + random.int(60)]
      const made = new Map<string, Rows>()
      made.set('rows', keyedTable(random, own)).set('others', keyedTable(random, other))
      for (const [name, rows] of made) {
        await writeParquet(duckdb, root, name, rows)
        await place.make(name, rows, root)
      }
      const clauses = slicedAt([...questions('others'), ...joined('others'), ...estimated], sliced)
      const programOf = (source: (name: string) => ProgramDataset['source']) =>
        buildProgram(
          [...made.keys()].map((name) => declared(name, source(name))),
          clauses,
        )
      const files = programOf((name) => ({ path: `${name}.parquet`, format: 'parquet' }))
      const here = await statementsOf({ program: files, root })
      expect(here.length).toBeGreaterThan(sliced === undefined ? 100 : 50)
      const there = await statementsOf({ program: programOf(place.tableOf), root }, place.address)
      expect(disagreements(here, there, scaleOf(made.get('rows') ?? [])).slice(0, 3)).toEqual([])
    }
  } finally {
    await duckdb.close()
    await rm(root, { recursive: true, force: true })
  }
}
