// `npm run bench` (or `node benchmarks/run.ts [--quick] [plan|guard|check|expressions|requests …]` after a build): runs the benchmarks, prints
// a table, and writes results.json and RESULTS.md beside this file, unless `--quick` or a selection makes them partial;
// `--write` puts what a selection measured among the results of before.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { version as duckdbVersion } from '@duckdb/node-api'
import { benchCheck } from './check/bench.ts'
import { benchCovering } from './covering/bench.ts'
import { benchExpressions } from './expressions/bench.ts'
import { benchGuard } from './guard/bench.ts'
import { benchLoad } from './load/bench.ts'
import { benchMemory } from './load/memory.ts'
import { benchMetrics } from './metrics/bench.ts'
import { benchModels } from './models/bench.ts'
import { benchPeers } from './peers/bench.ts'
import { benchLarger } from './plan/larger.ts'
import { benchPlan } from './plan/bench.ts'
import { benchDays } from './plan/days.ts'
import { benchPostgresql } from './postgresql/bench.ts'
import { benchRequests } from './requests/bench.ts'
import { benchSpark } from './spark/bench.ts'
import { benchWatchMemory } from './watch/memory.ts'
import { kept, type Measure, table } from './support/figures.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const folder = join(here, '..', '.work', 'benchmarks')
const args = process.argv.slice(2)
const quick = args.includes('--quick')
const chosen = args.filter((arg) => !arg.startsWith('-'))

const suites: Readonly<Record<string, () => readonly Measure[] | Promise<readonly Measure[]>>> = {
  plan: () => benchPlan(folder, quick ? { rows: 200_000, rounds: 1 } : { rows: 10_000_000, rounds: 3 }),
  days: () => (quick ? benchDays(folder, 5_000, 1) : benchDays(folder, 200_000, 3)),
  peers: () => benchPeers(folder, quick ? { rows: 20_000, rounds: 1 } : { rows: 1_000_000, rounds: 3 }),
  postgresql: () => benchPostgresql(folder, quick ? { rows: 100_000, rounds: 1 } : { rows: 1_000_000, rounds: 3 }),
  spark: () => benchSpark(folder, quick ? { rows: 100_000, rounds: 1 } : { rows: 1_000_000, rounds: 3 }),
  larger: () =>
    benchLarger(
      folder,
      quick ? { rows: 300_000, limitMb: 200, peakMb: 900 } : { rows: 30_000_000, limitMb: 2_500, peakMb: 4_096 },
    ),
  guard: () => benchGuard(quick ? 20 : 200, quick ? 3 : 9),
  expressions: () => benchExpressions(quick ? 20 : 400, quick ? 2 : 9),
  load: () =>
    benchLoad(folder, quick ? { seconds: 1, rounds: 1, connections: 32 } : { seconds: 6, rounds: 3, connections: 32 }),
  memory: () => benchMemory(folder, quick ? 20_000 : 1_000_000),
  'memory-watch': () => benchWatchMemory(folder, quick ? 10 : 100, quick ? 1_000 : 10_000),
  check: () => benchCheck(folder, quick ? 2 : 11),
  metrics: () => (quick ? benchMetrics(folder, 50_000, 4, 1) : benchMetrics(folder, 1_000_000, 12, 3)),
  models: () => benchModels(folder, quick ? 20_000 : 200_000, quick ? 1 : 3),
  covering: () => benchCovering(quick ? 1 : 20, !quick),
  requests: () => benchRequests(folder, quick ? 50_000 : 1_000_000, quick ? 1 : 5),
}

const measures: Measure[] = []
for (const [name, suite] of Object.entries(suites)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  process.stderr.write(`${name} …\n`)
  measures.push(...(await suite()))
}
process.stdout.write(`${table(measures)}\n`)

if (!quick && (chosen.length === 0 || args.includes('--write'))) {
  const ajv = JSON.parse(readFileSync(fileURLToPath(import.meta.resolve('ajv/package.json')), 'utf8')) as {
    version: string
  }
  const machine = `${cpus().length} virtual cores, ${Math.round(totalmem() / 2 ** 30)} GiB memory, ${process.platform} ${process.arch}`
  const versions = { node: process.versions.node, duckdb: duckdbVersion(), ajv: ajv.version }
  const date = new Date().toISOString().slice(0, 10)
  const before = JSON.parse(readFileSync(join(here, 'results.json'), 'utf8')) as {
    readonly measures: readonly Measure[]
  }
  const all = chosen.length > 0 ? among(before.measures, measures) : measures
  writeFileSync(join(here, 'results.json'), `${JSON.stringify({ date, machine, versions, measures: all }, null, 2)}\n`)
  writeFileSync(join(here, 'RESULTS.md'), page(all, date, machine, versions))
}
// A small run says whether the benchmarks work, not how fast anything is.
if (!quick && measures.some((measure) => kept(measure) === false)) process.exitCode = 1

/** Results with what was measured anew: each in its place, those that are new at the end. */
function among(before: readonly Measure[], anew: readonly Measure[]): readonly Measure[] {
  const byName = new Map(anew.map((measure) => [measure.name, measure]))
  const names = new Set(before.map(({ name }) => name))
  return [...before.map((each) => byName.get(each.name) ?? each), ...anew.filter(({ name }) => !names.has(name))]
}

function page(
  all: readonly Measure[],
  date: string,
  machine: string,
  versions: Readonly<Record<string, string>>,
): string {
  const notes = all.map(({ name, unit, note }) => `- **${name}** (${unit}): ${note}`)
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `# Results

Written by \`npm run bench\` on ${date}; ${machine}, shared with other work; ${used.join(', ')}.
Median (least–greatest) of several rounds in which the sides took turns. How to read it: [README](README.md).

${table(all)}

${notes.join('\n')}
`
}
