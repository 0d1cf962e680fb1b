import type { Driver } from '../engines/drivers.ts'
import { withTables } from '../engines/open-table.ts'
import { rulesOf } from '../engines/queued-session.ts'
import { found } from '../relations/failure.ts'
import { connect } from './connect.ts'
import { sessionOn } from './session.ts'
import { trinoTables } from './tables.ts'

/** Connects to a coordinator of Trino. */
export const connectDatabase: Driver = async (request) => {
  const client = await connect(request)
  return client.ok ? found(withTables(sessionOn(client.value, rulesOf(request)), trinoTables)) : client
}
