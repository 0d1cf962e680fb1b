import { type Instance, requestRowsOf } from '@plumbline/core'
import type { DeclaredRequests } from './request-columns.ts'

/** Which rows of the log an instance is decided on, and whether it reads labels. */
export interface RowsWanted {
  /** Only rows that were answered. */
  readonly served: boolean
  readonly labelled: boolean
}

/** The rows that a clause on `requests` speaks of. */
export function rowsWanted({ clause }: Instance, declared: DeclaredRequests): RowsWanted {
  const rows = requestRowsOf({ models: [declared.model] }, clause)
  return { served: rows !== 'all', labelled: rows === 'labelled' }
}
