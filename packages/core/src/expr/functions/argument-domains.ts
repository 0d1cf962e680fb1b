import type { ColumnType } from '../type.ts'
import type { Aggregate, AggregateName } from './aggregates.ts'
import { aggregates } from './aggregates.ts'

const BINNED: readonly ColumnType[] = ['integer', 'number', 'category', 'boolean']
const NUMERIC: readonly ColumnType[] = ['integer', 'number']

/**
 * Column types that a `column` argument may have; undefined = any. Texts have no bins and no declared values, and
 * timestamps of two relations differ by nature, so psi and js take neither.
 */
export const acceptedColumns: Readonly<Partial<Record<AggregateName, readonly ColumnType[]>>> = {
  psi: BINNED,
  js: BINNED,
  ks: NUMERIC,
}

/** Closed range of a `value` argument. */
export const valueRanges: Readonly<Partial<Record<AggregateName, readonly [low: number, high: number]>>> = {
  quantile: [0, 1],
  latency_ms: [0, 1],
}

/** Metrics that read no label: they describe what the model says, not whether it is right. */
export const unlabelled: ReadonlySet<AggregateName> = new Set(['positive_rate', 'latency_ms'])

/** The row of the table, by name; undefined for other names. */
export function aggregateNamed(name: string): { readonly fn: AggregateName; readonly row: Aggregate } | undefined {
  if (!Object.hasOwn(aggregates, name)) return undefined
  const fn = name as AggregateName
  return { fn, row: aggregates[fn] }
}

/** How a call is written, for messages: `quantile(expr, value)`. */
export function signatureOf(fn: AggregateName, row: Aggregate): string {
  const args = row.args.map((kind, i) => (row.variadic && i === row.args.length - 1 ? `${kind}, …` : kind))
  return `${fn}(${args.join(', ')})`
}
