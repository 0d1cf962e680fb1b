import { aggregates, identifier, type Instance, type Sql, sql } from '@plumbline/core'
import { found, type Read } from '../relations/failure.ts'
import { readRequestRows, type RequestsReaderOptions } from '../requests/read-request-rows.ts'
import type { DeclaredRequests } from '../requests/request-columns.ts'
import { notRead } from '../requests/request-summary.ts'
import { LABEL_CELLS } from '../requests/request-table.ts'
import { rowsDigest } from '../requests/window-digest.ts'

/** Rows before a window whose labels had arrived when it ended. */
export interface LateLabels {
  /** Rows of the shape of `requests`, all of them labelled. */
  readonly from: Sql
  readonly digest: string
}

/** No windows have rows before them under this number. */
const ORDINAL = 1

/**
 * The labelled rows of a version before a window, as far back as labels may take to arrive. Labels count as of the window's end, so that the
 * same rows are found whenever it is looked at.
 */
export async function lateLabels<T>(
  options: RequestsReaderOptions,
  declared: DeclaredRequests,
  window: { readonly from: number; readonly to: number },
  version: string,
  work: (late: LateLabels) => Promise<T>,
): Promise<Read<T>> {
  const within = options.program.monitor?.labels?.within ?? 0
  const before = { from: window.from - within - (window.to - window.from), to: window.from }
  const asked = { window: before, answeredBy: version, now: window.to }
  const rows = await readRequestRows(options, asked, declared, ORDINAL)
  if (!rows.ok) return rows
  try {
    const from = sql`(SELECT * FROM ${rows.value.table} WHERE ${LABEL_CELLS.label} IS NOT NULL)`
    const cells = [...['_request_id', '_row', '_at'].map(identifier), LABEL_CELLS.label, LABEL_CELLS.at]
    const digest = await rowsDigest(options.session, from, cells)
    if (!digest.ok) return notRead(digest.error)
    return found(await work({ from, digest: digest.value }))
  } finally {
    await rows.value.close()
  }
}

/** Whether an instance estimates a metric without labels. */
export function isLabelFree({ clause }: Instance): boolean {
  const must = clause.form === 'must' || clause.form === 'always' ? clause.must : undefined
  return must?.terms.some(({ fn }) => aggregates[fn].needs === 'reference') === true
}
