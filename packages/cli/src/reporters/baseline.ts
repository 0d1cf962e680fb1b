import type { Evidence, JsonValue } from '@plumbline/core'

/** One violation that is accepted for now. `failing` is how many rows broke an `every` clause; null for other forms. */
export interface BaselineViolation {
  readonly clause: string
  readonly relation: string
  readonly slice: string
  readonly failing: number | null
}

/** Today's violations, written down so that only new ones fail a run. */
export interface Baseline {
  readonly schema: 'plumbline/baseline/1'
  readonly violations: readonly BaselineViolation[]
}

/** The violations of a run, blocking or not, sorted by name so that the file has small diffs. */
export function baselineOf(evidence: readonly Evidence[]): Baseline {
  const violations = evidence.flatMap(({ statement }): readonly BaselineViolation[] => {
    if (statement.verdict !== 'violated') return []
    const { clause, relation, slice, failing } = statement
    return [{ clause, relation, slice, failing: failing ?? null }]
  })
  const sorted = violations.toSorted((a, b) => compare(keyOf(a), keyOf(b)))
  return { schema: 'plumbline/baseline/1', violations: sorted }
}

/**
 * The violations of a run that a baseline accepts, by evidence id: those it holds, and of an `every` clause no more
 * failing rows than it holds. A verdict stays what it is, here and for the gate.
 */
export function acceptedBy(
  baseline: Baseline,
  evidence: readonly Evidence[],
): { readonly accepted: readonly string[] } {
  const known = new Map(baseline.violations.map((violation) => [keyOf(violation), violation]))
  const accepted = evidence.filter(({ statement }) => {
    const recorded = known.get(keyOf(statement))
    if (statement.verdict !== 'violated' || recorded === undefined) return false
    if (statement.failing === undefined) return true
    return recorded.failing !== null && statement.failing <= recorded.failing
  })
  return { accepted: accepted.map(({ id }) => id) }
}

/** Reads a baseline from parsed JSON; `undefined` if it does not have the form. */
export function readBaseline(value: JsonValue): Baseline | undefined {
  if (typeof value !== 'object' || value === null || !('schema' in value) || !('violations' in value)) return undefined
  const { schema, violations } = value
  if (schema !== 'plumbline/baseline/1' || !Array.isArray(violations)) return undefined
  const read = (violations as readonly JsonValue[]).map(readViolation)
  return read.every((each) => each !== undefined) ? { schema, violations: read } : undefined
}

function readViolation(value: JsonValue): BaselineViolation | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const { clause, relation, slice, failing } = value as Readonly<Record<string, JsonValue>>
  if (typeof clause !== 'string' || typeof relation !== 'string' || typeof slice !== 'string') return undefined
  const counted = failing === null || (typeof failing === 'number' && Number.isInteger(failing) && failing >= 0)
  return counted ? { clause, relation, slice, failing } : undefined
}

function keyOf({ clause, relation, slice }: Pick<BaselineViolation, 'clause' | 'relation' | 'slice'>): string {
  return JSON.stringify([clause, relation, slice])
}

/** By UTF-16 code units: the same order on every machine. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
