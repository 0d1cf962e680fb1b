import { AGGREGATES, REQUIRED } from '../plan/by-hand.ts'

/** The spelling of DuckDB's hand-written aggregates in PostgreSQL, as a person would write them there. */
const spelled = (sql: string): string =>
  sql
    .replaceAll(/isnan\((\w+)\)/g, `$1 = 'NaN'`)
    .replaceAll(/count_if\((.*?)\)( \/ count\(\*\))?$/g, 'count(*) FILTER (WHERE $1)$2')
    .replaceAll(/quantile_cont\((\w+), ([\d.]+)\)/g, 'percentile_cont($2) WITHIN GROUP (ORDER BY $1)')
    .replaceAll(/^(.*) \/ count\(\*\)$/g, '($1)::double precision / count(*)')

/** What the column contracts of the spec ask, beside its clauses: ranges and values. */
const CONTRACTS = [
  'customer < 0 OR customer > 899999',
  'age < 18 OR age > 100',
  'amount < 0 OR amount > 10000',
  'credit_limit < 500 OR credit_limit > 50000',
  "score < 0 OR (score > 1 AND score <> 'NaN')",
  'latitude < -90 OR latitude > 90',
  'longitude < -180 OR longitude > 180',
  'quantity < 1 OR quantity > 40',
  'status NOT IN (0, 1, 2, 3, 4)',
  "channel NOT IN ('web', 'app', 'shop', 'phone')",
]

/** One statement for all: the clauses in their order, the missing cells of the columns that may have none, the other contracts. */
export const fused = `SELECT ${[
  ...AGGREGATES.toSorted((a, b) => a.clause - b.clause).map(({ sql }) => spelled(sql)),
  ...REQUIRED.map((name) => `count(*) - count("${name}")`),
  ...CONTRACTS.map((condition) => `count(*) FILTER (WHERE ${condition})`),
].join(', ')} FROM orders`
