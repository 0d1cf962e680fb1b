import type { ErrorReason } from '@plumbline/core'
import type { QueryError } from '../duckdb/failure.ts'

/** As which error a statement that failed is told: the database's own, or that there is no database to ask any more. */
export const failureReason = ({ code }: QueryError): ErrorReason =>
  code === 'connection-lost' ? 'engine-unreachable' : 'engine-failed'
