import type { Measured, Witness } from '@plumbline/core'
import type { Finding } from '../statement.ts'
import type { DoctoredTest } from './bites.ts'
import type { Probed } from './drive.ts'
import type { Exchange, Problem } from './exchange.ts'
import type { UnbittenClause } from './requests.ts'

/** One thing that was asked, and what was wrong with the answer. */
export interface Checked {
  readonly problem: Problem | undefined
  readonly witness: Witness
}

/** Failing requests shown. */
const WITNESSES = 20

/** A finding over things that were asked; `unbitten` keeps it from being satisfied. */
export function findingOf(
  method: string,
  checked: readonly Checked[],
  notes: readonly string[],
  unbitten: readonly UnbittenClause[] = [],
  n = checked.length,
): Finding {
  const bad = checked.filter(({ problem }) => problem !== undefined)
  const counted = {
    method,
    n,
    measured: n === 0 ? null : (n - bad.length) / n,
    missing: 0,
    excluded: 0,
    unassigned_rows: 0,
    failing: bad.length,
    witnesses: bad.slice(0, WITNESSES).map(({ witness }) => witness),
    notes,
  }
  if (bad.length > 0) return { ...counted, verdict: 'violated' }
  if (n === 0) return { ...counted, verdict: 'inconclusive', reason: 'empty-relation' }
  if (unbitten.length === 0) return { ...counted, verdict: 'satisfied' }
  const named = unbitten.map(
    ({ clause, slice, tried }) => `${clause}${slice === undefined ? '' : ` in ${slice}`} (${tried} tried)`,
  )
  return {
    ...counted,
    verdict: 'inconclusive',
    reason: 'not-proved',
    cause: `No row was found that violates ${named.join(', ')}, so nothing shows that the guard enforces it.`,
  }
}

/** An exchange that was checked. `ordinal`: its place among all that was asked, from 1. */
export function checkedExchange({ request }: Exchange, ordinal: number, problem: Problem | undefined): Checked {
  const at = problem?.row ?? 0
  const sent = request.rows[at]
  const key: Record<string, Measured> = {
    request: request.id,
    ...(request.rows.length > 1 && problem?.row !== undefined ? { index: problem.row } : {}),
  }
  const chosen = Object.fromEntries((request.columns ?? []).map((name) => [name, sent?.get(name) ?? null]))
  const { body } = request.call
  const malformed = request.kind === 'malformed' && typeof body === 'string' ? { body: body.slice(0, 120) } : {}
  return {
    problem,
    witness: {
      row: request.positions?.[at] ?? ordinal,
      key,
      cells: { ...chosen, ...malformed, ...problem?.cells },
      because: problem === undefined ? '' : `${request.what}: ${problem.because}`,
    },
  }
}

/** A question about the server that was checked. */
export function checkedProbe({ probe, problem }: Probed, ordinal: number): Checked {
  return {
    problem,
    witness: { row: ordinal, key: { request: probe.id }, cells: problem?.cells ?? {}, because: problem?.because ?? '' },
  }
}

/** A test of the guard in process that was checked. */
export function checkedTest({ id, what, problem }: DoctoredTest, ordinal: number): Checked {
  const because = problem === undefined ? '' : `${what}: ${problem.because}`
  return { problem, witness: { row: ordinal, key: { request: id }, cells: problem?.cells ?? {}, because } }
}
