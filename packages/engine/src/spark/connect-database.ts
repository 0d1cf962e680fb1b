import type { Driver } from '../engines/drivers.ts'
import { withTables } from '../engines/open-table.ts'
import { rulesOf } from '../engines/queued-session.ts'
import { found } from '../relations/failure.ts'
import { connect } from './connect.ts'
import { sessionOn } from './session.ts'
import { sparkTables } from './tables.ts'

/** Connects to a cluster of Spark by Spark Connect, and opens the session of the run. */
export const connectDatabase: Driver = async (request) => {
  const connected = await connect(request)
  if (!connected.ok) return connected
  const { client, arrow } = connected.value
  return found(withTables(sessionOn(client, arrow, rulesOf(request)), sparkTables))
}
