/** A long run, recorded beside this file as it goes: `node conformance/differential/smt/record.ts 10000 [seed]`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSolver } from '../../../packages/solver/src/index.ts'
import { fuzzSmt, type SmtRun } from './fuzz.ts'
import { installed } from './native.ts'

const conditions = Number(process.argv[2] ?? 10_000)
const seed = process.argv[3] ?? 'recorded'
/** z3's own, about a third of a second; the time only ends what hangs. */
const steps = 100_000
const milliseconds = 60_000
const solver = createSolver()
const natives = installed()
const began = process.hrtime.bigint()

function record(run: SmtRun): void {
  const seconds = Math.round(Number(process.hrtime.bigint() - began) / 1e9)
  const decided = (run.satisfiable + run.unsatisfiable) / run.conditions
  const written = { seed, steps, natives: natives.map(({ name }) => name), decided, seconds, ...run }
  writeFileSync(join(import.meta.dirname, 'recorded.json'), `${JSON.stringify(written, null, 2)}\n`)
}

const run = await fuzzSmt({
  seed,
  conditions,
  milliseconds,
  steps,
  solver,
  natives,
  nativeEvery: 50,
  onProgress: record,
})
await solver.close()
record(run)
process.exitCode = run.mistakes.length === 0 ? 0 : 1
