import { type ControlResult, type FaultResult, type MutationScore, type Program, reviveTags } from '@plumbline/core'
import { type Outcome, success } from '../failure.ts'
import { ledgerFailure, type ProjectState } from '../project/state.ts'

/** What a record of `plumb mutate` holds, as far as it is read again. */
export interface RecordedMutation {
  readonly faults: readonly FaultResult[]
  readonly controls: readonly ControlResult[]
  readonly score: MutationScore
}

/** What the last `plumb mutate` of this very spec measured. */
export async function lastMutation(
  state: ProjectState,
  program: Program,
): Promise<Outcome<RecordedMutation | undefined>> {
  const records = await state.ledger.select(({ body }) => body.kind === 'mutation')
  if (!records.ok) return ledgerFailure(records.failure)
  const runs = records.value.flatMap(({ body }) => {
    const run = reviveTags(body['mutation'] ?? null) as unknown
    return isRecorded(run, program.spec.digest) ? [run] : []
  })
  return success(runs.at(-1))
}

/** Anybody may append records: one that only says it is one is passed over. */
function isRecorded(run: unknown, spec: string): run is RecordedMutation {
  if (typeof run !== 'object' || run === null) return false
  const { faults, controls, score, spec: of } = run as Readonly<Record<string, unknown>>
  const digest = typeof of === 'object' && of !== null && 'digest' in of ? of.digest : undefined
  return digest === spec && Array.isArray(faults) && Array.isArray(controls) && typeof score === 'object'
}
