import {
  compileRow,
  type FileDataset,
  identifier,
  integerLiteral,
  join,
  type ProgramDataset,
  type Sql,
  sql,
} from '@plumbline/core'
import { type Outcome, succeed } from '../duckdb/failure.ts'
import { openSession, type Session, type SessionOptions, type Table } from '../duckdb/session.ts'
import { found, type Read, type ReadFailure } from '../relations/failure.ts'
import { type OpenDataset, openDataset } from '../relations/open-dataset.ts'
import { readFailure } from '../relations/read-failure.ts'
import { datasetFiles } from '../relations/dataset-files.ts'
import { sourceFiles } from '../relations/source-files.ts'
import { type Bar, barsOf, BINS, type Counted } from './bars.ts'
import { only } from './cell-stats.ts'
import { type Correlations, correlationsOf, type GapPattern, gapPatterns } from './picture-pairs.ts'

/** A dataset for drawing: how its values lie, what is missing, what goes together, and what changed. */
export interface DatasetPicture {
  /** The dataset. */
  readonly relation: string
  /** The rows that are drawn, and those they are compared with. */
  readonly now: Side
  readonly before?: Side
  readonly columns: readonly ColumnPicture[]
  /** Between amounts; absent where there are less than two. */
  readonly correlations?: Correlations
  /** Which columns are missing together, the commonest first; of `now`. */
  readonly gaps: readonly GapPattern[]
}

/** Rows that are drawn. */
export interface Side {
  /** `all rows`, `test`, the name of a file. */
  readonly label: string
  readonly rows: number
}

/** A column for drawing. */
export interface ColumnPicture {
  readonly column: string
  readonly now: SidePicture
  readonly before?: SidePicture
  /** At most 12. Numbers and times: bins of equal width from least to greatest; others: the most frequent values. */
  readonly bins: readonly Bin[]
  /** The share of rows that would have to move to another bar to be like `before`; missing cells are a bar. */
  readonly moved?: number
}

/** What there is to say of a column on one side. */
export interface SidePicture {
  /** Missing cells; they are in no bin. */
  readonly missing: number
  /** Of numbers: over finite cells. */
  readonly summary?: {
    readonly mean: number
    readonly deviation: number
    /** Least, quartiles, greatest. */
    readonly five: readonly [number, number, number, number, number]
  }
}

/** One bar. A number's label is its range (`15 – 20`, the right end belongs to the last bin only) or its one value. */
export interface Bin {
  readonly label: string
  readonly count: number
  /** Rows of the other side; absent where there is none. */
  readonly before?: number
}

/** What to draw. */
export interface PictureRequest {
  /** The project's directory. */
  readonly root: string
  readonly dataset: ProgramDataset
  /** A file with rows from before, relative to the project; without it the split `train`, where there is one beside others. */
  readonly before?: string
  /** Columns by name; default: all declared ones. */
  readonly columns?: readonly string[]
  readonly signal?: AbortSignal
  readonly session?: Omit<SessionOptions, 'signal'>
}

/** The rows of both sides, with the column that tells them apart. */
interface Rows {
  readonly from: Sql
  readonly columns: readonly Counted[]
  /** TRUE for rows of `now`, FALSE for those of `before`, NULL for others. */
  readonly isNow: Sql
  readonly labels: { readonly now: string; readonly before?: string }
}

/**
 * Draws a dataset in a few statements: bounds and moments, bins, frequent texts, correlations, gaps. Columns that cannot be
 * read are left out. ±Infinity is counted at the first or last bin.
 */
export async function datasetPicture(request: PictureRequest): Promise<Read<DatasetPicture>> {
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
    const needed = new Set([
      ...(request.columns ?? dataset.columns.map(({ name }) => name)),
      ...dataset.columns.flatMap(({ name, role }) => (role === 'split' ? [name] : [])),
    ])
    const open = await openDataset(session, { dataset, files, ordinal: 0, needed })
    if (!open.ok) return open
    const sides = await sidesOf(session, request, dataset, open.value, needed)
    if (!sides.ok) return sides
    const picture = await drawn(session, sides.value)
    return picture.ok ? found({ relation: dataset.name, ...picture.value }) : refused(picture.error)
  } finally {
    session.close()
  }
}

async function sidesOf(
  session: Session,
  { root, before, columns: wanted }: PictureRequest,
  dataset: FileDataset,
  open: OpenDataset,
  needed: ReadonlySet<string>,
): Promise<Read<Rows>> {
  const kept = new Set(wanted ?? dataset.columns.map(({ name }) => name))
  const columns = dataset.columns.flatMap((declared): Counted[] => {
    const read = open.columns.get(declared.name)
    return read === undefined || !kept.has(declared.name) ? [] : [{ declared, read }]
  })
  if (before === undefined) return found({ from: open.from, columns, ...bySplit(dataset, open) })
  const source = { ...dataset.source, path: before }
  const files = await sourceFiles(root, before)
  if (!files.ok) return files
  const older = await openDataset(session, { dataset: { ...dataset, source }, files: files.value, ordinal: 1, needed })
  if (!older.ok) return older
  const both = columns.filter(({ declared }) => older.value.columns.has(declared.name))
  const cellsOf = ({ columns: read }: OpenDataset): Sql =>
    join(
      both.map(({ declared }, i) => sql`${read.get(declared.name)?.cell ?? sql`NULL`} AS ${identifier(`b${i}`)}`),
      sql`, `,
    )
  if (both.length === 0) return found({ from: open.from, columns, isNow: sql`true`, labels: { now: 'all rows' } })
  return found({
    from: sql`(SELECT ${cellsOf(open)}, true AS "is_now" FROM ${open.from} UNION ALL
      SELECT ${cellsOf(older.value)}, false AS "is_now" FROM ${older.value.from})`,
    columns: both.map(({ declared, read }, i) => ({ declared, read: { ...read, cell: identifier(`b${i}`) } })),
    isNow: sql`"is_now"`,
    labels: { now: 'these rows', before },
  })
}

/** The split `train`, and all other splits together. */
function bySplit({ splits }: ProgramDataset, open: OpenDataset): Pick<Rows, 'isNow' | 'labels'> {
  const all = { isNow: sql`true`, labels: { now: 'all rows' } }
  const train = splits.find(({ name }) => name === 'train')
  const others = splits.filter((split) => split !== train)
  const isIn = ({ condition }: ProgramDataset['splits'][number]): Sql | undefined => {
    try {
      return compileRow(condition, { column: (name) => open.columns.get(name)?.cell ?? sql`NULL` }).value
    } catch {
      return undefined
    }
  }
  const before = train === undefined ? undefined : isIn(train)
  const now = others.flatMap((split) => isIn(split) ?? [])
  if (before === undefined || now.length === 0 || now.length < others.length) return all
  const isNow = sql`CASE WHEN ${before} THEN false WHEN ${join(now, sql` OR `)} THEN true END`
  return { isNow, labels: { now: others.map(({ name }) => name).join(', '), before: 'train' } }
}

async function drawn(session: Session, rows: Rows): Promise<Outcome<Omit<DatasetPicture, 'relation'>>> {
  const { columns, labels } = rows
  const hasBefore = labels.before !== undefined
  const from = sql`(SELECT *, ${rows.isNow} AS "now" FROM ${rows.from})`
  const bounds = await session.query(boundsStatement(from, columns, hasBefore))
  if (!bounds.ok) return bounds
  const bars = columns.map((column, i) => barsOf(column, only(bounds.value, `low${i}`), only(bounds.value, `high${i}`)))
  const binned = await barCounts(session, from, bars, hasBefore)
  if (!binned.ok) return binned
  const frequent = await frequentValues(session, from, columns, bars, hasBefore)
  if (!frequent.ok) return frequent
  const correlations = await correlationsOf(session, from, columns)
  if (!correlations.ok) return correlations
  const gaps = await gapPatterns(session, from, columns)
  if (!gaps.ok) return gaps
  const rowsOf = (side: 'now' | 'before'): number =>
    Number(only(bounds.value, side === 'now' ? 'rows-now' : 'rows-before'))
  return succeed({
    now: { label: labels.now, rows: rowsOf('now') },
    ...(labels.before === undefined ? {} : { before: { label: labels.before, rows: rowsOf('before') } }),
    columns: columns.map(({ declared }, i) => {
      const bins = bars[i]?.map(({ label }, k) => ({ label, ...binned.value(i, k) })) ?? frequent.value.get(i) ?? []
      const now = sidePicture(bounds.value, 'now', i)
      if (!hasBefore) return { column: declared.name, now, bins }
      // What numbers the rows, or tells the sides apart, differs between them by itself.
      const isMark = declared.role === 'key' || declared.role === 'split'
      const before = sidePicture(bounds.value, 'before', i)
      const moved = isMark
        ? undefined
        : movedShare(bins, [now.missing, before.missing], [rowsOf('now'), rowsOf('before')])
      return { column: declared.name, now, before, bins, ...(moved === undefined ? {} : { moved }) }
    }),
    ...(correlations.value === undefined ? {} : { correlations: correlations.value }),
    gaps: gaps.value,
  })
}

/** The total variation of the bars. What is in no bar (rare texts) is one of its own. */
function movedShare(
  bins: readonly Bin[],
  missing: readonly [number, number],
  rows: readonly [number, number],
): number | undefined {
  if (rows[0] === 0 || rows[1] === 0) return undefined
  const rest = [0, 1].map((side) => {
    const counted = bins.reduce((sum, bin) => sum + (side === 0 ? bin.count : (bin.before ?? 0)), 0)
    return (rows[side] ?? 0) - counted - (missing[side] ?? 0)
  })
  const now = [...bins.map(({ count }) => count), missing[0], rest[0] ?? 0]
  const before = [...bins.map((bin) => bin.before ?? 0), missing[1], rest[1] ?? 0]
  return now.reduce((sum, count, i) => sum + Math.abs(count / rows[0] - (before[i] ?? 0) / rows[1]), 0) / 2
}

/**
 * Counts the rows of every bar, in one statement. Each row is placed once a column: to ask every bar about every row, on
 * each side, took five times as long.
 */
async function barCounts(
  session: Session,
  from: Sql,
  bars: readonly (readonly Bar[] | undefined)[],
  hasBefore: boolean,
): Promise<Outcome<(column: number, bar: number) => Pick<Bin, 'count' | 'before'>>> {
  const counted = (side: Sql, place: Sql): Sql =>
    sql`CAST(to_json(histogram(CASE WHEN ${side} THEN ${place} END)) AS VARCHAR)`
  const parts = bars.flatMap((each, i) => {
    if (each === undefined || each.length === 0) return []
    const cases = each.map(({ condition }, k) => sql`WHEN ${condition} THEN ${integerLiteral(BigInt(k))}`)
    const place = sql`CASE ${join(cases, sql` `)} END`
    return [
      sql`${counted(sql`"now"`, place)} AS ${identifier(`n${i}`)}`,
      ...(hasBefore ? [sql`${counted(sql`NOT "now"`, place)} AS ${identifier(`b${i}`)}`] : []),
    ]
  })
  if (parts.length === 0) return succeed(() => ({ count: 0 }))
  const found = await session.query(sql`SELECT ${join(parts, sql`, `)} FROM ${from}`)
  if (!found.ok) return found
  const counts = new Map(
    [...found.value.columns].map(([name, [cell]]) => [
      name,
      // No row of a side is in any bar: the engine has no histogram then.
      (typeof cell === 'string' ? JSON.parse(cell) : {}) as Readonly<Record<string, number>>,
    ]),
  )
  const at = (name: string, bar: number): number => counts.get(name)?.[bar] ?? 0
  return succeed((column, bar) => ({
    count: at(`n${column}`, bar),
    ...(hasBefore ? { before: at(`b${column}`, bar) } : {}),
  }))
}

const isOrdered = ({ declared }: Counted): boolean => ['integer', 'number', 'timestamp'].includes(declared.columnType)

function boundsStatement(from: Sql, columns: readonly Counted[], hasBefore: boolean): Sql {
  const present = (side: Sql): Sql => sql`count(CASE WHEN ${side} THEN 1 END)`
  const which: readonly (readonly ['now' | 'before', Sql])[] = [
    ['now', sql`"now"`],
    ...(hasBefore ? [['before', sql`NOT "now"`] as const] : []),
  ]
  const parts = columns.flatMap((column, i) => {
    const { cell } = column.read
    const { columnType } = column.declared
    const missing = which.map(
      ([name, side]) =>
        sql`count(CASE WHEN ${side} AND ${cell} IS NULL THEN 1 END) AS ${identifier(`missing-${name}${i}`)}`,
    )
    if (!isOrdered(column)) return missing
    const finite = columnType === 'number' ? sql`CASE WHEN isfinite(${cell}) THEN ${cell} END` : cell
    const any = sql`CASE WHEN "now" IS NOT NULL THEN ${finite} END`
    const ends = [sql`min(${any}) AS ${identifier(`low${i}`)}`, sql`max(${any}) AS ${identifier(`high${i}`)}`]
    if (columnType === 'timestamp') return [...missing, ...ends]
    const moments = which.flatMap(([name, side]) => {
      // Beyond that, squares would not be float64.
      const x = sql`CASE WHEN ${side} AND abs(CAST(${finite} AS DOUBLE)) < 1e150 THEN CAST(${finite} AS DOUBLE) END`
      return [
        sql`avg(${x}) AS ${identifier(`mean-${name}${i}`)}`,
        sql`stddev_samp(${x}) AS ${identifier(`sd-${name}${i}`)}`,
        sql`CAST(to_json(quantile_cont(${x}, [0.0, 0.25, 0.5, 0.75, 1.0])) AS VARCHAR) AS ${identifier(`five-${name}${i}`)}`,
      ]
    })
    return [...missing, ...ends, ...moments]
  })
  const rows = which.map(([name, side]) => sql`${present(side)} AS ${identifier(`rows-${name}`)}`)
  return sql`SELECT ${join([...rows, ...parts], sql`, `)} FROM ${from}`
}

function sidePicture(table: Table, side: 'now' | 'before', i: number): SidePicture {
  const missing = Number(only(table, `missing-${side}${i}`))
  const five = table.columns.get(`five-${side}${i}`)?.[0]
  const mean = table.columns.get(`mean-${side}${i}`)?.[0]
  if (typeof five !== 'string' || typeof mean !== 'number') return { missing }
  const ends = JSON.parse(five) as [number, number, number, number, number]
  return { missing, summary: { mean, deviation: Number(only(table, `sd-${side}${i}`) ?? 0), five: ends } }
}

/** The most frequent values of the columns whose values are not declared, in one statement. */
async function frequentValues(
  session: Session,
  from: Sql,
  columns: readonly Counted[],
  bars: readonly (readonly Bar[] | undefined)[],
  hasBefore: boolean,
): Promise<Outcome<ReadonlyMap<number, readonly Bin[]>>> {
  const parts = columns.flatMap(({ read }, i) => {
    if (bars[i] !== undefined) return []
    const value = sql`CAST(${read.cell} AS VARCHAR)`
    return [
      sql`(SELECT ${integerLiteral(BigInt(i))} AS "i", ${value} AS "value", count(*) AS "n",
        count(CASE WHEN "now" THEN 1 END) AS "a", count(CASE WHEN NOT "now" THEN 1 END) AS "b" FROM ${from}
        WHERE ${read.cell} IS NOT NULL AND "now" IS NOT NULL GROUP BY 1, 2 ORDER BY "n" DESC, "value" LIMIT ${integerLiteral(BigInt(BINS))})`,
    ]
  })
  const bins = new Map<number, Bin[]>()
  if (parts.length === 0) return succeed(bins)
  const counted = await session.query(
    sql`SELECT * FROM (${join(parts, sql` UNION ALL `)}) ORDER BY "i", "n" DESC, "value"`,
  )
  if (!counted.ok) return counted
  const { columns: cells, rows } = counted.value
  for (let row = 0; row < rows; row++) {
    const at = (name: string) => cells.get(name)?.[row]
    const bin = {
      label: String(at('value')),
      count: Number(at('a')),
      ...(hasBefore ? { before: Number(at('b')) } : {}),
    }
    bins.set(Number(at('i')), [...(bins.get(Number(at('i'))) ?? []), bin])
  }
  return succeed(bins)
}
