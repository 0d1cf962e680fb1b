import { type Instance, instancesOf } from '../clause/instances.ts'
import type { Program } from '../clause/program.ts'
import { bindRoles, modelsOf } from '../clause/roles.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { type Release, whatChanged } from '../gate/gate.ts'

/** What the ledger says of one question as things stand now. */
export interface Answer {
  readonly instance: Instance
  /** The last evidence that speaks of the clause, the data and the versions as they are. */
  readonly evidence?: Evidence
  /** There is evidence, but of another clause, other data or another version. */
  readonly stale: boolean
}

/** The answer to each question of a program. Of production the last window counts, whatever version answered in it. */
export function answersOf(
  program: Program,
  evidence: readonly Evidence[],
  release: Omit<Release, 'stages'>,
): readonly Answer[] {
  const byQuestion = Map.groupBy(evidence, ({ statement: { clause, relation, slice } }) =>
    JSON.stringify([clause, relation, slice]),
  )
  return instancesOf(program, ['data', 'model', 'release', 'runtime']).map((instance) => {
    const found = (byQuestion.get(JSON.stringify([instance.clause.id, instance.relation, instance.slice.name])) ?? [])
      .filter(({ statement }) => statement.exploratory === undefined)
      .filter(({ statement }) => statement.verdict !== 'skipped' || statement.reason !== 'interrupted')
    const current = found.filter((each) => speaksOfNow(program, each, instance, release)).at(-1)
    if (current !== undefined) return { instance, evidence: current, stale: false }
    return { instance, stale: found.length > 0 }
  })
}

function speaksOfNow(
  program: Program,
  evidence: Evidence,
  instance: Instance,
  release: Omit<Release, 'stages'>,
): boolean {
  if (instance.stage === 'runtime') return evidence.statement.digests.clause === instance.clause.digest
  const binding = bindRoles({ models: modelsOf(instance.clause, instance.relation) }, release.versions)
  const models = binding.kind === 'bound' ? binding.models : undefined
  return whatChanged(program, evidence, instance, models, { ...release, stages: [instance.stage] }) === ''
}
