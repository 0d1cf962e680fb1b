import type { LoggedRow } from '@plumbline/engine'
import { type Answer, clausesOf, type Finding, type Guard, type Row, type Violation } from '@plumbline/guard'
import type { Verdict } from '../metrics/serving-metrics.ts'

/** What every row of a request has in common. */
export interface RequestHead {
  readonly id: string
  /** Microseconds since 1970 UTC. */
  readonly at: number
  /** Digest of the version that answered; null where none did. */
  readonly model: string | null
}

/** How an answer ends, as the log and the metrics name it. */
export function verdictOf(answer: Answer): Exclude<Verdict, 'refused'> {
  if (answer.kind === 'unavailable') return 'unavailable'
  if (answer.kind === 'rejected') return answer.phase === 'input' ? 'rejected' : 'withheld'
  return answer.by === 'fallback' ? 'fallback' : answer.findings.length > 0 ? 'flagged' : 'accepted'
}

const NONE: readonly never[] = []
const NO_CELLS: Row = {}
const LONGEST_MISFIT = 256

/**
 * The rows of a request for the log. A row of a batch that was answered is `flagged` by its own findings alone; all rows
 * of a batch that was not share its fate. Rows that nobody read yet (after the first rejected one) are read for it.
 */
export function requestRows(
  guard: Guard,
  asked: readonly Readonly<Record<string, unknown>>[],
  answer: Answer,
  { id, at, model }: RequestHead,
): readonly LoggedRow[] {
  const verdict = verdictOf(answer)
  const answered = answer.kind === 'answered' ? answer.rows : undefined
  const found = answer.findings.length === 0 ? undefined : byRow(answer.findings)
  return asked.map((value, row) => {
    const known = answer.inputs?.[row]
    const own = known === undefined ? reread(guard, value) : { row: known, violations: found?.get(row) ?? NONE }
    const misfits = own.violations.length === 0 ? undefined : misfitsOf(value, own.violations)
    return {
      requestId: id,
      row,
      at,
      model,
      guard: verdict === 'flagged' && own.violations.length === 0 ? 'accepted' : verdict,
      clauses: own.violations.length === 0 ? NONE : clausesOf(own.violations),
      request: own.row,
      answer: answered?.[row] ?? null,
      ...(misfits === undefined ? {} : { misfits }),
    }
  })
}

function byRow(findings: readonly Finding[]): ReadonlyMap<number, readonly Violation[]> {
  const rows = new Map<number, Violation[]>()
  for (const { row, violation } of findings) {
    const known = rows.get(row)
    if (known === undefined) rows.set(row, [violation])
    else known.push(violation)
  }
  return rows
}

/** A row of a rejected batch: what could be read of it, and what it violates itself. */
function reread(guard: Guard, value: unknown): { readonly row: Row; readonly violations: readonly Violation[] } {
  const { row, enforced, flagged, refused } = guard.judgeInput(value)
  return { row: row ?? NO_CELLS, violations: [...refused, ...enforced, ...flagged] }
}

/**
 * What came in place of cells that did not have their type; of the request, since answers are not shown where they do not
 * fit. An integer beyond ±2^53 is none of them: it has its type, and only nobody can say any more which one it was.
 */
function misfitsOf(
  value: Readonly<Record<string, unknown>>,
  violations: readonly Violation[],
): Readonly<Record<string, string>> | undefined {
  const misfits = violations.flatMap((violation) =>
    violation.kind === 'type' && Object.hasOwn(value, violation.column)
      ? [[violation.column, textOf(value[violation.column])] as const]
      : [],
  )
  return misfits.length === 0 ? undefined : Object.fromEntries(misfits)
}

function textOf(cell: unknown): string {
  const text = typeof cell === 'string' ? cell : typeof cell === 'bigint' ? `${cell}` : (JSON.stringify(cell) ?? '')
  return text.slice(0, LONGEST_MISFIT)
}
