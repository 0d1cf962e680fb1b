import type { Value } from '@plumbline/core'
import { type Exchange, isObject, outputsOf, type Problem, shown } from './exchange.ts'
import type { Answers } from './reference.ts'

/** Rows compared, and the first problem of each row that differs. */
export interface ParityOfRequest {
  readonly rows: number
  readonly problems: readonly Problem[]
}

/**
 * Holds what was served against what the same files predict offline: every output of every row to the last bit, the
 * decision, and who answered. Nothing is compared where no answer was due.
 */
export function parityOf({ request, expected, outcome, body }: Exchange): ParityOfRequest {
  if (expected?.kind !== 'answered' || request.kind === 'violation') return { rows: 0, problems: [] }
  const rows = request.rows.length
  const all = (because: string): ParityOfRequest => ({
    rows,
    problems: request.rows.map((_, row) => ({ because, row })),
  })
  if (!outcome.ok) return all(`no reply: ${outcome.problem}`)
  const { status, headers } = outcome.reply
  const outputs = outputsOf(body)
  if (status !== 200 || outputs === undefined)
    return all(
      `status ${status} where offline there is an answer: ${String(shown(isObject(body) ? body['error'] : body))}`,
    )
  const by = headers['plumbline-served-by']
  if (by !== undefined && by !== expected.by) return all(`answered by the ${by}, offline by the ${expected.by}`)
  const problems = expected.rows.flatMap((offline, row): readonly Problem[] => {
    const differing = [...offline].find(([name, value]) => !isSame(cellAt(outputs.get(name), row), value))
    if (differing === undefined) return []
    const [name, value] = differing
    const served = cellAt(outputs.get(name), row)
    return [
      {
        because: `${name} is ${String(shown(served))} served and ${String(shown(plain(value)))} offline`,
        row,
        cells: { [name]: shown(served), [`${name} offline`]: shown(plain(value)) },
      },
    ]
  })
  return { rows, problems }
}

function cellAt(tensor: Readonly<Record<string, unknown>> | undefined, row: number): unknown {
  const data: unknown = tensor?.['data']
  return Array.isArray(data) ? (data as readonly unknown[])[row] : undefined
}

/** JSON has no −0, no NaN and no infinities: the last two are null. Every other double comes back bit for bit. */
function isSame(served: unknown, offline: Answers extends ReadonlyMap<string, infer V> ? V : never): boolean {
  const value = plain(offline)
  if (typeof value === 'number' && !Number.isFinite(value)) return served === null
  if (typeof value === 'boolean') return served === value || served === Number(value)
  return served === value
}

function plain(value: Value | null): number | string | boolean | null {
  if (typeof value === 'bigint') return Number(value)
  if (value === null || typeof value !== 'object') return value
  return 'timestamp' in value ? Number(value.timestamp) : null
}
