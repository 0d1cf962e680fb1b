import {
  type Digest,
  type Evidence,
  instanceName,
  type Program,
  type Statement,
  statementDifferences,
  type Versions,
} from '@plumbline/core'
import { datasetDigest, type ModelFile, type StageCandidate, testProgram } from '@plumbline/engine'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { readyProgram } from '../project/ready.ts'
import { openState, type ProjectState, readEvidence } from '../project/state.ts'
import { runnerPorts } from '../project/run-tests.ts'
import { findModels } from '../project/versions.ts'
import { reportFailure } from '../report-failure.ts'
import { oneLine } from '../terminal/one-line.ts'

/** `plumb replay`: decides the question of a piece of evidence again, on the same digests, and compares. */
export async function replay(
  context: CommandContext,
  args: readonly string[],
  options: Readonly<Record<string, unknown>> = {},
): Promise<ExitCode> {
  const ready = await readyProgram(context)
  if ('exit' in ready) return ready.exit
  const state = openState(context)
  const found = await findEvidence(state, args[0] ?? '')
  if (!found.ok) return reportFailure(context, found.failure)
  const evidence = found.value
  const { statement } = evidence
  if (statement.exploratory === true) {
    return reportFailure(
      context,
      failure(
        'replay/exploratory',
        'This evidence was made with --seed and cannot be replayed.',
        'Its seed is not that of its digests.',
        'Run `plumb test` without --seed, and replay that.',
      ).failure,
    )
  }
  if (statement.stage === 'runtime') {
    const { replayWindow } = await import('../watching/replay-window.ts')
    const window = await replayWindow(context, ready.program, state, evidence)
    return window.ok ? report(context, evidence, window.value) : reportFailure(context, window.failure)
  }
  const inputs = await sameInputs(context, ready.program, state, evidence)
  if (!inputs.ok) return reportFailure(context, inputs.failure)
  const select = (instance: {
    readonly clause: { readonly id: string }
    readonly relation: string
    readonly slice: { readonly name: string }
  }): boolean =>
    instance.clause.id === statement.clause &&
    instance.relation === statement.relation &&
    instance.slice.name === statement.slice
  for await (const again of testProgram({
    program: ready.program,
    root: context.root,
    toolVersion: statement.digests.tool,
    stages: [statement.stage],
    ...inputs.value,
    ...(await staging(context, ready.program, state, evidence, inputs.value)),
    select,
    signal: context.signal,
    runners: runnerPorts(context, options['trust'] === true),
  })) {
    return report(context, evidence, again)
  }
  return reportFailure(
    context,
    failure(
      'replay/gone',
      `${instanceName(statement)} is no longer asked by the spec.`,
      'The spec has changed since.',
      'Check out the version of the spec that the evidence names.',
    ).failure,
  )
}

/** Says whether a verdict was confirmed. */
function report(context: CommandContext, evidence: Evidence, again: Statement): ExitCode {
  const { statement } = evidence
  const before = { ...statement, digests: { ...statement.digests, spec: again.digests.spec } }
  const differences = isTimed(statement) ? verdictDifference(before, again) : statementDifferences(before, again)
  if (context.json)
    context.out(
      `${JSON.stringify({ id: evidence.id, confirmed: differences.length === 0, verdict: again.verdict, differences }, null, 2)}\n`,
    )
  else show(context, evidence, again.verdict, differences)
  return differences.length === 0 ? EXIT.ok : EXIT.violated
}

/** Times are measured anew, and are never the same to the last digit: what is repeated is the verdict. */
const isTimed = ({ stage, form }: Statement): boolean => stage === 'release' && form === 'must'

const verdictDifference = (before: Statement, again: Statement): readonly string[] =>
  before.verdict === again.verdict ? [] : ['verdict']

/** What a question of the stage release is asked of: the version that was staged then. */
async function staging(
  context: CommandContext,
  program: Program,
  state: ProjectState,
  { statement }: Evidence,
  { versions, files }: Inputs,
): Promise<{ readonly stageCandidate?: StageCandidate }> {
  if (statement.stage !== 'release') return {}
  const { candidateStager } = await import('../staging/stage-candidate.ts')
  const digest = versions.candidate as Digest | undefined
  const path = files.get(digest ?? '')?.path
  const candidate = digest === undefined || path === undefined ? undefined : { path, digest }
  return { stageCandidate: candidateStager(context, program, state, candidate) }
}

function show(
  context: CommandContext,
  { id, statement, run }: Evidence,
  verdict: string,
  differences: readonly string[],
): void {
  const { green, red, dim } = context.style
  if (differences.length === 0)
    context.out(`${green('✓')} ${oneLine(instanceName(statement))}: ${verdict} again, as on ${run.at}\n  ${dim(id)}\n`)
  else
    context.out(
      `${red('✗')} ${oneLine(instanceName(statement))}: was ${statement.verdict}, is ${verdict}\n  differs in: ${differences.join(', ')}\n`,
    )
}

async function findEvidence(state: ProjectState, id: string): Promise<Outcome<Evidence>> {
  const all = await readEvidence(state.ledger)
  if (!all.ok) return all
  const wanted = id.replace(/^sha256:/, '')
  const found = wanted.length < 6 ? [] : all.value.filter((e) => e.id.slice('sha256:'.length).startsWith(wanted))
  const ids = new Set(found.map((e) => e.id))
  const last = found.at(-1)
  if (last === undefined)
    return failure(
      'replay/unknown-evidence',
      `There is no evidence \`${id}\`.`,
      'An id, or at least six digits of its beginning, is needed.',
      'See `plumb explain CLAUSE` for the ids of a clause.',
    )
  if (ids.size > 1)
    return failure(
      'replay/ambiguous',
      `\`${id}\` is the beginning of ${ids.size} ids.`,
      'Only one can be replayed.',
      'Give more digits.',
    )
  return success(last)
}

interface Inputs {
  readonly versions: Versions
  readonly files: ReadonlyMap<string, ModelFile>
}

/** The data and models of the evidence, or which of them is not there any more. */
async function sameInputs(
  context: CommandContext,
  program: Program,
  state: ProjectState,
  { statement }: Evidence,
): Promise<Outcome<Inputs>> {
  const clause = program.clauses.find((c) => c.id === statement.clause)
  const changed = (what: string, fix: string): Outcome<never> =>
    failure(
      'replay/changed',
      `${what} is not what it was when the evidence was made.`,
      'A verdict can be repeated only on the same digests.',
      fix,
    )
  if (clause?.digest !== statement.digests.clause)
    return changed(`The clause \`${statement.clause}\``, 'Check out the version of the spec that the evidence names.')
  for (const [relation, digest] of Object.entries(statement.digests.data)) {
    const declared = program.relations.find((r) => r.name === relation)
    const name = declared?.kind === 'data' || declared?.kind === 'model' ? declared.dataset : relation
    const dataset = program.datasets.find((d) => d.name === name)
    if (dataset === undefined || (await datasetDigest(context.root, dataset)) !== digest)
      return changed(`The data of \`${name}\``, 'Restore the file the evidence names.')
  }
  const files = new Map<string, ModelFile>()
  const current = await findModels(context, program, state, undefined)
  const known = current.ok
    ? [current.value.candidate, current.value.production, ...Object.values(current.value.others)]
    : []
  for (const [role, digest] of Object.entries(statement.digests.models)) {
    const here = known.find((f) => f?.digest === digest)
    if (here?.identity !== undefined) {
      files.set(digest, here)
      continue
    }
    const path = here?.path ?? state.artifacts.path(digest as `sha256:${string}`)
    const stat = await context.host.files.digest(path)
    const start = await context.host.files.readRange(path, 0, 1)
    // What identified a command or a server is kept, too, as JSON; that it is not what stands here now says that it has changed.
    const wasAsked = start.ok && new TextDecoder().decode(start.value) === '{'
    if (!stat.ok || stat.value !== digest || wasAsked)
      return changed(`The model \`${role}\``, 'Its bytes are neither in the project nor among the artifacts kept.')
    files.set(digest, { path, digest })
  }
  return success({ versions: versionsOf(statement.digests.models), files })
}

/** The versions that bind the roles as they were bound. */
function versionsOf(models: Readonly<Record<string, string>>): Versions {
  const { champion, challenger, ...others } = models
  if (challenger !== undefined)
    return { candidate: challenger, ...(champion === undefined ? {} : { production: champion }), others }
  return { ...(champion === undefined ? {} : { candidate: champion }), others }
}
