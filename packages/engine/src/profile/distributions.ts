import { identifier, integerLiteral, join, type ProgramDataset, type Sql, sql } from '@plumbline/core'
import type { Outcome } from '../duckdb/failure.ts'
import { openSession, type Session, type SessionOptions, type Table } from '../duckdb/session.ts'
import { found, type Read, type ReadFailure } from '../relations/failure.ts'
import { openDataset } from '../relations/open-dataset.ts'
import { readFailure } from '../relations/read-failure.ts'
import { datasetFiles } from '../relations/dataset-files.ts'
import { countIf, only } from './cell-stats.ts'
import { type Bar, barsOf, BINS, type Counted } from './distribution-bars.ts'

/** How often values of a column occur, for drawing. */
export interface Distribution {
  /** The dataset. */
  readonly relation: string
  readonly column: string
  /** Missing cells; they are in no bin. */
  readonly missing: number
  /** At most 12. Numbers and times: bins of equal width from least to greatest; others: the most frequent values. */
  readonly bins: readonly DistributionBin[]
}

/** One bar. A number's label is its range (`15 – 20`, the right end belongs to the last bin only) or its one value. */
export interface DistributionBin {
  readonly label: string
  readonly count: number
}

/** Whose distributions to count. */
export interface DistributionRequest {
  /** The project's directory. */
  readonly root: string
  readonly dataset: ProgramDataset
  /** Columns by name; default: all declared ones. */
  readonly columns?: readonly string[]
  readonly signal?: AbortSignal
  readonly session?: Omit<SessionOptions, 'signal'>
}

/**
 * Counts the values of the columns of a dataset in at most three statements: bounds, bins, frequent texts. Columns that
 * cannot be read are left out. ±Infinity is counted at the first or last bin.
 */
export async function datasetDistributions(request: DistributionRequest): Promise<Read<readonly Distribution[]>> {
  const { signal } = request
  const read = await datasetFiles(request.root, request.dataset)
  if (!read.ok) return read
  const { dataset, files } = read.value
  const opened = await openSession({ ...request.session, ...(signal === undefined ? {} : { signal }) })
  const refused = async (
    error: Parameters<typeof readFailure>[0],
  ): Promise<{ readonly ok: false; readonly failure: ReadFailure }> => ({
    ok: false,
    failure: await readFailure(error, files),
  })
  if (!opened.ok) return refused(opened.error)
  const session = opened.value
  try {
    const wanted = new Set(request.columns ?? dataset.columns.map(({ name }) => name))
    const open = await openDataset(session, { dataset, files, ordinal: 0, needed: wanted })
    if (!open.ok) return open
    const columns = dataset.columns.flatMap((declared): Counted[] => {
      const read = open.value.columns.get(declared.name)
      return read === undefined || !wanted.has(declared.name) ? [] : [{ declared, read }]
    })
    const counted = await countColumns(session, open.value.from, columns)
    if (!counted.ok) return refused(counted.error)
    return found(counted.value.map((each) => ({ relation: dataset.name, ...each })))
  } finally {
    session.close()
  }
}

async function countColumns(
  session: Session,
  from: Sql,
  columns: readonly Counted[],
): Promise<Outcome<readonly Omit<Distribution, 'relation'>[]>> {
  if (columns.length === 0) return { ok: true, value: [] }
  const bounds = await session.query(boundsStatement(from, columns))
  if (!bounds.ok) return bounds
  const bars = columns.map((column, i) => barsOf(column, only(bounds.value, `low${i}`), only(bounds.value, `high${i}`)))
  const counts = bars.flatMap((each, i) =>
    (each ?? []).map(({ condition }, k) => sql`${countIf(condition)} AS ${identifier(`n${i}_${k}`)}`),
  )
  const binned =
    counts.length === 0 ? undefined : await session.query(sql`SELECT ${join(counts, sql`, `)} FROM ${from}`)
  if (binned !== undefined && !binned.ok) return binned
  const frequent = await frequentValues(session, from, columns, bars)
  if (!frequent.ok) return frequent
  const value = columns.map(({ declared }, i) => ({
    column: declared.name,
    missing: Number(only(bounds.value, `missing${i}`)),
    bins:
      bars[i]?.map(({ label }, k) => ({ label, count: countAt(binned?.value, `n${i}_${k}`) })) ??
      frequent.value.get(i) ??
      [],
  }))
  return { ok: true, value }
}

const countAt = (table: Table | undefined, name: string): number =>
  table === undefined ? 0 : Number(only(table, name))

const isOrdered = ({ declared }: Counted): boolean => ['integer', 'number', 'timestamp'].includes(declared.columnType)

function boundsStatement(from: Sql, columns: readonly Counted[]): Sql {
  const parts = columns.flatMap((column, i) => {
    const { cell } = column.read
    const missing = sql`count(*) - count(${cell}) AS ${identifier(`missing${i}`)}`
    if (!isOrdered(column)) return [missing]
    const finite = column.declared.columnType === 'number' ? sql`CASE WHEN isfinite(${cell}) THEN ${cell} END` : cell
    return [missing, sql`min(${finite}) AS ${identifier(`low${i}`)}`, sql`max(${finite}) AS ${identifier(`high${i}`)}`]
  })
  return sql`SELECT ${join(parts, sql`, `)} FROM ${from}`
}

/** The most frequent values of the columns whose values are not declared, in one statement. */
async function frequentValues(
  session: Session,
  from: Sql,
  columns: readonly Counted[],
  bars: readonly (readonly Bar[] | undefined)[],
): Promise<Outcome<ReadonlyMap<number, readonly DistributionBin[]>>> {
  const parts = columns.flatMap(({ read }, i) => {
    if (bars[i] !== undefined) return []
    const value = sql`CAST(${read.cell} AS VARCHAR)`
    return [
      sql`(SELECT ${integerLiteral(BigInt(i))} AS "i", ${value} AS "value", count(*) AS "n" FROM ${from}
        WHERE ${read.cell} IS NOT NULL GROUP BY ALL ORDER BY "n" DESC, "value" LIMIT ${integerLiteral(BigInt(BINS))})`,
    ]
  })
  const bins = new Map<number, DistributionBin[]>()
  if (parts.length === 0) return { ok: true, value: bins }
  const counted = await session.query(
    sql`SELECT * FROM (${join(parts, sql` UNION ALL `)}) ORDER BY "i", "n" DESC, "value"`,
  )
  if (!counted.ok) return counted
  const { columns: cells, rows } = counted.value
  for (let row = 0; row < rows; row++) {
    const i = Number(cells.get('i')?.[row])
    const bin = { label: String(cells.get('value')?.[row]), count: Number(cells.get('n')?.[row]) }
    bins.set(i, [...(bins.get(i) ?? []), bin])
  }
  return { ok: true, value: bins }
}
