// Run by bench.ts: the model stage on a table, with or without slices and groups; prints the verdicts.
import { join } from 'node:path'
import { compile } from '@plumbline/core'
import { runModelStage } from '../../packages/engine/src/model-stage/run-model-stage.ts'

const [, , folder = '', side = 'plain'] = process.argv
const SLICES = side === 'sliced' ? ', slices: [by region, young]' : ''
const GROUPS = side === 'sliced' ? '  alike: { of: champion, must: "ratio_across(sex, recall()) >= 0.5" }\n' : ''
const COLUMNS = Array.from({ length: 20 }, (_, i) => `c${i}`)
const text = `plumbline: 1
system: { name: sliced, version: 1.0.0 }
data:
  rows:
    source: rows.parquet
    columns:
      label: { type: boolean, role: label }
      sex: { type: category, values: [1, 2] }
      region: { type: category, values: [1, 2, 3, 4, 5] }
      age: { type: integer, range: [18, 100] }
${COLUMNS.map((name) => `      ${name}: { type: number }\n`).join('')}slices: { young: age < 25 }
models:
  champion:
    artifact: model.onnx
    task: binary-classification
    input: { from: rows, columns: [${COLUMNS.join(', ')}] }
    outputs: { risk: { type: number, range: [0, 1] } }
    decision: risk >= 0.5
    label: label
clauses:
  right: { of: champion, must: "accuracy() >= 0.4"${SLICES} }
  found: { of: champion, must: "recall() >= 0.1"${SLICES} }
  ranks: { of: champion, must: "roc_auc() >= 0.4"${SLICES} }
  close: { of: champion, must: "brier() <= 0.9"${SLICES} }
${GROUPS}`
const { value: program, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
if (program === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
let statements = 0
for await (const statement of runModelStage({
  program,
  root: folder,
  toolVersion: '0',
  versions: { candidate: 'model', others: {} },
  files: new Map([['model', { path: join(folder, 'model.onnx'), digest: 'model' }]]),
  session: { threads: 1 },
})) {
  if (statement.verdict !== 'satisfied')
    throw new Error(`${statement.clause} (${statement.slice}): ${statement.verdict}`)
  statements++
}
const { user, system } = process.cpuUsage()
process.stdout.write(JSON.stringify({ cpuMs: (user + system) / 1000, statements }))
