import type { ProgramDataset, ProgramEngine, Statement } from '@plumbline/core'
import { type DataStageRequest, runDataStage } from '../../packages/engine/src/data-stage.ts'
import type { PostgresqlServer } from '../differential/postgresql/server.ts'

/** The address of the server of the tests, over its socket. */
export const addressOf = (server: PostgresqlServer, user = server.user): string =>
  `postgresql://${user}@localhost/${server.database}?host=${encodeURIComponent(server.host)}`

/** What of a table as a source is other than usual. */
export interface TableOptions {
  /** Default PostgreSQL. */
  readonly dialect?: ProgramEngine['dialect']
  readonly pinned?: boolean
  readonly statementTimeoutMs?: number
}

/** A table of the server as a source; the address comes from the environment. */
export const tableOf = (table: string, { dialect = 'postgresql', pinned = true, ...rest }: TableOptions = {}) =>
  ({
    engine: { name: 'warehouse', dialect, address: '${WAREHOUSE}', ...rest },
    table,
    pinned,
  }) as const satisfies ProgramDataset['source']

/** All statements of a data stage whose engine is at an address. */
export async function statementsOf(
  request: Pick<DataStageRequest, 'program' | 'root'> & Partial<DataStageRequest>,
  address?: string,
): Promise<readonly Statement[]> {
  const statements: Statement[] = []
  const variable = (name: string) => (name === 'WAREHOUSE' ? address : undefined)
  for await (const each of runDataStage({ toolVersion: '0.0.0', session: { threads: 1 }, variable, ...request }))
    statements.push(each)
  return statements
}
