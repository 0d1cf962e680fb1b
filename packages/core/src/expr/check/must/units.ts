import type { Expr } from '../../expr.ts'
import type { AggregateName } from '../../functions/aggregates.ts'
import type { Term } from '../../must.ts'
import { parseUnit, powerOf, PURE, sameUnit, type Unit } from '../../units/unit.ts'
import type { Context } from '../context.ts'
import { unitOf } from '../units.ts'

/** Aggregates in the unit of what they are of. */
const KEEPS: ReadonlySet<AggregateName> = new Set<AggregateName>([
  'sum',
  'min',
  'max',
  'mean',
  'median',
  'quantile',
  'stddev',
])

/** Errors of a regression that are in the unit of its label. */
const OF_LABEL: ReadonlySet<AggregateName> = new Set<AggregateName>([
  'mae',
  'rmse',
  'mean_error',
  'median_absolute_error',
  'pinball',
])

/**
 * The unit of a measurement: that of its argument or label, its square for a variance and squared errors, ms for a latency;
 * else it is a pure number. `labelUnit`: of the label, as declared.
 */
export function termUnit(context: Context, { fn, args }: Term, labelUnit: string | undefined): Unit | undefined {
  const ofLabel = labelUnit === undefined ? undefined : known(parseUnit(labelUnit))
  if (OF_LABEL.has(fn)) return ofLabel
  if (fn === 'mse') return ofLabel === undefined ? undefined : known(powerOf(ofLabel, 2))
  const first = args[0]
  const unit = first?.kind === 'expr' ? unitOf(context, first.expr) : undefined
  if (KEEPS.has(fn)) return unit
  if (fn === 'variance') return unit === undefined ? undefined : known(powerOf(unit, 2))
  return fn === 'latency_ms' ? known(parseUnit('ms')) : PURE
}

function known(unit: ReturnType<typeof parseUnit>): Unit | undefined {
  return 'problem' in unit ? undefined : unit
}

/** The unit that all have; undefined where they differ. */
export function commonUnit(context: Context, values: readonly Expr[]): Unit | undefined {
  const [first, ...others] = values.map((value) => unitOf(context, value))
  return first !== undefined && others.every((unit) => unit !== undefined && sameUnit(first, unit)) ? first : undefined
}
