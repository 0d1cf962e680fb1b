import { join } from 'node:path'
import type { Evidence, Instance, Program, RunInfo, Stage, Statement } from '@plumbline/core'
import { clockMark, makeEvidence, visible } from '@plumbline/core'
import {
  type KeptStates,
  type RunnerPorts,
  type SessionOptions,
  type StageCandidate,
  testProgram,
} from '@plumbline/engine'
import type { CommandContext } from '../context.ts'
import { type Outcome, success } from '../failure.ts'
import { appendRecords, evidenceBody, type ProjectState, readEvidence } from './state.ts'
import { type ModelFiles, versionsOf } from './versions.ts'

/** What a test run decides. */
export interface TestRun {
  readonly program: Program
  readonly stages: readonly Stage[]
  readonly models: ModelFiles
  readonly select?: (instance: Instance) => boolean
  readonly seed?: string
  /** Programs and servers that the spec names for its models may be asked; recorded. */
  readonly trusted?: boolean
  /** Needed for the stage release. */
  readonly stageCandidate?: StageCandidate
  /** Memory and files of the data engine. */
  readonly session?: Omit<SessionOptions, 'signal'>
  /** Every file is measured again, whatever was kept. */
  readonly anew?: boolean
}

/** Statements are written in groups, so that an interruption loses at most the group being decided. */
const GROUP = 64

/** Decides, writes evidence to the ledger as it goes, and gives all of it. What was decided before an interruption is kept. */
export async function runTests(
  context: CommandContext,
  state: ProjectState,
  run: TestRun,
): Promise<Outcome<readonly Evidence[]>> {
  const earlier = await readEvidence(state.ledger)
  if (!earlier.ok) return earlier
  const looks = lookCounter(earlier.value)
  const session = sessionName(context.host)
  const evidence: Evidence[] = []
  let group: Evidence[] = []
  const write = async () => {
    const written = await appendRecords(state.ledger, group.map(evidenceBody))
    if (written.ok) evidence.push(...group)
    group = []
    return written
  }
  let began = context.host.clock.monotonic()
  for await (const statement of statementsOf(context, run)) {
    const now = context.host.clock.monotonic()
    group.push(
      makeEvidence(looks(statement), {
        ...runInfo(context, session, now - began),
        ...(run.trusted === true ? { trusted: true as const } : {}),
      }),
    )
    began = now
    if (group.length < GROUP) continue
    const written = await write()
    if (!written.ok) return written
  }
  const written = await write()
  context.progress('')
  return written.ok ? success(evidence) : written
}

/** Failing rows of violated clauses, one file each: those of the last run. */
const WITNESSES = '.plumb/witnesses'

/** Where what files of a glob came to is kept. All of it may be removed at any time. */
export function keptStates({ host, root }: Pick<CommandContext, 'host' | 'root'>, anew: boolean): KeptStates {
  return { host, path: join(root, '.plumb', 'states'), ...(anew ? { anew: true } : {}) }
}

function statementsOf(
  context: CommandContext,
  { program, stages, models, select, seed, stageCandidate, session, trusted = false, anew = false }: TestRun,
): AsyncGenerator<Statement> {
  const files = [models.candidate, models.production, ...Object.values(models.others)].filter((f) => f !== undefined)
  return testProgram({
    program,
    root: context.root,
    states: keptStates(context, anew),
    witnessFolder: { path: join(context.root, WITNESSES), name: WITNESSES },
    toolVersion: context.toolVersion,
    stages,
    versions: versionsOf(models),
    files: new Map(files.map((f) => [f.digest, f])),
    signal: context.signal,
    runners: runnerPorts(context, trusted),
    onEvent: (event) => {
      if (event.kind === 'relation-begun') context.progress(`${event.relation}: ${event.instances} questions`)
      if (event.kind === 'statement-progress' && event.tasks > 0)
        context.progress(`${visible(event.engine)}: ${event.done} of ${event.tasks} tasks of a statement`)
      if (event.kind === 'undeclared-columns') {
        context.progress('')
        context.err(
          `info: ${event.dataset} has columns that the spec does not declare: ${firstOf(event.columns.map(visible))}\n`,
        )
      }
      if (event.kind === 'source-read') {
        context.progress('')
        if (event.said.length > 0)
          context.err(`info: ${event.dataset} is read as found: ${event.said.map(visible).join('; ')}\n`)
        for (const note of event.notes) context.err(`info: ${event.dataset}: ${visible(note)}\n`)
      }
      if (event.kind === 'partitions-measured') {
        const { dataset, files, measured, refused, merged, questions } = event
        context.progress('')
        context.err(
          `info: ${visible(dataset)}: ${files} files, of which ${measured.length} ${measured.length === 1 ? 'was' : 'were'} measured now; ${merged} of ${questions} questions are merged from them\n`,
        )
        if (refused.length > 0)
          context.err(
            `info: ${visible(dataset)}: what was kept of ${refused.map(visible).join(', ')} is not what was written; measured again\n`,
          )
      }
      if (event.kind === 'forall-begun') context.progress(`${event.clause}: for all inputs`)
      if (event.kind === 'staging') context.progress(`staging ${event.digest}`)
      if (event.kind === 'requests-begun') context.progress(`release: ${event.requests} requests`)
      if (event.kind === 'load-begun') context.progress(`release: ${event.requests} requests under load`)
    },
    ...(session === undefined ? {} : { session }),
    ...(stageCandidate === undefined ? {} : { stageCandidate }),
    ...(select === undefined ? {} : { select }),
    ...(seed === undefined ? {} : { seed }),
  })
}

/** What models that are no files are run with. Answers of chats are kept beside the ledger: they can be asked for again, at a price. */
export function runnerPorts({ host, root }: Pick<CommandContext, 'host' | 'root'>, trusted: boolean): RunnerPorts {
  return { host, root, trusted, cache: join(root, '.plumb', 'answers') }
}

/** A name for all that one process decides. */
export function sessionName({ entropy }: Pick<CommandContext['host'], 'entropy'>): string {
  return [...entropy.bytes(8)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Where and when something is decided. */
export function runInfo(context: Pick<CommandContext, 'host'>, session: string, durationMs: number): RunInfo {
  return {
    at: new Date(context.host.clock.now()).toISOString(),
    durationMs: Math.round(durationMs * 1000) / 1000,
    host: { os: process.platform, arch: process.arch, node: process.versions.node },
    ...clockMark(context.host.clock),
    session,
  }
}

/** Counts how often an estimate was already made on the same data, for whichever model: each look is a chance to be lucky. */
function lookCounter(earlier: readonly Evidence[]): (statement: Statement) => Statement {
  const seen = new Map<string, number>()
  const keyOf = ({ clause, relation, slice, digests }: Statement): string =>
    JSON.stringify([clause, relation, slice, digests.data])
  for (const { statement } of earlier)
    if (statement.method === 'interval') seen.set(keyOf(statement), (seen.get(keyOf(statement)) ?? 0) + 1)
  return (statement) =>
    statement.method === 'interval' ? { ...statement, looks: (seen.get(keyOf(statement)) ?? 0) + 1 } : statement
}

/** Of a table of hundreds of columns nobody reads all names. */
const NAMES = 20

function firstOf(names: readonly string[]): string {
  const more = names.length - NAMES
  return names.slice(0, NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
