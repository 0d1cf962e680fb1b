import { postgresql } from '@plumbline/core'
import type { Driver } from '../engines/drivers.ts'
import { withTables } from '../engines/open-table.ts'
import { rulesOf } from '../engines/queued-session.ts'
import { found } from '../relations/failure.ts'
import { unreachable } from '../engines/connecting.ts'
import { connect } from './connect.ts'
import { beginSession } from './session.ts'
import { postgresqlTables } from './tables.ts'

/** Connects to a PostgreSQL database whose answers are exact, and opens the transaction of the run. */
export const connectDatabase: Driver = async (request) => {
  const { engine } = request
  const connected = await connect(request)
  if (!connected.ok) return connected
  const begun = await beginSession(connected.value, rulesOf(request))
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
  return found(withTables(session, postgresqlTables))
}
