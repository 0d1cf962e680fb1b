import type { AggregateRun } from './aggregates.ts'
import type { PairRun } from './pairs.ts'

/** The record of a campaign. */
export interface CampaignResults {
  readonly date: string
  readonly versions: Readonly<Record<string, string>>
  readonly pairs: readonly PairRun[]
  readonly aggregates: readonly AggregateRun[]
  /** What must be known to read it. */
  readonly note?: string
}

const thousands = (n: number): string => String(n).replaceAll(/\B(?=(\d{3})+$)/g, ' ')
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
const table = (rows: readonly (readonly string[])[]): string => {
  const [head = [], ...rest] = rows
  return [head, head.map(() => '---'), ...rest].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

/** The record as a page. */
export function page({ date, versions, pairs, aggregates, note }: CampaignResults): string {
  const targets = [...new Set(pairs.flatMap(({ asked }) => Object.keys(asked)))]
  const total = (name: string): string => thousands(sum(pairs.map(({ asked }) => asked[name] ?? 0)))
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `# Results

Written by \`node conformance/differential/campaign/run.ts --write\` on ${date}; ${used.join(', ')}.${note === undefined ? '' : ` ${note}`}

Reference evaluator = every target on ${thousands(sum(pairs.map((run) => run.pairs)))} pairs of ${thousands(sum(pairs.map((run) => run.expressions)))} expressions (distinct within a run) and generated rows:
${targets.map((name) => `${name} ${total(name)}`).join(', ')}; **${sum(pairs.map((run) => run.disagreements))} disagreements**.
What a target refuses or cannot hold is not asked of it; of values only JavaScript, DuckDB and PostgreSQL are asked, of conditions the margin, too.

${table([
  [
    'seed',
    'grammar',
    'pairs',
    ...targets,
    'expressions',
    'functions',
    'hostile rows',
    'errors',
    'disagreements',
    'seconds',
  ],
  ...pairs.map((run) => [
    run.seed,
    run.grammar,
    thousands(run.pairs),
    ...targets.map((name) => thousands(run.asked[name] ?? 0)),
    thousands(run.expressions),
    String(run.functions),
    percent(run.hostile),
    percent(run.errors),
    String(run.disagreements),
    String(run.seconds),
  ]),
])}

DuckDB = PostgreSQL = a loop over the rows, for aggregates of whole tables, of groups and in slices:

${table([
  ['seed', 'tables', 'rows', 'questions', 'slices', 'differences', 'seconds'],
  ...aggregates.map((run) => [
    run.seed,
    thousands(run.tables),
    thousands(run.rows),
    String(run.questions),
    String(run.slices),
    String(run.differences),
    String(run.seconds),
  ]),
])}
`
}
