import type { Driver } from '../engines/drivers.ts'
import { found } from '../relations/failure.ts'
import { connect } from './connect.ts'
import { openTable } from './open-table.ts'
import { rowDigest } from './row-digest.ts'
import { sessionOn } from './session.ts'
import { tableColumns } from './table-columns.ts'

/** Connects to a coordinator of Trino. */
export const connectDatabase: Driver = async (request) => {
  const { engine, signal, onProgress } = request
  const client = await connect(request)
  if (!client.ok) return client
  const session = sessionOn(client.value, {
    ...(engine.statementTimeoutMs === undefined ? {} : { statementTimeoutMs: engine.statementTimeoutMs }),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  })
  return found({
    ...session,
    openTable: (table) => openTable(session, table),
    async digest(dataset) {
      const table = await tableColumns(session, dataset)
      return table.ok ? rowDigest(session, dataset, table.value) : table
    },
  })
}
