// The measured process of our side: compiles the spec, decides it with the engine's public API, reports what it cost.
// Arguments: folder of the data, name of the file, threads, memory of the engine at most (`4GB`).
import { compile, type Statement } from '@plumbline/core'
import { runDataStage } from '@plumbline/engine'
import { planSpec } from './spec.ts'

/** The number the peer computes, too: failing rows of an `every`, the first term of a `must`. */
function answerOf(statement: Statement): number | undefined {
  if ('failing' in statement) return statement.failing
  const term = 'terms' in statement ? statement.terms[0]?.value : undefined
  return typeof term === 'number' ? term : undefined
}

const [root = '.', file = '', threads = '2', memoryLimit] = process.argv.slice(2)
const { value: program, diagnostics } = compile({ main: { path: 'plumb.yaml', text: planSpec(file) }, others: [] })
if (program === undefined) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join('\n'))
const before = process.cpuUsage()
const answers: (number | undefined)[] = []
const counts: Record<string, number> = {}
const session = {
  threads: Number(threads),
  temporaryDirectory: root,
  ...(memoryLimit === undefined ? {} : { memoryLimit }),
}
for await (const statement of runDataStage({ program, root, toolVersion: 'benchmark', session })) {
  if (statement.verdict === 'error') throw new Error(`${statement.clause}: ${statement.cause}`)
  const at = /^c([0-9]+)$/.exec(statement.clause)?.[1]
  if (at !== undefined) answers[Number(at)] = answerOf(statement)
  counts[statement.verdict] = (counts[statement.verdict] ?? 0) + 1
}
const { user, system } = process.cpuUsage(before)
process.stdout.write(
  JSON.stringify({
    cpuMs: (user + system) / 1000,
    counts,
    answers,
  }),
)
