/** An upper confidence bound of a probability, and the measure it speaks of. */
export interface UpperBound {
  readonly value: number
  /** One-sided confidence, e.g. 0.95. */
  readonly level: number
  readonly measure: string
}

/**
 * The exact one-sided upper bound of a violation probability after `tried` independent draws without a violation:
 * 1 − (1 − level)^(1/tried), the Clopper-Pearson limit at zero successes (Clopper, Pearson, Biometrika 26, 1934).
 * Undefined without draws. Valid for i.i.d. draws only: never feed it an adaptive search.
 */
export function zeroViolationBound(tried: number, level: number, measure: string): UpperBound | undefined {
  if (tried < 1) return undefined
  return { value: -Math.expm1(Math.log1p(-level) / tried), level, measure }
}
