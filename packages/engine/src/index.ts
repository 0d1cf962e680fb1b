export { type DataStageEvent, type DataStageRequest, runDataStage } from './data-stage.ts'
export type { DataPlan, Pass, PlannedRelation, PlanRequest } from './planning/data-plan.ts'
export { planTest } from './planning/data-plan.ts'
export type { FetchedValues } from './planning/fetched.ts'
export { openSession, type Session, type SessionOptions } from './duckdb/session.ts'
export type { ModelFile } from './model-stage/model-shelf.ts'
export type { ModelStageEvent } from './model-stage/run-model-stage.ts'
export * from './draft/index.ts'
export * from './segments/find-weak-segments.ts'
export * from './profile/index.ts'
export { openOnnxModel, type OnnxModel } from './models/onnx-runner.ts'
export type { ColumnData } from './models/column-data.ts'
export { identifyModel } from './models/identity.ts'
export type { RunnerPorts } from './models/open-runner.ts'
export { isFiniteAnswer } from './models/predictions.ts'
export { type OutputRequest, outputRequests } from './models/output-binding.ts'
export { datasetDigest, type DatasetSource, datasetSource } from './relations/dataset-digest.ts'
export type { SourceFile } from './relations/source-files.ts'
export type { KeptStates } from './states/state-folder.ts'
export { testProgram, type TestRequest } from './test-program.ts'
export {
  logColumns,
  type GuardOutcome,
  type LogColumn,
  type LogColumns,
  type LogKind,
  SERVED,
} from './requests/columns.ts'
export { requestLogFailureText, type LogResult, type RequestLogFailure } from './requests/failure.ts'
export {
  openRequestLog,
  type RequestLog,
  type RequestLogLimits,
  type RequestLogOptions,
  type RequestLogState,
} from './requests/request-log.ts'
export type { LogCells, LoggedRow } from './requests/row-text.ts'
export { type OpenRequests, type RequestsReader, requestsReader } from './requests/open-requests.ts'
export type { RequestsReaderOptions, RequestsRequest } from './requests/read-request-rows.ts'
export { type LabelledRequest, type LabelledRows, writeLabelled } from './requests/write-labelled.ts'
export type { RequestsSummary } from './requests/request-summary.ts'
export { type DeclaredRequests, declaredRequests, logColumnsOf } from './requests/request-columns.ts'
export { type RowsWanted, rowsWanted } from './requests/request-rows.ts'
export type { LabelCounts } from './requests/labels.ts'
export type { ClosedState } from './requests/closed-segments.ts'
export {
  runReleaseStage,
  type ReleaseStageEvent,
  type ReleaseStageRequest,
  type StageCandidate,
  type StagedCandidate,
} from './release/run-release-stage.ts'
export { probeVersion, type VersionProbe } from './release/probe-version.ts'
export type * from './release/staged.ts'
export { type Arrivals, nothingSeen, type SeenLog } from './runtime-stage/arrivals.ts'
export type { WindowDecision } from './runtime-stage/decide-window.ts'
export type { LabelCount, LabelCounts as WindowLabelCounts } from './runtime-stage/label-counts.ts'
export {
  openRuntimeStage,
  type RuntimeStage,
  type RuntimeStageOptions,
  type WindowRequest,
  type WindowSnapshot,
} from './runtime-stage/open-runtime-stage.ts'
export type { MutationEvent, MutationRequest } from './mutation/mutation-request.ts'
export { type MutationOutcome, type MutationRun, runMutation } from './mutation/run-mutation.ts'
export { type PairsRequest, untestedPairs } from './pairs/untested-pairs.ts'
export type { FrozenData, FrozenDataset } from './runtime-stage/references.ts'
export { openDuckdbImplementation } from './fuzz/duckdb.ts'
export { nodeJavascript } from './fuzz/javascript.ts'
export { type OpenedPostgresql, openPostgresqlImplementation } from './fuzz/postgresql-client.ts'
