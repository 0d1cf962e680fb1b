import { digestOf } from './digest.ts'
import type { Evidence, RunInfo, Statement } from './evidence.ts'

/**
 * The measured numbers of a statement: a replay agrees with them to 1e-9 relative but not to the last bit, so identity
 * leaves them out. `looks` counts what was asked before and is no part of what was found.
 */
const MEASURED = new Set([
  'measured',
  'value',
  'interval',
  'left',
  'right',
  'margin',
  'rowsNeeded',
  'upper_bound',
  'failing_share',
  'witness_file',
  'curves',
  'looks',
  'cause',
  'level',
])

/** Digest of what a statement says, without its measured numbers. */
export function statementIdentity(statement: Statement): string {
  return digestOf(withoutMeasured(statement))
}

function withoutMeasured(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMeasured)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => !MEASURED.has(key) && item !== undefined)
      .map(([key, item]) => [key, withoutMeasured(item)]),
  )
}

/** Wraps a statement into the envelope that the ledger keeps. */
export function makeEvidence(statement: Statement, run: RunInfo): Evidence {
  return { schema: 'plumbline/evidence/1', id: statementIdentity(statement), statement, run, signatures: [] }
}

/** Relative tolerance within which a replayed number must agree. */
export const REPLAY_TOLERANCE = 1e-9

/** The paths at which two statements differ beyond the tolerance; empty when a replay confirms the first. */
export function statementDifferences(a: Statement, b: Statement): readonly string[] {
  const differences: string[] = []
  compare(a, b, '', differences)
  return differences
}

const NOT_COMPARED = new Set(['looks', 'cause', 'supersedes'])

function compare(a: unknown, b: unknown, path: string, differences: string[]): void {
  if (typeof a === 'number' && typeof b === 'number') {
    const near = Object.is(a, b) || Math.abs(a - b) <= REPLAY_TOLERANCE * Math.max(Math.abs(a), Math.abs(b))
    if (!near) differences.push(path)
    return
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    if (a !== b) differences.push(path)
    return
  }
  const left = a as Readonly<Record<string, unknown>>
  const right = b as Readonly<Record<string, unknown>>
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (!NOT_COMPARED.has(key)) compare(left[key], right[key], path === '' ? key : `${path}.${key}`, differences)
  }
}
