import { existsSync, linkSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { type Measure, spread } from '../support/figures.ts'
import { measure } from '../support/process.ts'
import { makeData } from './make-data.ts'
import { CLAUSES, planSpec } from './spec.ts'

const PLUMB = fileURLToPath(new URL('../../packages/cli/bin/plumb.js', import.meta.url))

/** How large the table is, and what it may take. */
export interface LargerSize {
  readonly rows: number
  /** Memory that the engine is given, in MB: the rest of the process comes on top. */
  readonly limitMb: number
  /** What the whole process may take at most, in MiB. */
  readonly peakMb: number
}

interface Counted {
  readonly clause: string
  readonly verdict: string
}

/**
 * `plumb test` of the 60 clauses over a CSV whose table does not fit in the memory that the engine may use: it goes to disk meanwhile. The
 * whole command, evidence and ledger included, in a project of its own.
 */
export async function benchLarger(folder: string, { rows, limitMb, peakMb }: LargerSize): Promise<readonly Measure[]> {
  const file = `orders-${rows}.csv`
  const path = join(folder, file)
  if (!existsSync(path)) await writeCsv(folder, path, rows)
  const project = join(folder, 'larger')
  rmSync(project, { recursive: true, force: true })
  mkdirSync(project, { recursive: true })
  // Sources lie inside the project.
  linkSync(path, join(project, file))
  writeFileSync(join(project, 'plumb.yaml'), planSpec(file))
  const memory = ['--memory-limit', `${limitMb}MB`, '--temporary-directory', join(project, 'meanwhile')]
  // `--warn` lowers the exit code alone.
  const cost = measure([PLUMB, 'test', '--stage', 'data', '--warn', '--reporter', 'json', ...memory], { cwd: project })
  const { evidence } = JSON.parse(cost.output) as { readonly evidence: readonly Counted[] }
  const asked = evidence.filter(({ clause }) => /^c\d+$/.test(clause))
  const undecided = asked.filter(({ verdict }) => verdict !== 'satisfied' && verdict !== 'violated')
  if (asked.length !== CLAUSES.length || undecided.length > 0)
    throw new Error(`Of ${asked.length} clauses ${undecided.length} were not decided: ${JSON.stringify(undecided[0])}.`)
  const gigabytes = (statSync(path).size / 1e9).toFixed(1)
  return [
    {
      name: '60 clauses, a table larger than memory',
      unit: 'MiB',
      ours: spread([cost.peakMb]),
      limit: peakMb,
      note: `${(rows / 1e6).toLocaleString('en')} M rows × 20 columns of CSV (${gigabytes} GB), by \`plumb test --memory-limit ${limitMb}MB\`, so that the table goes to disk; all 60 clauses decided; largest resident set of the whole process, one run, ${(cost.cpuMs / 1000).toFixed(0)} s CPU, ${(cost.wallMs / 1000).toFixed(0)} s by the clock.`,
    },
  ]
}

/** The table as CSV, written under another name first: an interrupted run leaves no half a file behind. */
async function writeCsv(folder: string, path: string, rows: number): Promise<void> {
  const parquet = join(folder, `orders-${rows}.parquet`)
  await makeData(parquet, rows)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const quoted = (text: string): string => text.replaceAll("'", "''")
  await connection.run(`COPY (FROM '${quoted(parquet)}') TO '${quoted(path)}.unfinished' (FORMAT csv, HEADER)`)
  connection.closeSync()
  instance.closeSync()
  renameSync(`${path}.unfinished`, path)
}
