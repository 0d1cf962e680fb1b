import { guardPlan, type PlannedGuard, type Program } from '@plumbline/core'
import { failure, type Outcome, success } from '../failure.ts'

/** What is enforced per request, or that there is no champion to stand in front of. */
export function plannedGuard(program: Program): Outcome<PlannedGuard> {
  const planned = guardPlan(program)
  if (planned !== undefined) return success(planned)
  return failure(
    'cli/no-champion',
    'The spec has no model `champion` to stand in front of.',
    'Requests are rows of the inputs of the champion.',
    'Declare `models.champion`.',
  )
}
