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

/** The unit of a measurement: that of its argument, its square for a variance, ms for a latency; else it is a pure number. */
export function termUnit(context: Context, { fn, args }: Term): Unit | undefined {
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
