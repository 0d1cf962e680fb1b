// The least that DuckDB can do for the same verdicts, as somebody would write it who knows the table: `node by-hand.ts <parquet> <checks.json>`.
// Ranges and missing cells from the file's statistics, one statement for each column that is left, texts by their distinct values;
// no spec, no digest, no failing rows, no evidence.
import { readFileSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Check } from './checks.ts'

const [path = '', list = ''] = process.argv.slice(2)
const checks = JSON.parse(readFileSync(list, 'utf8')) as readonly Check[]
const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
const connection = await instance.connect()
const table = `read_parquet('${path.replaceAll("'", "''")}')`
const verdicts: boolean[] = []

/** The numbers of one statement. */
async function ask(columns: readonly string[], from = table): Promise<readonly number[]> {
  const rows = await (await connection.run(`SELECT ${columns.join(', ')} FROM ${from}`)).getRows()
  return (rows[0] ?? []).map(Number)
}

type Bounded = Extract<Check, { readonly least: number }>
const within = (value: number, { least, most }: Bounded): boolean => value >= least && value <= most

/** What one check needs of a column, and when its number is right; `n` is what a row stands for. */
function aggregate(check: Check, n?: string): readonly [string, (value: number) => boolean] {
  const column = n === undefined ? `"${check.column}"` : 'v'
  const count = (condition: string): string =>
    n === undefined ? `count_if(${condition})` : `coalesce(sum(${n}) FILTER (WHERE ${condition}), 0)`
  const none = (value: number): boolean => value === 0
  switch (check.kind) {
    case 'not-null': {
      // The one column with NaN is known, and that `returning` is a word of SQL.
      const missing = check.column === 'score' ? 'score IS NULL OR isnan(score)' : `${column} IS NULL`
      return [`${count(missing)} / count(*)`, (share) => share <= 1 - (check.mostly ?? 1)]
    }
    case 'between': {
      const [least, most] = [check.least, check.most].map((bound) => `${bound}`)
      const beyond = `${column} < ${least} OR ${column} > ${most}`
      return [count(check.column === 'score' ? `(${beyond}) AND NOT isnan(score)` : beyond), none]
    }
    case 'in-set':
      return [
        count(
          `${column} NOT IN (${check.values.map((value) => (typeof value === 'string' ? `'${value}'` : value)).join(', ')})`,
        ),
        none,
      ]
    case 'regex':
      return [count(`NOT regexp_matches(${column}, '${check.pattern}')`), none]
    case 'length':
      return [count(`length(${column}) NOT BETWEEN ${check.least} AND ${check.most}`), none]
    case 'distinct':
      return [n === undefined ? `count(DISTINCT ${column})` : 'count(v)', (value) => within(value, check)]
    default: {
      const numbers = check.column === 'score' ? 'CASE WHEN NOT isnan(score) THEN score END' : column
      return [`${check.kind === 'mean' ? 'avg' : 'stddev_samp'}(${numbers})`, (value) => within(value, check)]
    }
  }
}

const TEXTS = new Set(['channel', 'country', 'product', 'coupon', 'status'])
let open = checks.map((check, at) => ({ check, at }))
const settle = (done: ReadonlySet<number>): void => void (open = open.filter(({ at }) => !done.has(at)))

// Asked alone, these are answered by the statistics of the file.
const absent = open.filter(({ check }) => check.kind === 'not-null' && check.column !== 'score')
const [rows = 0, ...present] = await ask(['count(*)', ...absent.map(({ check }) => `count("${check.column}")`)])
absent.forEach(({ check, at }, i) => {
  if (check.kind === 'not-null') verdicts[at] = (present[i] ?? 0) / rows >= (check.mostly ?? 1)
})
const ranged = open.filter(({ check }) => check.kind === 'between' && check.column !== 'score')
const ends = await ask(ranged.map(({ check }) => `min("${check.column}"), max("${check.column}")`))
ranged.forEach(({ check, at }, i) => {
  if (check.kind === 'between')
    verdicts[at] = within(ends[2 * i] ?? Number.NaN, check) && within(ends[2 * i + 1] ?? Number.NaN, check)
})
settle(new Set([...absent, ...ranged].map(({ at }) => at)))
for (const [column, asked] of Map.groupBy(open, ({ check }) => check.column)) {
  const grouped = TEXTS.has(column)
  const parts = asked.map(({ check }) => aggregate(check, grouped ? 'n' : undefined))
  const from = grouped ? `(SELECT ${column} AS v, count(*) AS n FROM ${table} GROUP BY v)` : table
  const values = await ask(
    parts.map(([sql]) => sql),
    from,
  )
  asked.forEach(({ at }, i) => void (verdicts[at] = parts[i]?.[1](values[i] ?? Number.NaN) ?? false))
}
connection.closeSync()
instance.closeSync()
process.stdout.write(JSON.stringify({ verdicts }))
