// The measured process of our side: `node ours.ts checks|drift <folder> <file> <rows>`.
// Loaded now, as the peers have loaded pandas and polars when their work begins; the engine would load it with its first session.
import '@duckdb/node-api'
import { compile } from '@plumbline/core'
import { runDataStage } from '@plumbline/engine'
import { checksSpec, driftSpec } from './spec.ts'

const [what = 'checks', root = '.', file = '', rows = '0'] = process.argv.slice(2)
const before = process.cpuUsage()
const began = performance.now()
const text = what === 'drift' ? driftSpec(file, Number(rows) / 2) : checksSpec(file)
const { value: program, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
if (program === undefined) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join('\n'))
const verdicts: (boolean | number)[] = []
const session = { threads: 2, temporaryDirectory: root }
for await (const statement of runDataStage({ program, root, toolVersion: 'benchmark', session })) {
  if (!/^(c\d+|drift-.*)$/.test(statement.clause)) continue
  if (statement.verdict === 'error') throw new Error(`${statement.clause}: ${statement.cause}`)
  if (what === 'checks') verdicts.push(statement.verdict === 'satisfied')
  else if ('measured' in statement) verdicts.push(Number(statement.measured))
}
const { user, system } = process.cpuUsage(before)
const wallMs = performance.now() - began
process.stdout.write(JSON.stringify({ cpuMs: (user + system) / 1000, wallMs, verdicts }))
