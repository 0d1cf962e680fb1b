import { postgresql } from '@plumbline/core'
import type { Driver } from '../engines/drivers.ts'
import { found } from '../relations/failure.ts'
import { connect, unreachable } from './connect.ts'
import { openTable } from './open-table.ts'
import { rowDigest } from './row-digest.ts'
import { beginSession } from './session.ts'
import { tableColumns } from './table-columns.ts'

/** Connects to a PostgreSQL database whose answers are exact, and opens the transaction of the run. */
export const connectDatabase: Driver = async (request) => {
  const { engine, signal } = request
  const connected = await connect(request)
  if (!connected.ok) return connected
  const begun = await beginSession(connected.value, {
    ...(engine.statementTimeoutMs === undefined ? {} : { statementTimeoutMs: engine.statementTimeoutMs }),
    ...(signal === undefined ? {} : { signal }),
  })
  if (!begun.ok) return unreachable(`The engine "${engine.name}" (${connected.value.place}): ${begun.error.cause}`)
  const session = begun.value
  const fits = await session.query(postgresql.postgresqlFits)
  if (!fits.ok || [...fits.value.columns.values()][0]?.[0] !== true) {
    await session.close()
    const { encoding, version } = postgresql.postgresqlRestrictions
    return unreachable(
      `The engine "${engine.name}" (${connected.value.place}) ${fits.ok ? `cannot be asked exactly. ${encoding} ${version}` : `failed: ${fits.error.cause}`}`,
    )
  }
  return found({
    ...session,
    openTable: (table) => openTable(session, table),
    async digest(dataset) {
      const table = await tableColumns(session, dataset)
      return table.ok ? rowDigest(session, dataset, table.value) : table
    },
  })
}
