import { existsSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { type Measure, spread } from '../support/figures.ts'
import { measure } from '../support/process.ts'
import { makeData } from './make-data.ts'

/** How large the table is, and what it may take. */
export interface LargerSize {
  readonly rows: number
  /** Memory that the engine is given, in MB: the rest of the process comes on top. */
  readonly limitMb: number
  /** What the whole process may take at most, in MiB. */
  readonly peakMb: number
}

/** The 60 clauses over a CSV whose table does not fit in the memory that the engine may use: it goes to disk meanwhile. */
export async function benchLarger(folder: string, { rows, limitMb, peakMb }: LargerSize): Promise<readonly Measure[]> {
  const file = `orders-${rows}.csv`
  const path = join(folder, file)
  if (!existsSync(path)) {
    const parquet = join(folder, `orders-${rows}.parquet`)
    await makeData(parquet, rows)
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    const quoted = (text: string): string => text.replaceAll("'", "''")
    await connection.run(`COPY (FROM '${quoted(parquet)}') TO '${quoted(path)}.unfinished' (FORMAT csv, HEADER)`)
    connection.closeSync()
    renameSync(`${path}.unfinished`, path)
  }
  const ours = fileURLToPath(new URL('ours.ts', import.meta.url))
  const cost = measure([ours, folder, file, '2', `${limitMb}MB`])
  const gigabytes = (statSync(path).size / 1e9).toFixed(1)
  return [
    {
      name: '60 clauses, a table larger than memory',
      unit: 'MiB',
      ours: spread([cost.peakMb]),
      limit: peakMb,
      note: `${(rows / 1e6).toLocaleString('en')} M rows × 20 columns of CSV (${gigabytes} GB), the engine held to ${limitMb} MB, so that the table goes to disk; largest resident set of the whole process, one run, ${(cost.cpuMs / 1000).toFixed(0)} s CPU.`,
    },
  ]
}
