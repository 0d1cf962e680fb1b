import { afterAll, beforeAll, it } from 'vitest'
import { postgresqlFunctions, postgresqlSupport } from '../../../packages/core/src/targets/sql/postgresql/index.ts'
import { agreeOnGeneratedPairs, everyFunctionAsked } from '../generated-pairs.ts'
import { heldExpr, heldRow } from './held.ts'
import { openPostgresql, type PostgresqlRunner } from './runner.ts'
import { describeWithServer } from './with-server.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const groups = Number(process.env['PLUMB_FUZZ_POSTGRESQL_GROUPS'] ?? 25)

describeWithServer('reference evaluator = PostgreSQL SQL', (server) => {
  let postgresql: PostgresqlRunner
  beforeAll(async () => {
    postgresql = await openPostgresql(server())
  })
  afterAll(() => postgresql.close())

  it(`on ${groups * 1_200} generated (expression, row) pairs, values and errors`, async () => {
    const { functions } = await agreeOnGeneratedPairs({
      seed,
      stream: 'postgresql',
      groups,
      targets: { postgresql, javascript: false },
      support: postgresqlSupport,
      exprOf: (expr) => heldExpr(expr),
      rowOf: heldRow,
    })
    everyFunctionAsked(postgresqlFunctions, functions)
  })
})
