import type { Clause, Stage } from '../clause/clause.ts'
import { type Instance, instanceName, instancesOf } from '../clause/instances.ts'
import type { EnvironmentName } from '../clause/production.ts'
import type { Program } from '../clause/program.ts'
import { bindRoles, modelsOf, type Versions } from '../clause/roles.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { GateDecision, GateReason, NamedVersion, Waived } from './decision.ts'
import { explainVerdict } from './explain.ts'
import { type CountedForeign, foreignAnswer, type RecordedResult } from './foreign.ts'

/** What is about to be released. */
export interface Release {
  readonly versions: Versions
  /** Digest of each dataset as it stands now, by dataset name. */
  readonly data: Readonly<Record<string, string>>
  /** Stages whose clauses must hold: what the environment requires (`Program.release`). */
  readonly stages: readonly Stage[]
  /** Where it is released to; production unless said otherwise. */
  readonly environment?: EnvironmentName
  /** What is weaker than in the spec of the version in production: refused, or waived. */
  /** Recorded results of other tools; they count for clauses that accept the tool, and only for what stood when they were recorded. */
  readonly foreign?: readonly RecordedResult[]
  readonly changes?: { readonly refused: readonly GateReason[]; readonly waived: readonly Waived[] }
}

/**
 * Clauses × evidence → decision. Deny by default: the gate opens only when every blocking instance of the stages has
 * evidence `satisfied` for exactly the digests being released. `skipped: no-champion` alone does not close it.
 */
export function decideGate(program: Program, evidence: readonly Evidence[], release: Release): GateDecision {
  const reasons: GateReason[] = unenforcedKeys(program, release.environment).map((key) => ({
    code: 'unenforced',
    message: `The spec declares \`${key}\`, which this version does not enforce and which could add a requirement.`,
    change: `Remove \`${key}\` from the spec, or wait for a version that enforces it.`,
  }))
  reasons.push(...(release.changes?.refused ?? []))
  const supporting: string[] = []
  const notes: Evidence[] = []
  const foreign: CountedForeign[] = []
  const named = new Map<string, NamedVersion>()
  const instances = instancesOf(program, release.stages)
  const byInstance = Map.groupBy(evidence, (e) =>
    instanceKey(e.statement.clause, e.statement.relation, e.statement.slice),
  )
  let blocking = 0
  let decided = 0
  for (const instance of instances) {
    const found = byInstance.get(instanceKey(instance.clause.id, instance.relation, instance.slice.name)) ?? []
    const answer = decideInstance(program, instance, found, release)
    if (instance.clause.severity !== 'block') {
      if (answer.evidence !== undefined && answer.reason !== undefined) notes.push(answer.evidence)
      continue
    }
    blocking++
    if (answer.foreign !== undefined) foreign.push(...answer.foreign)
    else if (answer.reason !== undefined) reasons.push(answer.reason)
    else if (answer.evidence !== undefined) {
      supporting.push(answer.evidence.id)
      const { statement } = answer.evidence
      if (statement.verdict !== 'satisfied') continue
      decided++
      for (const [model, { says }] of Object.entries(statement.runners ?? {}))
        if (says['version by'] === 'name') named.set(model, { model, version: says['version'] ?? '' })
    }
  }
  if (blocking === 0 || (reasons.length === 0 && decided === 0)) {
    reasons.push({
      code: 'no-blocking-clause',
      message:
        blocking === 0
          ? 'No clause of these stages blocks, so nothing can open the gate.'
          : 'No blocking clause was decided, so nothing opens the gate.',
      change: 'Give at least one clause `severity: block` (the default).',
    })
  }
  const waived = release.changes?.waived ?? []
  return {
    open: reasons.length === 0,
    reasons,
    supporting,
    notes,
    ...(waived.length === 0 ? {} : { waived }),
    ...(foreign.length === 0 ? {} : { foreign }),
    ...(named.size === 0 ? {} : { named: [...named.values()] }),
  }
}

/** What production declares and nothing enforces keeps production closed, and not the environment before it. */
function unenforcedKeys({ unenforced }: Program, environment: EnvironmentName = 'production'): readonly string[] {
  return environment === 'production' ? unenforced : unenforced.filter((key) => !key.startsWith('release.production.'))
}

/** The command that tests the clauses of a stage. */
const testing = (stage: Stage): string => (stage === 'release' ? '`plumb test --stage release`' : '`plumb test`')

interface Answer {
  readonly reason?: GateReason
  readonly evidence?: Evidence
  /** It has no evidence, and these results stand for it. */
  readonly foreign?: readonly CountedForeign[]
}

const instanceKey = (clause: string, relation: string, slice: string): string =>
  JSON.stringify([clause, relation, slice])

function decideInstance(program: Program, instance: Instance, found: readonly Evidence[], release: Release): Answer {
  const about = { clause: instance.clause.id, relation: instance.relation, slice: instance.slice.name }
  const name = instanceName(about)
  if (instance.clause.unenforced !== undefined) {
    return {
      reason: {
        code: 'unenforced',
        ...about,
        message: `${name}: ${instance.clause.unenforced}.`,
        change: 'Lower its severity to warn, or wait for a version that enforces it.',
      },
    }
  }
  const binding = bindRoles({ models: modelsOf(instance.clause, instance.relation) }, release.versions)
  if (binding.kind === 'unbound' && binding.reason !== 'no-champion') {
    return {
      reason: {
        code: 'no-candidate',
        ...about,
        message: `${name} needs the model \`${binding.model}\`, and there is none.`,
        change: 'Train one, or name it with --candidate FILE.',
      },
    }
  }
  const { candidate, production } = release.versions
  if (binding.kind === 'unbound' && candidate === production) return {}
  const models = binding.kind === 'bound' ? binding.models : undefined
  const fitting = found.filter((e) => fits(program, e, instance, models, release))
  if (fitting.length === 0) {
    const accepted = byForeign(program, instance, about, name, release)
    if (accepted !== undefined) return accepted
    const stale = found.at(-1)
    if (stale === undefined)
      return {
        reason: {
          code: 'no-evidence',
          ...about,
          message: `${name} was never tested.`,
          change: `Run ${testing(instance.stage)}.`,
        },
      }
    return {
      reason: {
        code: 'stale-evidence',
        ...about,
        message: `${name} was tested, but not as it stands now: ${whatChanged(program, stale, instance, models, release)}.`,
        change: `Run ${testing(instance.stage)} again.`,
      },
    }
  }
  const counting = fitting.filter((e) => e.statement.exploratory === undefined)
  const last = counting.at(-1)
  if (last === undefined) {
    return {
      reason: {
        code: 'exploratory-evidence',
        ...about,
        message: `${name} was tested only with --seed, which opens nothing.`,
        change: 'Run `plumb test` without --seed.',
      },
    }
  }
  // An interruption says nothing about the question: what was decided on the same digests before it still holds.
  const told = counting.filter((e) => !wasInterrupted(e))
  return judge(instance, about, name, counting, told.at(-1) ?? last)
}

/** What results of tools that the clause accepts say where there is no evidence; undefined where they say nothing. */
function byForeign(
  program: Program,
  instance: Instance,
  about: { readonly clause: string; readonly relation: string; readonly slice: string },
  name: string,
  release: Release,
): Answer | undefined {
  const answer = foreignAnswer(program, instance, release)
  if (answer === undefined) return undefined
  switch (answer.kind) {
    case 'satisfied':
      return {
        foreign: answer.by.map(({ tool, name: test, file, digest }) => ({ ...about, tool, name: test, file, digest })),
      }
    case 'stale':
      return {
        reason: {
          code: 'stale-evidence',
          ...about,
          message: `${name} is answered by results of other tools only, recorded when something else stood there.`,
          change: `Run those tests again and record them (\`plumb trace --results FILE\`), or run ${testing(instance.stage)}.`,
        },
      }
    default:
      return {
        reason: {
          code: answer.kind,
          ...about,
          verdict: answer.kind,
          message: `${name}: ${answer.by.tool} says that ${answer.by.name} ${answer.kind === 'error' ? 'could not run' : 'failed'} (foreign, ${answer.by.file}).`,
          change: `Mend what that test found and record its results again, or run ${testing(instance.stage)}.`,
        },
      }
  }
}

function wasInterrupted({ statement }: Evidence): boolean {
  return statement.verdict === 'skipped' && statement.reason === 'interrupted'
}

function judge(
  instance: Instance,
  about: Pick<GateReason, 'clause' | 'relation' | 'slice'>,
  name: string,
  counting: readonly Evidence[],
  last: Evidence,
): Answer {
  const { statement } = last
  const verdicts = new Set(
    counting.map((e) => e.statement.verdict).filter((v) => v === 'satisfied' || v === 'violated'),
  )
  if (verdicts.size > 1 && !isTimed(instance.clause)) {
    const reason: GateReason = {
      code: 'contradictory-evidence',
      ...about,
      message: `${name} has both satisfied and violated evidence for the same digests.`,
      change: 'Find out why two runs of the same thing differ; evidence is never deleted.',
      evidence: last.id,
    }
    return { reason, evidence: last }
  }
  if (statement.verdict === 'satisfied') {
    const unpinned = Object.entries(statement.digests.data).find(([, digest]) => digest === 'unpinned')
    const nameless = Object.entries(statement.runners ?? {}).find(
      ([, { kind, says }]) => kind === 'http' && says['version'] === undefined,
    )
    if (nameless !== undefined)
      return {
        evidence: last,
        reason: {
          code: 'unpinned-model',
          ...about,
          verdict: 'satisfied',
          message: `${name} was tested on \`${nameless[0]}\`, whose server does not say which version answers.`,
          change:
            nameless[1].says['protocol'] === 'openai-chat'
              ? `Write \`version: ${nameless[1].says['model'] ?? 'NAME'}\` in its artifact, the name that the chat gives itself in each answer: it is then held to it. A name is weaker than a digest, and evidence says so.`
              : 'Have a server state the version (Open Inference Protocol V2), or run the files of the model by a command.',
          evidence: last.id,
        },
      }
    if (unpinned === undefined) return { evidence: last }
    return {
      evidence: last,
      reason: {
        code: 'unpinned-data',
        ...about,
        verdict: 'satisfied',
        message: `${name} was tested on \`${unpinned[0]}\`, which has no digest.`,
        change: 'Test it on a snapshot.',
        evidence: last.id,
      },
    }
  }
  if (statement.verdict === 'skipped' && statement.reason === 'no-champion') return { evidence: last }
  return {
    evidence: last,
    reason: {
      code: statement.verdict,
      ...about,
      verdict: statement.verdict,
      ...explainVerdict(instance.clause, statement),
      evidence: last.id,
    },
  }
}

/** Time is measured anew in each run, so two runs may differ without either being wrong; the last one counts. */
function isTimed(clause: Clause): boolean {
  return clause.form === 'must' && clause.must.terms.some(({ fn }) => fn === 'latency_ms')
}

function fits(
  program: Program,
  e: Evidence,
  instance: Instance,
  models: Readonly<Record<string, string>> | undefined,
  release: Release,
): boolean {
  return whatChanged(program, e, instance, models, release) === ''
}

/** In words, what differs between the evidence and what is to be released; empty when nothing does. */
export function whatChanged(
  program: Program,
  e: Evidence,
  instance: Instance,
  models: Readonly<Record<string, string>> | undefined,
  release: Release,
): string {
  const { digests } = e.statement
  if (digests.clause !== instance.clause.digest) return 'the clause has changed'
  for (const [relation, digest] of Object.entries(digests.data)) {
    const declared = program.relations.find((r) => r.name === relation)
    const dataset = declared?.kind === 'data' || declared?.kind === 'model' ? declared.dataset : relation
    if (release.data[dataset] !== digest) return `the data of \`${dataset}\` has changed`
  }
  if (models === undefined) {
    const skipped = e.statement.verdict === 'skipped' && e.statement.reason === 'no-champion'
    if (!skipped) return 'the model in production has changed'
    const { challenger = release.versions.candidate } = digests.models
    return challenger === release.versions.candidate ? '' : 'it was another `challenger`'
  }
  for (const [role, digest] of Object.entries(models)) {
    if (digests.models[role] !== digest) return `it was another \`${role}\``
  }
  return ''
}
