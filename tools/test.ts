/** `npm test`: every test of the workspace, closed by one line that machines can read. */
import { startVitest, type TestModule } from 'vitest/node'
import { closingLine } from './closing-line.ts'

/** Files that failed are run once more, by themselves: more of them than this are no accident of a busy machine. */
const MOST_AGAIN = 5

/** What a run of files came to. */
interface Ran {
  readonly modules: readonly TestModule[]
  readonly unhandled: number
}

const filters = process.argv.slice(2).filter((a) => !a.startsWith('-'))
const statesIn = (modules: readonly TestModule[]): readonly string[] =>
  modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state))
const isBroken = (module: TestModule): boolean => module.state() === 'failed' && module.errors().length > 0
const hasFailed = (module: TestModule): boolean =>
  isBroken(module) || statesIn([module]).some((state) => state === 'failed' || state === 'pending')

async function run(files: readonly string[], workers?: number): Promise<Ran> {
  const options = workers === undefined ? {} : { maxWorkers: workers }
  const vitest = await startVitest('test', [...files], { watch: false, run: true, ...options })
  const ran = { modules: vitest.state.getTestModules(), unhandled: vitest.state.getUnhandledErrors().length }
  await vitest.close()
  return ran
}

const first = await run(filters)
const failed = first.modules.filter(hasFailed)
const isAgain = failed.length > 0 && failed.length <= MOST_AGAIN && first.unhandled === 0
if (isAgain) process.stdout.write(`\nOnce more, by themselves: ${failed.map((m) => m.relativeModuleId).join(', ')}\n`)
const second = isAgain
  ? await run(
      failed.map(({ moduleId }) => moduleId),
      1,
    )
  : { modules: [], unhandled: 0 }
const modules = isAgain
  ? [...first.modules.filter((module) => !failed.includes(module)), ...second.modules]
  : first.modules
const failedOutside = modules.filter(isBroken).length + first.unhandled + second.unhandled
const states = statesIn(modules)

// What a run's length is made of, for who wants it shorter.
const slowest = first.modules
  .map((module) => ({ file: module.relativeModuleId, seconds: module.diagnostic().duration / 1000 }))
  .toSorted((a, b) => b.seconds - a.seconds)
  .slice(0, filters.length === 0 ? 25 : 0)
for (const { file, seconds } of slowest) process.stdout.write(`${seconds.toFixed(0).padStart(5)} s  ${file}\n`)
// A test that passes only by itself has a fault all the same: it is named, for who finds the time.
const unsteady = second.modules.filter((module) => !hasFailed(module)).map((module) => module.relativeModuleId)
if (unsteady.length > 0) process.stdout.write(`\nPassed only the second time: ${unsteady.join(', ')}\n`)
process.stdout.write(`\n${closingLine(states, failedOutside)}\n`)
const isGreen = states.length > 0 && states.every((s) => s !== 'failed' && s !== 'pending') && failedOutside === 0
process.exitCode = isGreen ? 0 : 1
