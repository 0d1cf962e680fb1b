import type { Clause } from '../clause/clause.ts'
import type { Expr } from '../expr/expr.ts'
import type { ComparisonResult, Measured } from '../evidence/evidence.ts'

/** A measured value against its bound, in one unit, ready to be drawn or said. */
export interface AgainstBound {
  /** What was asked: `roc_auc() >= 0.74`. */
  readonly expression: string
  readonly value: number
  readonly bound: number
  /** Which side of the bound is allowed. */
  readonly allowed: 'above' | 'below'
  /** Whether the bound itself is not allowed: `<`, `>`. */
  readonly isStrict: boolean
  /** `value`: in the unit of what was measured. `margin`: the distance from a bound that was itself measured. */
  readonly unit: 'value' | 'share' | 'margin'
  /** The interval that decided, in the same unit. */
  readonly interval?: { readonly low: number; readonly high: number; readonly level?: number; readonly method?: string }
  readonly verdict: ComparisonResult['verdict']
  readonly rowsNeeded?: number
}

/**
 * A comparison on the axis of what was measured. The interval of the evidence is that of the margin (> 0 = allowed);
 * where one side is a constant, bound ± margin is the interval of the other side. Where both sides are measured, only
 * the margin has one interval. `undefined` where there is no number to draw (texts, `==`, an undefined metric).
 */
export function againstBound(clause: Clause | undefined, result: ComparisonResult): AgainstBound | undefined {
  const { margin, expression, verdict } = result
  if (margin.value === null || !Number.isFinite(margin.value)) return undefined
  const asked = comparisonAsked(clause, result)
  const side = asked === undefined ? undefined : constantSide(asked, result)
  if (side === 'unordered') return undefined
  const place = side ?? { bound: 0, allowed: 'above' as const, unit: 'margin' as const }
  const sign = place.allowed === 'above' ? 1 : -1
  const at = (distance: number): number => place.bound + sign * distance
  const { interval } = margin
  const whole = interval !== undefined && !Number.isNaN(interval.low) && !Number.isNaN(interval.high)
  const ends = whole ? [at(interval.low), at(interval.high)].toSorted(ascending) : undefined
  return {
    expression,
    value: side?.value ?? at(margin.value),
    bound: place.bound,
    allowed: place.allowed,
    isStrict: asked?.op === '<' || asked?.op === '>',
    unit: place.unit,
    verdict,
    ...(ends === undefined
      ? {}
      : {
          interval: {
            low: ends[0] as number,
            high: ends[1] as number,
            ...(margin.level === undefined ? {} : { level: margin.level }),
            ...(margin.method === undefined ? {} : { method: margin.method }),
          },
        }),
    ...(result.rowsNeeded === undefined ? {} : { rowsNeeded: result.rowsNeeded }),
  }
}

type Asked = Extract<Clause, { form: 'must' }>['must']['comparisons'][number]

/** The comparison of the clause that a result answers. */
function comparisonAsked(clause: Clause | undefined, { expression }: ComparisonResult): Asked | undefined {
  const must = clause?.form === 'must' || clause?.form === 'always' ? clause.must : undefined
  return must?.comparisons.find((each) => each.expression === expression)
}

interface ConstantSide {
  readonly value: number
  readonly bound: number
  readonly allowed: 'above' | 'below'
  readonly unit: 'value'
}

/** The bound where one side of the comparison reads no term; `unordered` for `==` and `!=`. */
function constantSide(asked: Asked, result: ComparisonResult): ConstantSide | 'unordered' | undefined {
  if (asked.op === '==' || asked.op === '!=') return 'unordered'
  const [left, right] = [finite(result.left), finite(result.right)]
  if (left === undefined || right === undefined) return undefined
  const leftIsLess = asked.op === '<' || asked.op === '<='
  if (!readsTerm(asked.right))
    return { value: left, bound: right, allowed: leftIsLess ? 'below' : 'above', unit: 'value' }
  if (!readsTerm(asked.left))
    return { value: right, bound: left, allowed: leftIsLess ? 'above' : 'below', unit: 'value' }
  return undefined
}

function finite(value: Measured): number | undefined {
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

function readsTerm(expr: Expr): boolean {
  if (expr.node === 'term') return true
  const inner: readonly unknown[] = Object.values(expr)
  return inner.some((part) =>
    Array.isArray(part) ? part.some((item) => isExpr(item) && readsTerm(item)) : isExpr(part) && readsTerm(part),
  )
}

function isExpr(value: unknown): value is Expr {
  return typeof value === 'object' && value !== null && 'node' in value
}

const ascending = (a: number, b: number): number => a - b
