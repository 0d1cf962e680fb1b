import { guardPlan, type PlannedGuard, type Program } from '@plumbline/core'
import { failure, type Outcome, success } from '../failure.ts'

/** What is enforced per request, or why there is no champion that it can stand in front of. */
export function plannedGuard(program: Program): Outcome<PlannedGuard> {
  const refused = imagesNotServed(program)
  if (refused !== undefined) return refused
  const planned = guardPlan(program)
  if (planned !== undefined) return success(planned)
  return failure(
    'cli/no-champion',
    'The spec has no model `champion` to stand in front of.',
    'Requests are rows of the inputs of the champion.',
    'Declare `models.champion`.',
  )
}

/** Why a champion that reads images is not served, staged or promoted; undefined where it reads none. */
export function imagesNotServed({ models, datasets }: Program): Extract<Outcome<never>, { ok: false }> | undefined {
  const champion = models.find(({ name }) => name === 'champion')
  const columns = datasets.find(({ name }) => name === champion?.from)?.columns ?? []
  const image = champion?.input.find((name) =>
    columns.some((each) => each.name === name && each.columnType === 'image'),
  )
  if (image === undefined) return undefined
  return failure(
    'cli/images-not-served',
    `The champion reads the image \`${image}\`, and what reads images is not served here.`,
    'A request carries cells; a file would have to be sent, kept and looked at for each clause.',
    'Test it with `plumb test` and decide with `plumb gate`; serve it by a server of your own.',
  )
}
