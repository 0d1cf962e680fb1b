/** `npm test`: every test of the workspace, closed by one line that machines can read. */
import { startVitest } from 'vitest/node'
import { closingLine } from './closing-line.ts'

const filters = process.argv.slice(2).filter((a) => !a.startsWith('-'))
const vitest = await startVitest('test', filters, { watch: false, run: true })
const tests = vitest.state.getTestModules().flatMap((module) => [...module.children.allTests()])
const states = tests.map((test) => test.result().state)
const brokenModules = vitest.state
  .getTestModules()
  .filter((module) => module.state() === 'failed' && module.errors().length > 0).length
const unhandled = vitest.state.getUnhandledErrors().length
// What a run's length is made of, for who wants it shorter.
const slowest = vitest.state
  .getTestModules()
  .map((module) => ({ file: module.relativeModuleId, seconds: module.diagnostic().duration / 1000 }))
  .toSorted((a, b) => b.seconds - a.seconds)
  .slice(0, filters.length === 0 ? 25 : 0)
await vitest.close()
for (const { file, seconds } of slowest) process.stdout.write(`${seconds.toFixed(0).padStart(5)} s  ${file}\n`)
process.stdout.write(`\n${closingLine(states, brokenModules + unhandled)}\n`)
process.exitCode =
  states.length > 0 && states.every((s) => s !== 'failed' && s !== 'pending') && brokenModules + unhandled === 0 ? 0 : 1
