import { type Host, type HostResult, hostOk } from '@plumbline/core'
import { type LogColumn, type LogColumns, type LogKind } from './columns.ts'

const FORMAT = 'plumbline/requests/1'
const KINDS: ReadonlySet<unknown> = new Set<LogKind>(['int', 'double', 'string', 'bool', 'timestamp'])
/** No header is longer; a table of ten thousand columns has 300 kB. */
const LONGEST = 1 << 21

/** The first line of a segment of lines. */
export interface Header {
  /** As they were when the segment was begun, the log's own left out. */
  readonly columns: readonly LogColumn[]
}

/** The header as a line, line end included. It is no row: it has no `_request_id`. */
export function headerLine({ request, answer }: LogColumns): string {
  const columns = [...request, ...answer].map(({ name, kind }): LogColumn => ({ name, kind }))
  return `${JSON.stringify({ format: FORMAT, columns })}\n`
}

/** Reads the header of a segment. One that is damaged names no column: the log's own are still read. */
export async function readHeader(host: Host, path: string): Promise<HostResult<Header>> {
  for (let length = 1 << 14; ; length = LONGEST) {
    const start = await host.files.readRange(path, 0, length)
    if (!start.ok) return start
    const end = start.value.indexOf(0x0a)
    if (end >= 0) return hostOk({ columns: parseHeader(Buffer.from(start.value.subarray(0, end)).toString()) ?? [] })
    if (length === LONGEST || start.value.length < length) return hostOk({ columns: [] })
  }
}

function parseHeader(line: string): readonly LogColumn[] | undefined {
  try {
    const header = JSON.parse(line) as { readonly format?: unknown; readonly columns?: unknown } | null
    if (header?.format !== FORMAT || !Array.isArray(header.columns)) return undefined
    return header.columns.every(isColumn) ? header.columns : undefined
  } catch {
    return undefined
  }
}

function isColumn(value: unknown): value is LogColumn {
  const column = value as Partial<LogColumn> | null
  return typeof column?.name === 'string' && KINDS.has(column.kind)
}
