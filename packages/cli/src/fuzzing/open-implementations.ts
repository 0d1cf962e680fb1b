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

/** What is asked besides JavaScript, the margin and DuckDB. */
export interface MoreImplementations {
  /** Address of a PostgreSQL server. */
  readonly postgres?: string
  /** z3 is asked, too. */
  readonly solver?: boolean
}

/** Opens JavaScript, the margin and DuckDB, and what else is asked. */
export async function openImplementations(
  { postgres, solver: wantsSolver = false }: MoreImplementations,
  signal: AbortSignal,
): Promise<Outcome<OpenImplementations>> {
  const solver = wantsSolver ? await openSolver(signal) : undefined
  if (solver?.ok === false) return solver
  const server = postgres === undefined ? undefined : await openPostgresqlImplementation({ url: postgres })
  if (server?.ok === false) {
    await solver?.value.close()
    return unreachable(server)
  }
  const duckdb = await openDuckdbImplementation(signal)
  return success({
    implementations: [
      nodeJavascript(),
      duckdb.implementation,
      marginImplementation(),
      ...(server === undefined ? [] : [server.implementation]),
      ...(solver === undefined ? [] : [solver.value.implementation]),
    ],
    close: async () => {
      duckdb.close()
      await server?.close()
      await solver?.value.close()
    },
  })
}

async function openSolver(
  signal: AbortSignal,
): Promise<Outcome<{ readonly implementation: Implementation; close(): Promise<void> }>> {
  const { createSolver, smtImplementation } = await import('@plumbline/solver')
  const solver = createSolver()
  const refused = await solver.load()
  if (refused === undefined)
    return success({ implementation: smtImplementation(solver, { signal }), close: () => solver.close() })
  await solver.close()
  return failure(
    'cli/no-solver',
    refused.reason === 'not-installed' ? 'z3 is not installed here.' : `z3 cannot be used: ${refused.detail}.`,
    'With --solver it is asked what the other implementations are asked, too.',
    'Run: npm install z3-solver, or leave --solver out.',
    EXIT.environment,
  )
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
