// Run by bench.ts: the metrics as the engine measures them, replicates as core draws them.
import { readFileSync } from 'node:fs'
import { type AggregateName, stats, type Term } from '@plumbline/core'
import { kindsOf } from '../../packages/engine/src/metrics/metric-rows.ts'
import { measureMetrics, type MetricOfModel } from '../../packages/engine/src/metrics/metric-term.ts'

const [, , file = '', replicates = '10'] = process.argv
const bytes = readFileSync(file)
const values = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8)
const n = values.length / 2
const [labels, scores] = [values.slice(0, n), values.slice(n)]
const rows = { n, labels, columns: [Float64Array.from(scores, (score) => (score >= 0.5 ? 1 : 0)), scores] }

const DECIDED = ['accuracy', 'precision', 'recall', 'f1'] as const
const SCORED = ['roc_auc', 'average_precision', 'brier', 'log_loss'] as const
const metricOf = (fn: AggregateName, index: number): MetricOfModel => ({
  // A description of the rows: the intervals are what is measured below.
  term: { fn, args: [], type: { kind: 'double' }, expression: `${fn}()`, estimates: 'rows' } as Term,
  index,
  model: 'm',
  values: [index < DECIDED.length ? 0 : 1],
  classes: 0,
  named: [],
})

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
const random = (purpose: string) => stats.createRandom('benchmark', purpose)
let began = cpuMs()
const kinds = kindsOf(rows, false, 1)
const measured = measureMetrics([...DECIDED, ...SCORED].map(metricOf), kinds, { random, replicates: 1 })
const onceMs = cpuMs() - began
const statistics = measured.flatMap(({ sample }) => (sample === undefined ? [] : [sample.statistic]))

const population = kinds.population
const resample = stats.createResampler(population)
const counts = new Uint32Array(population.sizes.length)
const draws = random('replicates')
const draw = (): void => {
  resample(draws, counts)
  for (const statistic of statistics) statistic.evaluate(counts)
}
draw()
began = cpuMs()
for (let i = 0; i < Number(replicates); i++) draw()
const replicateMs = (cpuMs() - began) / Number(replicates)

began = cpuMs()
stats.bootstrapAll({ populations: [population], random: random('jackknife') }, statistics)
const intervalsMs = cpuMs() - began
process.stdout.write(
  JSON.stringify({ onceMs, replicateMs, intervalsMs, values: measured.map(({ value }) => Number(value)) }),
)
