import { AGGREGATES, CONTRACTS, REQUIRED } from '../plan/by-hand.ts'

/** The spelling of DuckDB's hand-written aggregates in PostgreSQL, as a person would write them there. */
const spelled = (sql: string): string =>
  sql
    .replaceAll(/isnan\((\w+)\)/g, `$1 = 'NaN'`)
    .replaceAll(/count_if\((.*?)\)( \/ count\(\*\))?$/g, 'count(*) FILTER (WHERE $1)$2')
    .replaceAll(/quantile_cont\((\w+), ([\d.]+)\)/g, 'percentile_cont($2) WITHIN GROUP (ORDER BY $1)')
    .replaceAll(/^(.*) \/ count\(\*\)$/g, '($1)::double precision / count(*)')

/** One statement for all: the clauses in their order, the missing cells of the columns that may have none, the other contracts. */
export const fused = `SELECT ${[
  ...AGGREGATES.toSorted((a, b) => a.clause - b.clause).map(({ sql }) => spelled(sql)),
  ...REQUIRED.map((name) => `count(*) - count("${name}")`),
  ...CONTRACTS.map((condition) => `count(*) FILTER (WHERE ${condition})`),
].join(', ')} FROM orders`
