import { type FileDataset, sql } from '@plumbline/core'
import { pathList } from '../duckdb/paths.ts'
import type { Session } from '../duckdb/session.ts'
import { fileCompression } from './compression.ts'
import { fileHead } from './file-head.ts'
import type { SourceFile } from './source-files.ts'

/** How many rows a source has, as far as can be told without reading it. */
export interface RowEstimate {
  /** Null where nothing tells. */
  readonly rows: number | null
  readonly exact: boolean
}

/** Unpacked bytes for each packed one, where only the packed size is known: what gzip and zstd make of tables of numbers and words. */
const PACKING = 4
const NEWLINE = 0x0a

/** Parquet says how many rows it has; of lines the size of the files and the mean of the first megabyte tell; of the others nothing. */
export async function estimatedRows(
  session: Session,
  dataset: FileDataset,
  files: readonly SourceFile[],
): Promise<RowEstimate> {
  const { format } = dataset.source
  if (format === 'parquet') {
    const list = pathList(files.map(({ path }) => path))
    const counted = await session.query(sql`SELECT sum(num_rows) AS "n" FROM parquet_file_metadata(${list})`)
    const rows = counted.ok ? counted.value.columns.get('n')?.[0] : undefined
    return rows === undefined || rows === null ? UNKNOWN : { rows: Number(rows), exact: true }
  }
  if (format === 'arrow') return UNKNOWN
  let rows = 0
  for (const file of files) {
    const lines = await linesOf(file, format === 'csv' && dataset.source.header !== false ? 1 : 0)
    if (lines === undefined) return UNKNOWN
    rows += lines
  }
  return { rows: Math.round(rows), exact: false }
}

const UNKNOWN: RowEstimate = { rows: null, exact: false }

/** Lines without those of the header; undefined where rows are no lines (a JSON array). */
async function linesOf(file: SourceFile, headers: number): Promise<number | undefined> {
  const head = await fileHead(file)
  if (!head.ok || head.value[0] === 0x5b) return undefined
  let lines = 0
  for (let at = head.value.indexOf(NEWLINE); at >= 0; at = head.value.indexOf(NEWLINE, at + 1)) lines++
  if (head.value.at(-1) !== NEWLINE) lines++
  if (lines === 0) return 0
  const packed = (await fileCompression(file.path)) !== 'none'
  const size = Math.max(head.value.length, packed ? file.size * PACKING : file.size)
  const whole = head.value.length < HEAD_IS_ALL && (packed || head.value.length === file.size)
  return Math.max(0, (whole ? lines : (lines * size) / head.value.length) - headers)
}

const HEAD_IS_ALL = 1 << 20
