import type { Evidence } from '@plumbline/core'

/** Violations that were there when the baseline was taken. */
export interface Baseline {
  readonly schema: 'plumbline/baseline/1'
  readonly violations: readonly {
    readonly clause: string
    readonly relation: string
    readonly slice: string
    /** Failing rows of an `every` clause; null for other forms. */
    readonly failing: number | null
  }[]
}

/** The violations of a run, to be accepted from now on. */
export function baselineOf(evidence: readonly Evidence[]): Baseline {
  const violations = evidence.flatMap(({ statement }) => {
    if (statement.verdict !== 'violated') return []
    const { clause, relation, slice } = statement
    return [{ clause, relation, slice, failing: statement.failing ?? null }]
  })
  return { schema: 'plumbline/baseline/1', violations }
}

/** Reads a baseline; undefined for any other text. */
export function readBaseline(text: string): Baseline | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const { schema, violations } = value as Partial<Baseline>
    if (schema !== 'plumbline/baseline/1' || !Array.isArray(violations)) return undefined
    const whole = violations.every((v: unknown) => isViolation(v))
    return whole ? (value as Baseline) : undefined
  } catch {
    return undefined
  }
}

function isViolation(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { clause, relation, slice, failing } = value as Record<string, unknown>
  return [clause, relation, slice].every((v) => typeof v === 'string') && (failing === null || typeof failing === 'number')
}

/** Ids of the violated evidence that a baseline accepts: the same question, and no more failing rows than then. */
export function acceptedBy(baseline: Baseline, evidence: readonly Evidence[]): ReadonlySet<string> {
  const known = new Map(baseline.violations.map((v) => [JSON.stringify([v.clause, v.relation, v.slice]), v.failing]))
  const accepted = evidence.filter(({ statement }) => {
    if (statement.verdict !== 'violated') return false
    const failing = known.get(JSON.stringify([statement.clause, statement.relation, statement.slice]))
    return failing !== undefined && (failing === null || (statement.failing ?? 0) <= failing)
  })
  return new Set(accepted.map((e) => e.id))
}
