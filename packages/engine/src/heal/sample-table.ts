import { identifier, integerLiteral, join, type ProgramDataset, sql } from '@plumbline/core'
import type { SampleTable } from '@plumbline/core/heal'
import { openSession } from '../duckdb/session.ts'
import { rawSource } from '../relations/raw-source.ts'
import { datasetFiles } from '../relations/dataset-files.ts'

/** Which cells are read. */
export interface SampleRequest {
  /** The project's directory. */
  readonly root: string
  /** How the files are read; its declared columns are not asked. */
  readonly dataset: ProgramDataset
  /** Rows at most, from the beginning. */
  readonly rows: number
}

/** The first rows of a dataset as texts, with the columns that the data has; a string says why it cannot be read. */
export async function sampleTable({ root, dataset, rows }: SampleRequest): Promise<SampleTable | string> {
  const files = await datasetFiles(root, dataset)
  if (!files.ok) return files.failure.cause
  const session = await openSession()
  if (!session.ok) return session.error.cause
  try {
    const raw = await rawSource(session.value, files.value.dataset, files.value.files)
    if (!raw.ok) return raw.failure.cause
    const names = [...raw.value.columns.keys()]
    const times = names.filter((name) => /^(DATE|TIMESTAMP)/.test(raw.value.columns.get(name)?.type ?? ''))
    const cells = [...raw.value.columns].map(
      ([, { cell }], i) => sql`CAST(${cell} AS VARCHAR) AS ${identifier(`c${i}`)}`,
    )
    if (cells.length === 0) return 'it has no columns'
    const found = await session.value.query(
      sql`SELECT ${join(cells, sql`, `)} FROM ${raw.value.from} LIMIT ${integerLiteral(BigInt(rows))}`,
    )
    if (!found.ok) return found.error.cause
    const { columns, rows: count } = found.value
    return {
      rows: count,
      times: new Set(times),
      columns: new Map(
        names.map((name, i) => [
          name,
          (columns.get(`c${i}`) ?? []).map((cell) => (cell === null ? null : String(cell))),
        ]),
      ),
    }
  } finally {
    session.value.close()
  }
}
