import { type Implementation, marginImplementation } from '@plumbline/core'
import {
  nodeJavascript,
  openDuckdbImplementation,
  type OpenedPostgresql,
  openPostgresqlImplementation,
} from '@plumbline/engine'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'

/** The implementations that are compared with the reference, and how to close what they hold open. */
export interface OpenImplementations {
  readonly implementations: readonly Implementation[]
  close(): Promise<void>
}

/** Opens JavaScript, the margin and DuckDB; and PostgreSQL, where an address is given. */
export async function openImplementations(
  postgres: string | undefined,
  signal: AbortSignal,
): Promise<Outcome<OpenImplementations>> {
  const server = postgres === undefined ? undefined : await openPostgresqlImplementation({ url: postgres })
  if (server?.ok === false) return unreachable(server)
  const duckdb = await openDuckdbImplementation(signal)
  return success({
    implementations: [
      nodeJavascript(),
      duckdb.implementation,
      marginImplementation(),
      ...(server === undefined ? [] : [server.implementation]),
    ],
    close: async () => {
      duckdb.close()
      await server?.close()
    },
  })
}

/** The address may hold a password, and is not said. */
function unreachable({ reason, cause }: Extract<OpenedPostgresql, { readonly ok: false }>): Outcome<never> {
  switch (reason) {
    case 'library':
      return failure(
        'cli/no-postgresql-client',
        'The PostgreSQL client library is not installed.',
        'It is needed for --postgres only, so it does not come with plumb.',
        'Install it beside plumb: npm install pg',
        EXIT.environment,
      )
    case 'server':
      return failure(
        'cli/no-postgresql',
        `The PostgreSQL server cannot be used: ${cause}.`,
        'With --postgres every expression is asked of it, too.',
        'Check the address (postgresql://user:password@host:port/database), or leave --postgres out.',
        EXIT.environment,
      )
    case 'unfit':
      return failure(
        'cli/unfit-postgresql',
        'The PostgreSQL database cannot give exact answers.',
        'Expressions are exact on PostgreSQL 14 and later, in databases in UTF-8.',
        'Name another server or database with --postgres.',
        EXIT.environment,
      )
  }
}
