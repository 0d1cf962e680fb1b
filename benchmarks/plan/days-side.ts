// The measured process of one run over days of Parquet: compiles the spec, decides it by the engine's public API, reports what it cost.
// Arguments: folder of the data, a glob in it, `all` (every file is read) or `kept` (what was measured before is merged), threads.
import { join } from 'node:path'
import { compile } from '@plumbline/core'
import { runDataStage } from '@plumbline/engine'
import { nodeHost } from '@plumbline/store'
import { CLAUSES, planSpec } from './spec.ts'

const [root = '.', files = '', mode = 'all', threads = '2'] = process.argv.slice(2)
// Medians and quantiles need the rows themselves.
const clauses = CLAUSES.filter(({ text }) => !/^(median|quantile)/.test(text))
const main = { path: 'plumb.yaml', text: planSpec(files, '', clauses) }
const { value: program, diagnostics } = compile({ main, others: [] })
if (program === undefined) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join('\n'))
const before = process.cpuUsage()
const verdicts: string[] = []
let measured = 0
let merged = 0
const run = runDataStage({
  program,
  root,
  toolVersion: 'benchmark',
  session: { threads: Number(threads), temporaryDirectory: root },
  ...(mode === 'kept' ? { states: { host: nodeHost(), path: join(root, 'states') } } : {}),
  onEvent: (event) => {
    if (event.kind !== 'partitions-measured') return
    measured = event.measured.length
    merged = event.merged
  },
})
for await (const statement of run) {
  if (statement.verdict === 'error') throw new Error(`${statement.clause}: ${statement.cause}`)
  const failing = 'failing' in statement ? statement.failing : ''
  verdicts.push(`${statement.clause} ${statement.verdict} ${failing}`)
}
const { user, system } = process.cpuUsage(before)
process.stdout.write(JSON.stringify({ cpuMs: (user + system) / 1000, measured, merged, verdicts }))
