import {
  clockMark,
  decideGate,
  type EnvironmentName,
  type Evidence,
  type GateDecision,
  type Program,
} from '@plumbline/core'
import { datasetDigest } from '@plumbline/engine'
import type { CommandContext } from '../context.ts'
import { type Outcome, success } from '../failure.ts'
import type { ExitCode } from '../exit-codes.ts'
import { reportFailure } from '../report-failure.ts'
import { readyProgram } from './ready.ts'
import { appendRecords, openState, type ProjectState, readEvidence, toJson } from './state.ts'
import { findModels, type ModelFiles, versionsOf } from './versions.ts'
import { type Proposed, weakeningsOf } from './weakening.ts'

/** A decision of the gate and what it was about. */
export interface Decided {
  readonly environment: EnvironmentName
  /** When it was decided, by the clock of the host; a simulated one is named. */
  readonly when: { readonly at: string; readonly clock?: 'simulated' }
  readonly decision: GateDecision
  readonly files: ModelFiles
  readonly evidence: readonly Evidence[]
  /** Digest of each dataset that can be read. */
  readonly data: Readonly<Record<string, string>>
}

/** A project as it stands now: its versions, its evidence, and the digest of each dataset that can be read. */
export interface Standing {
  readonly files: ModelFiles
  readonly evidence: readonly Evidence[]
  readonly data: Readonly<Record<string, string>>
}

/** Hashes data and models, and reads the evidence. */
export async function asItStands(
  context: CommandContext,
  program: Program,
  state: ProjectState,
  candidate: string | undefined,
): Promise<Outcome<Standing>> {
  const files = await findModels(context, program, state, candidate)
  if (!files.ok) return files
  const evidence = await readEvidence(state.ledger)
  if (!evidence.ok) return evidence
  const data: Record<string, string> = {}
  for (const dataset of program.datasets) {
    const digest = await datasetDigest(context.root, dataset)
    if (digest !== undefined) data[dataset.name] = digest
  }
  return success({ files: files.value, evidence: evidence.value, data })
}

/** Asks the gate about the project as it stands now: data and models are hashed, evidence is read. */
export async function decide(
  context: CommandContext,
  { program, sources, base }: Proposed,
  state: ProjectState,
  candidate: string | undefined,
  environment: EnvironmentName = 'production',
): Promise<Outcome<Decided>> {
  const standing = await asItStands(context, program, state, candidate)
  if (!standing.ok) return standing
  const { files, evidence, data } = standing.value
  // What is tried in staging may be weaker; what goes to production may not be so in silence.
  const changes =
    environment === 'production'
      ? await weakeningsOf(context, state, { program, sources, ...(base === undefined ? {} : { base }) })
      : success(undefined)
  if (!changes.ok) return changes
  // Most specs accept none, and then nothing is read.
  const accepting = program.clauses.some(({ accepts = [] }) => accepts.length > 0)
  const foreign = accepting
    ? await (await import('../tracing/foreign-results.ts')).recordedResults(state, program)
    : success([])
  if (!foreign.ok) return foreign
  const decision = decideGate(program, evidence, {
    versions: versionsOf(files),
    data,
    stages: program.release[environment].requires,
    environment,
    foreign: foreign.value,
    ...(changes.value === undefined ? {} : { changes: changes.value }),
  })
  const { clock } = context.host
  const when = { at: new Date(clock.now()).toISOString(), ...clockMark(clock) }
  return success({ environment, when, decision, files, evidence, data })
}

/** The gate's answer about a project, ready to be acted on. */
export interface Subject extends Decided {
  readonly program: Program
  readonly state: ProjectState
}

/** Compiles the spec and asks the gate about a candidate; or the exit code, after what stopped it was said. */
export async function readySubject(
  context: CommandContext,
  candidateOf: (state: ProjectState) => string | undefined | Promise<string | undefined>,
  environment: EnvironmentName = 'production',
  base?: string,
): Promise<Subject | { readonly exit: ExitCode }> {
  const ready = await readyProgram(context)
  return 'exit' in ready ? ready : subjectOf(context, ready, candidateOf, environment, base)
}

/** The same about a spec that is compiled. */
export async function subjectOf(
  context: CommandContext,
  { program, sources }: Pick<Proposed, 'program' | 'sources'>,
  candidateOf: (state: ProjectState) => string | undefined | Promise<string | undefined>,
  environment: EnvironmentName = 'production',
  base?: string,
): Promise<Subject | { readonly exit: ExitCode }> {
  const state = openState(context)
  const proposed = { program, sources, ...(base === undefined ? {} : { base }) }
  const decided = await decide(context, proposed, state, await candidateOf(state), environment)
  if (!decided.ok) return { exit: reportFailure(context, decided.failure) }
  return { program, state, ...decided.value }
}

/** Records a decision; the registry promotes only on such a record. */
export function recordDecision(
  { state, program, environment, when, decision, files }: Subject,
  /** Digest of the kept spec, where the version is to be promoted. */
  keptSpec?: string,
): ReturnType<typeof appendRecords> {
  const record = {
    model: 'champion',
    environment,
    candidate: files.candidate?.digest ?? null,
    open: decision.open,
    spec: program.spec,
    reasons: decision.reasons,
    supporting: decision.supporting,
    ...(decision.waived === undefined ? {} : { waived: decision.waived }),
    ...(decision.foreign === undefined ? {} : { foreign: decision.foreign }),
    ...(decision.named === undefined ? {} : { named: decision.named }),
    ...(keptSpec === undefined ? {} : { keptSpec }),
    ...when,
  }
  return appendRecords(state.ledger, [{ ...toJson(record), kind: 'gate' }])
}
