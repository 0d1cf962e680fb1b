import { type Instance, instancesOf, type Program, type Stage, type Statement, type Versions } from '@plumbline/core'
import { type DataStageEvent, runDataStage } from './data-stage.ts'
import type { WitnessFolder } from './plan/witness-file.ts'
import type { SessionOptions } from './duckdb/session.ts'
import type { KeptStates } from './states/state-folder.ts'
import type { ModelFile } from './model-stage/model-shelf.ts'
import type { ModelStageEvent } from './model-stage/run-model-stage.ts'
import type { RunnerPorts } from './models/open-runner.ts'
import type { ReleaseStageEvent, StageCandidate } from './release/run-release-stage.ts'

/** What is tested, and on what. */
export interface TestRequest {
  readonly program: Program
  /** The project's directory. */
  readonly root: string
  readonly toolVersion: string
  readonly stages: readonly Stage[]
  readonly versions: Versions
  /** Every file that a version may be, by digest. */
  readonly files: ReadonlyMap<string, ModelFile>
  /** Instances to decide; default all of the stages. */
  readonly select?: (instance: Instance) => boolean
  /** Another seed; its evidence is exploratory and opens nothing. */
  readonly seed?: string
  readonly signal?: AbortSignal
  readonly onEvent?: (event: DataStageEvent | ModelStageEvent | ReleaseStageEvent) => void
  /** Brings the candidate up for the stage release; without it nothing of that stage can be measured. */
  readonly stageCandidate?: StageCandidate
  readonly session?: Omit<SessionOptions, 'signal'>
  /** Where failing rows of violated `every` clauses on data are kept; nowhere by default. */
  readonly witnessFolder?: WitnessFolder
  /** Where what files of a glob came to is kept, so that none is read twice; by default all rows are read. */
  readonly states?: KeptStates
  /** What models that are no files of this process are run with; without it they cannot be asked. */
  readonly runners?: RunnerPorts
}

/** Decides the instances of the stages that are built, data before models, models before a release; statements come as they are decided. */
export async function* testProgram(request: TestRequest): AsyncGenerator<Statement> {
  const mark = (statement: Statement): Statement =>
    request.seed === undefined ? statement : { ...statement, exploratory: true }
  // What reads models (ONNX and protobuf with it) is loaded where something is asked of one: it takes longer than a small table.
  const asks = (stage: Stage) => request.stages.includes(stage) && instancesOf(request.program, [stage]).length > 0
  if (request.stages.includes('data')) for await (const statement of runDataStage(request)) yield mark(statement)
  if (asks('model')) {
    const { runModelStage } = await import('./model-stage/run-model-stage.ts')
    for await (const statement of runModelStage(request)) yield mark(statement)
  }
  if (asks('release')) {
    const { runReleaseStage } = await import('./release/run-release-stage.ts')
    const { stageCandidate = nobody } = request
    for await (const statement of runReleaseStage({ ...request, stageCandidate })) yield mark(statement)
  }
}

const nobody: StageCandidate = () => Promise.resolve({ ok: false, cause: 'Nothing here can stage a candidate.' })
