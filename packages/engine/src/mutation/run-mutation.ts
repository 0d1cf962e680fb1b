import {
  type Control,
  type ControlResult,
  type Fault,
  type FaultResult,
  type Instance,
  instancesOf,
  judgedRelations,
  planControls,
  planFaults,
  type Program,
  type SpecResult,
  type Statement,
  touches,
} from '@plumbline/core'
import { family } from '../data-stage.ts'
import { openSession } from '../duckdb/session.ts'
import type { ImagePaths } from '../images/image-columns.ts'
import { imageFiles } from '../images/image-files.ts'
import { modelShelf } from '../model-stage/model-shelf.ts'
import { type Asking, ask } from './ask.ts'
import { openBaseData } from './base-data.ts'
import type { MutationRequest } from './mutation-request.ts'
import { controlAsking, type Planting, withFault } from './planting.ts'
import { proposalsFor } from './proposals.ts'
import { type Answers, answersOf, type Judged, reactions } from './reactions.ts'
import { weakenedClauses } from './weakened-clauses.ts'

/** What was measured; complete unless interrupted. */
export interface MutationRun {
  readonly faults: readonly FaultResult[]
  readonly controls: readonly ControlResult[]
  readonly spec: readonly SpecResult[]
  /** Questions that are satisfied without any fault, of how many that were asked: only those can notice one. */
  readonly baseline: { readonly satisfied: number; readonly asked: number; readonly unheld: readonly Unheld[] }
  readonly interrupted: boolean
}

/** A question that no fault was planted for and that is not satisfied all the same: it can notice none. */
export interface Unheld {
  readonly clause: string
  readonly relation: string
  readonly slice: string
  readonly verdict: Statement['verdict']
  /** Of an error. */
  readonly cause?: string
}

/** A run, or why none could begin. */
export type MutationOutcome =
  | { readonly ok: true; readonly value: MutationRun }
  | { readonly ok: false; readonly cause: string }

/** Plants faults one after the other and asks what each can touch. What was measured before an interruption is kept. */
export async function runMutation(request: MutationRequest): Promise<MutationOutcome> {
  const { program, signal } = request
  const session = await openSession({ ...request.session, ...(signal === undefined ? {} : { signal }) })
  if (!session.ok) return { ok: false, cause: session.error.cause }
  const images: ImagePaths = new Map()
  const shelf = modelShelf(program, request.files, request.runners, imageFiles(request.root, images))
  try {
    const base = await openBaseData(program, request.root, session.value, images)
    const { root, toolVersion, versions, files } = request
    const served = servedRelation(program)
    const asking: Asking = {
      program,
      root,
      toolVersion,
      session: session.value,
      data: base.catalog,
      shelf,
      versions,
      files,
      signal,
      ...(served === undefined ? {} : { served: { relation: served, references: base.catalog } }),
    }
    const instances = instancesOf(program, ['data', 'model', 'runtime']).filter(
      ({ stage, relation }) => stage !== 'runtime' || (relation === 'requests' && served !== undefined),
    )
    return { ok: true, value: await plantAll({ request, session: session.value, base, asking, instances }) }
  } finally {
    await shelf.close()
    session.value.close()
  }
}

async function plantAll(planting: Planting): Promise<MutationRun> {
  const { request, asking, instances } = planting
  const { program, budget, signal } = request
  const planned = planFaults(program, budget).filter(
    (fault) => fault.group === 'data' || request.versions.candidate !== undefined,
  )
  const controls = planControls(budget)
  request.onEvent?.({ kind: 'planned', faults: planned.length, controls: controls.length })
  const before = answersOf(await ask(asking, askable(instances)))
  const run = { faults: [] as FaultResult[], controls: [] as ControlResult[], spec: [] as SpecResult[] }
  const total = planned.length + controls.length
  const kept: { readonly fault: Fault; readonly after: readonly Statement[] }[] = []
  for (const fault of planned) {
    if (signal?.aborted === true) break
    request.onEvent?.({ kind: 'asked', done: run.faults.length, of: total, what: fault.says })
    const { result, after } = await plantOne(planting, fault, before)
    // What an interruption cut short says nothing of the fault.
    if (isAborted(signal)) break
    run.faults.push(result)
    if (result.outcome === 'killed') kept.push({ fault, after })
  }
  for (const control of controls) {
    if (isAborted(signal)) break
    request.onEvent?.({ kind: 'asked', done: run.faults.length + run.controls.length, of: total, what: control.says })
    const result = await plantControl(planting, control, before)
    if (!isAborted(signal)) run.controls.push(result)
  }
  if (request.withClause !== undefined && !isAborted(signal)) {
    const survivors = run.faults.filter(({ outcome }) => outcome === 'survived' || outcome === 'undecided')
    const proposals = await proposalsFor(
      planting,
      survivors.map(({ fault }) => fault),
      controls,
    )
    run.faults = run.faults.map((result) => {
      const proposal = proposals.get(result.fault.id)
      return proposal === undefined ? result : { ...result, proposal }
    })
  }
  if (request.spec && !isAborted(signal)) run.spec.push(...(await weakenedClauses(planting, before, kept)))
  return {
    ...run,
    baseline: {
      satisfied: [...before.values()].filter(({ verdict }) => verdict === 'satisfied').length,
      asked: before.size,
      unheld: [...before.values()].flatMap(unheldOf),
    },
    interrupted: isAborted(signal),
  }
}

function unheldOf(statement: Statement): readonly Unheld[] {
  const { clause, relation, slice, verdict } = statement
  if (verdict === 'satisfied') return []
  return [{ clause, relation, slice, verdict, ...(verdict === 'error' ? { cause: statement.cause } : {}) }]
}

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true

/** Questions about `requests` are asked of rows with answers only where a fault is one of serving. */
function askable(instances: readonly Instance[]): readonly Instance[] {
  return instances.filter(
    ({ clause, stage }) => stage !== 'runtime' || ['every', 'must', 'always'].includes(clause.form),
  )
}

interface Planted {
  readonly result: FaultResult
  readonly after: readonly Statement[]
}

async function plantOne(planting: Planting, fault: Fault, before: Answers): Promise<Planted> {
  const { request, instances } = planting
  const touched = new Set(
    instances.filter((instance) => touches(request.program, fault, instance) && isSatisfied(before, instance)),
  )
  const none = { kills: [], undecided: [], asked: touched.size }
  const faulty = await withFault(planting, fault)
  if ('cause' in faulty)
    return { result: { fault, outcome: 'failed', changed: 0, ...none, cause: faulty.cause }, after: [] }
  // A model that was never asked has not changed an answer yet; whether it does shows when it is.
  if (fault.group !== 'model' && faulty.changed() === 0)
    return { result: { fault, outcome: 'unchanged', changed: 0, ...none }, after: [] }
  const after = touched.size === 0 ? [] : await ask(faulty.asking, family(instances, touched))
  const judged = reactions(before, after)
  const changed = faulty.changed()
  const result: FaultResult = {
    fault,
    outcome: outcomeOf(judged, changed, touched.size),
    changed,
    asked: touched.size,
    ...judged,
  }
  return { result, after }
}

function outcomeOf({ kills, undecided }: Judged, changed: number, asked: number): FaultResult['outcome'] {
  // Answers that could not be given are no answers that stayed the same.
  if (changed === 0 && asked > 0) return undecided.length > 0 ? 'failed' : 'unchanged'
  return kills.length > 0 ? 'killed' : undecided.length > 0 ? 'undecided' : 'survived'
}

function isSatisfied(before: Answers, { clause, relation, slice }: Instance): boolean {
  return before.get(JSON.stringify([clause.id, relation, slice.name]))?.verdict === 'satisfied'
}

/** Nothing is planted; every question that was satisfied is asked again. */
async function plantControl(planting: Planting, control: Control, before: Answers): Promise<ControlResult> {
  const { instances } = planting
  const made = await controlAsking(planting, control)
  if ('cause' in made) return { control, alarms: [], undecided: [], cause: made.cause }
  const asked = new Set(askable(instances).filter((each) => isSatisfied(before, each) && each.clause.form !== 'forall'))
  const { kills: alarms, undecided } = reactions(before, await ask(made.asking, family(instances, asked)))
  return { control, alarms, undecided }
}

/** The rows that stand for requests: those of the champion that most clauses judge it on, else any of its data set. */
function servedRelation(program: Program): string | undefined {
  const from = program.models.find(({ name }) => name === 'champion')?.from
  const own = program.relations.filter(
    (each) => each.kind === 'model' && each.model === 'champion' && each.dataset === from,
  )
  return (judgedRelations(program, 'champion').find(({ dataset }) => dataset === from) ?? own[0])?.name
}
