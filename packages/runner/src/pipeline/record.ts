import { clockMark, type Digest, type HostClock } from '@plumbline/core'
import type { LedgerBody } from '@plumbline/store'
import type { Execution } from './execute.ts'
import type { PlannedStage } from './plan.ts'

/** How a run ended. */
export type RunStatus = 'finished' | 'failed' | 'interrupted'

/** One stage that was reached, and how long it took. */
export type StageReport = Execution & { readonly planned: PlannedStage; readonly durationMs: number }

/** A run as the ledger keeps it: what replay compares in `statement`, clock and host matters in `run`. */
export function runRecord(run: {
  readonly id: string
  readonly startedAt: string
  readonly clock: HostClock
  readonly trusted: boolean
  readonly status: RunStatus
  readonly stages: readonly StageReport[]
}): LedgerBody {
  return {
    kind: 'run',
    statement: { status: run.status, stages: run.stages.map(statementOf) },
    run: {
      id: run.id,
      startedAt: run.startedAt,
      ...clockMark(run.clock),
      trusted: run.trusted,
      stages: run.stages.map(({ planned, cached, durationMs }) => ({ name: planned.stage.name, cached, durationMs })),
    },
  }
}

type StageStatement = {
  readonly name: string
  readonly command: readonly string[]
  readonly params: LedgerBody[string]
  readonly needs: readonly { readonly path: string; readonly digest: Digest }[]
  readonly makes: readonly { readonly path: string; readonly digest: Digest }[]
  readonly key: Digest | null
  readonly failure: string | null
}

function statementOf({ planned, needs, key, result }: StageReport): StageStatement {
  const { name, params = {} } = planned.stage
  return {
    name,
    command: planned.command,
    params,
    needs,
    makes: result.ok ? result.value : [],
    key: key ?? null,
    failure: result.ok ? null : result.failure.kind,
  }
}
