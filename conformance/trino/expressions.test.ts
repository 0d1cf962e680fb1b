import { it } from 'vitest'
import { trinoFunctions, trinoSupport } from '../../packages/core/src/targets/sql/trino/index.ts'
import { trinoImplementation } from '../../packages/engine/src/fuzz/trino.ts'
import { agreeOnGeneratedPairs, everyFunctionAsked } from '../differential/generated-pairs.ts'
import { heldExpr } from '../differential/postgresql/held.ts'
import { connectTrino } from './client.ts'
import { describeWithServer } from './with-server.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const groups = Number(process.env['PLUMB_FUZZ_TRINO_GROUPS'] ?? 1)

describeWithServer('reference evaluator = Trino', (address) => {
  it(`on ${groups * 1_200} generated (expression, row) pairs, values and errors`, {
    timeout: 600_000 + groups * 120_000,
  }, async () => {
    const trino = trinoImplementation(await connectTrino(address), { folded: 1, filtered: 1, atOnce: 6 })
    const { functions } = await agreeOnGeneratedPairs({
      seed,
      stream: 'trino',
      groups,
      targets: { javascript: false, others: [trino] },
      support: trinoSupport,
      exprOf: (expr) => heldExpr(expr, (value) => value),
    })
    // A short run reaches some of the functions only.
    if (groups >= 25) everyFunctionAsked(trinoFunctions, functions)
  })
})
