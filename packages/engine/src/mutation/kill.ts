import type { Control, Fault, Instance, Proposal, Statement } from '@plumbline/core'
import { ask } from './ask.ts'
import { controlAsking, type Planting, withFault, withProgram } from './planting.ts'

/** A clause that may notice a fault. */
export interface Offered {
  readonly fault: Fault
  readonly proposal: Proposal
}

/**
 * The offered clauses that do what they are offered for, by the id of the fault: asked as `plumb test` asks, each is satisfied on the data as they are,
 * violated by the fault, and violated by no control. Of several for one fault the first.
 */
export async function proposalsThatKill(
  planting: Planting,
  offered: readonly Offered[],
  controls: readonly Control[],
): Promise<ReadonlyMap<string, Proposal>> {
  const { request } = planting
  const all = [...new Map(offered.map(({ proposal }) => [proposal.id, proposal])).values()]
  const clauses = compilingOf(request, all, ({ yaml }) => yaml)
  const program = request.withClause?.(clauses.map(({ yaml }) => yaml).join(''))
  if (program === undefined || clauses.length === 0) return new Map()
  const wider = withProgram(planting, program)
  const ids = new Set(clauses.map(({ id }) => id))
  const before = await verdicts(wider, wider.asking, ids)
  const sound = new Set([...ids].filter((id) => before.get(id)?.every((verdict) => verdict === 'satisfied') === true))
  for (const control of controls) {
    if (request.signal?.aborted === true) return new Map()
    const made = await controlAsking(wider, control)
    if ('cause' in made) continue
    for (const [id, given] of await verdicts(wider, made.asking, sound, isOfRows))
      if (given.includes('violated')) sound.delete(id)
  }
  const found = new Map<string, Proposal>()
  for (const [fault, group] of Map.groupBy(offered, (each) => each.fault)) {
    if (request.signal?.aborted === true) break
    const asked = group.flatMap(({ proposal }) => (sound.has(proposal.id) ? [proposal] : []))
    if (asked.length === 0) continue
    const faulty = await withFault(wider, fault)
    if ('cause' in faulty) continue
    const after = await verdicts(wider, faulty.asking, new Set(asked.map(({ id }) => id)))
    const killer = asked.find(({ id }) => after.get(id)?.includes('violated') === true)
    if (killer !== undefined) found.set(fault.id, killer)
  }
  return found
}

/** What holds for all inputs is not changed by drawing the rows again. */
const isOfRows = ({ clause }: Instance): boolean => clause.form !== 'forall'

async function verdicts(
  { instances }: Planting,
  asking: Planting['asking'],
  ids: ReadonlySet<string>,
  wanted: (instance: Instance) => boolean = () => true,
): Promise<ReadonlyMap<string, readonly Statement['verdict'][]>> {
  const asked = instances.filter((each) => ids.has(each.clause.id) && wanted(each))
  const found = new Map<string, Statement['verdict'][]>()
  if (asked.length === 0) return found
  for (const { clause, verdict } of await ask(asking, asked)) found.set(clause, [...(found.get(clause) ?? []), verdict])
  return found
}

/** What compiles beside the spec: all at once where it does, else by halves. */
export function compilingOf<T>(
  request: Planting['request'],
  all: readonly T[],
  yamlOf: (each: T) => string,
): readonly T[] {
  if (all.length === 0 || request.withClause?.(all.map(yamlOf).join('')) !== undefined) return all
  if (all.length === 1) return []
  const half = all.length >> 1
  return [...compilingOf(request, all.slice(0, half), yamlOf), ...compilingOf(request, all.slice(half), yamlOf)]
}
