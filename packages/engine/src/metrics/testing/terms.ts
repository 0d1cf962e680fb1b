import { type AggregateName, stats, type Term } from '@plumbline/core'
import { kindsOf, type MetricRows } from '../metric-rows.ts'
import { measureMetrics, type MetricOfModel } from '../metric-term.ts'
import type { MeasuredTerm } from '../../decide/measured.ts'

/** A term of a metric with plain numbers as arguments. */
export function metricTerm(fn: AggregateName, ...values: readonly number[]): Term {
  return {
    fn,
    args: values.map((value) => ({ kind: 'value', value })),
    type: { kind: 'double' },
    expression: `${fn}(${values.join(', ')})`,
    estimates: 'population',
  } as Term
}

/** A metric of rows that is asked without a spec; `values` are places among the columns. */
export interface PlainMetric extends Partial<Omit<MetricOfModel, 'term'>> {
  readonly term: Term
  readonly values: readonly number[]
}

/** Measures metrics on rows, each row a kind of its own. */
export function measure(rows: MetricRows, metrics: readonly PlainMetric[], replicates = 199): readonly MeasuredTerm[] {
  const asked = metrics.map((metric, index): MetricOfModel => ({ index, model: 'm', classes: 0, named: [], ...metric }))
  const random = (purpose: string): stats.Random => stats.createRandom('metrics', purpose)
  return measureMetrics(asked, kindsOf(rows, false), { random, replicates })
}
