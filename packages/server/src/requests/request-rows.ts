import { type Answer, clausesOf, type Finding, type Guard, type Row, rowMaker } from '@plumbline/guard'
import type { Verdict } from '../metrics/serving-metrics.ts'
import { outputColumns } from '../protocol/output-columns.ts'
import type { RequestRow } from './request-sink.ts'

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

const NO_CLAUSES = '[]'
// A column may be called `__proto__`.
const LogRow = rowMaker()

/**
 * The rows of a request for the log. A row of a batch that was answered is `flagged` by its own findings alone; all rows
 * of a batch that was not share its fate. Rows that nobody read yet (after the first rejected one) are read for it.
 */
export function requestRows(
  guard: Guard,
  asked: readonly unknown[],
  answer: Answer,
  head: RequestHead,
): readonly RequestRow[] {
  const { plan } = guard
  const verdict = verdictOf(answer)
  const answered = answer.kind === 'answered' ? answer.rows : undefined
  const outputs = outputColumns(plan)
  const fields = [...plan.keys, ...plan.inputs]
  const found = answer.findings.length === 0 ? undefined : byRow(answer.findings)
  return asked.map((value, i) => {
    const findings = found?.get(i)
    const own = answer.inputs?.[i] === undefined ? reread(guard, value) : undefined
    const input = answer.inputs?.[i] ?? own?.row
    const row = new LogRow()
    for (const { name } of fields) row[name] = input?.[name] ?? null
    for (const { name } of outputs) row[name] = answered?.[i]?.[name] ?? null
    const clauses =
      own?.clauses ?? (findings === undefined ? [] : clausesOf(findings.map(({ violation }) => violation)))
    row['_request_id'] = head.id
    row['_row'] = i
    row['_at'] = head.at
    row['_model'] = head.model
    row['_guard'] = verdict === 'flagged' && findings === undefined ? 'accepted' : verdict
    row['_clauses'] = clauses.length === 0 ? NO_CLAUSES : JSON.stringify(clauses)
    return row
  })
}

function byRow(findings: readonly Finding[]): ReadonlyMap<number, readonly Finding[]> {
  const rows = new Map<number, Finding[]>()
  for (const finding of findings) {
    const known = rows.get(finding.row)
    if (known === undefined) rows.set(finding.row, [finding])
    else known.push(finding)
  }
  return rows
}

/** A row of a rejected batch: what could be read of it, and the clauses that it violates itself. */
function reread(guard: Guard, value: unknown): { readonly row: Row | undefined; readonly clauses: readonly string[] } {
  const { row, enforced, flagged } = guard.judgeInput(value)
  return { row, clauses: clausesOf([...enforced, ...flagged]) }
}
