import { type Evidence, type Program, readWindow, type SystemEvent } from '@plumbline/core'
import type { LedgerRecord } from '@plumbline/store'
import { evidenceIn } from '../watch/evidence-record.ts'
import { eventIn, microsOf } from './events.ts'
import { championOf, type Command, type Cycle, type LoopState, type Phase } from './state.ts'

/** The parts of a program that the loop reads. */
export type LoopProgram = Pick<Program, 'retrain' | 'release' | 'monitor' | 'clauses' | 'pipeline'>

/** Name of the model whose versions the loop trains and promotes. */
export const CHAMPION = 'champion'

/** Subject of a retraining that somebody asked for by hand. */
export const COMMAND = 'command'

/** The state after one more record of the ledger, in the order of the ledger. What has not the form of a record of ours changes nothing. */
export function advance(state: LoopState, program: LoopProgram, record: LedgerRecord): LoopState {
  switch (record.body.kind) {
    case 'promotion':
      return afterPromotion(state, record)
    case 'evidence':
      return afterEvidence(state, program, record.seq, evidenceIn(record))
    case 'run':
      return afterRun(state, program, record)
    case 'event':
      return afterEvent(state, record.seq, eventIn(record))
    default:
      return state
  }
}

function afterPromotion(state: LoopState, { seq, body }: LedgerRecord): LoopState {
  const { model, digest, promotedAt, rollback } = body
  const since = microsOf(promotedAt)
  if (model !== CHAMPION || typeof digest !== 'string' || since === undefined) return state
  const now = championOf(state)
  // Promoting the version that is there already changes nothing about production.
  if (now?.digest === digest) return state
  const reason = (rollback as { readonly reason?: unknown } | undefined)?.reason
  const isBack = typeof reason === 'string'
  const takenOut = isBack && now !== undefined ? [...new Set([...state.takenOut, now.digest])] : state.takenOut
  const tenures = [...state.tenures, { seq, digest, since, ...(isBack ? { reason } : {}) }]
  return { ...state, tenures, takenOut, violations: withoutPast(state, since) }
}

/** What was said of traffic before a version came into production is no matter of it. */
function withoutPast({ violations }: LoopState, since: number): LoopState['violations'] {
  return Object.fromEntries(
    Object.entries(violations).filter(([, { window }]) => window !== undefined && window.to > since),
  )
}

function afterEvidence(
  state: LoopState,
  { retrain, release }: LoopProgram,
  seq: number,
  evidence: Evidence | undefined,
): LoopState {
  if (evidence === undefined) return state
  const { id, statement } = evidence
  if (statement.stage !== 'runtime' || statement.exploratory !== undefined) return state
  const watched = [...(retrain?.when ?? []), ...release.production.rollback]
  if (!watched.includes(statement.clause)) return state
  const versions = [...new Set(Object.values(statement.digests.models))].toSorted()
  const key = JSON.stringify([
    statement.clause,
    statement.relation,
    statement.slice,
    statement.window ?? '',
    ...versions,
  ])
  const window = statement.window === undefined ? undefined : readWindow(statement.window)
  const { [key]: before, ...others } = state.violations
  if (statement.verdict !== 'violated') {
    // A later record about the same window, such as one with late rows, replaces the earlier.
    return before === undefined ? state : { ...state, violations: others }
  }
  // The record that first said it keeps its place: what was answered stays answered.
  const first = before === undefined ? { seq, evidence: id } : { seq: before.seq, evidence: before.evidence }
  const violation = { ...first, clause: statement.clause, versions, ...(window === undefined ? {} : { window }) }
  return { ...state, violations: { ...state.violations, [key]: violation } }
}

/** What the stages of the retraining needed in a run. */
function afterRun(state: LoopState, { retrain }: LoopProgram, { body }: LedgerRecord): LoopState {
  const { stages } = (body['statement'] ?? {}) as { readonly stages?: unknown }
  if (retrain === undefined || !Array.isArray(stages)) return state
  const needs = { ...state.needs }
  for (const stage of stages as readonly { readonly name?: unknown; readonly needs?: unknown }[]) {
    if (!retrain.stages.includes(String(stage.name)) || !Array.isArray(stage.needs)) continue
    for (const { path, digest } of stage.needs as readonly { readonly path?: unknown; readonly digest?: unknown }[])
      if (typeof path === 'string' && typeof digest === 'string') needs[path] = digest
  }
  return { ...state, needs }
}

/** The transitions after the decision, in their order; each counts only after the one before it. */
const NEXT: Readonly<Record<string, { readonly after: Phase; readonly phase: Phase }>> = {
  'retrain.trained': { after: 'decided', phase: 'trained' },
  'retrain.validated': { after: 'trained', phase: 'validated' },
  'retrain.staged': { after: 'validated', phase: 'staged' },
  'retrain.promoted': { after: 'staged', phase: 'promoted' },
}

function afterEvent(state: LoopState, seq: number, event: SystemEvent | undefined): LoopState {
  if (event === undefined) return state
  const { kind, digest } = event
  if (kind === 'version.deployed') return { ...state, deployed: { ...state.deployed, [digest]: seq } }
  if (kind === 'version.mismatch') return { ...state, mismatched: { ...state.mismatched, [digest]: seq } }
  if (kind === 'version.rolled-back') return { ...state, broughtBack: { ...state.broughtBack, [digest]: seq } }
  const cause = event.detail?.['cause']
  if (typeof cause !== 'string') return state
  if (kind === 'retrain.suspected') return afterSuspicion(state, seq, cause, event.subject)
  const { cycle } = state
  if (cycle === undefined || cause !== cycle.cause) return state
  if (kind === 'retrain.decided') return cycle.phase === 'suspected' ? afterDecision(state, cycle, seq, event) : state
  if (kind === 'retrain.refused' || kind === 'retrain.verified') return afterEnd(state, cycle, seq)
  const next = NEXT[kind]
  if (next === undefined || next.after !== cycle.phase) return state
  const candidate = kind === 'retrain.trained' ? { candidate: digest } : {}
  return { ...state, cycle: { ...cycle, ...candidate, phase: next.phase } }
}

function afterSuspicion(state: LoopState, seq: number, cause: string, subject: string): LoopState {
  if (state.cycle === undefined) return { ...state, cycle: suspicion(state, { seq, cause }, subject) }
  // What a clause says is seen again when the retraining has ended; a command is said once.
  return subject === COMMAND ? { ...state, commands: [...state.commands, { seq, cause }] } : state
}

function suspicion(state: LoopState, { seq, cause }: Command, subject: string): Cycle {
  return { seq, cause, subject, phase: 'suspected', champion: championOf(state)?.digest ?? '' }
}

function afterDecision(state: LoopState, cycle: Cycle, seq: number, { at, detail = {} }: SystemEvent): LoopState {
  const [from, to] = [microsOf(detail['from']), microsOf(detail['to'])]
  const { needs } = detail
  const decided: Cycle = {
    ...cycle,
    phase: 'decided',
    champion: championOf(state)?.digest ?? '',
    decidedSeq: seq,
    ...(from === undefined || to === undefined ? {} : { span: { from, to } }),
  }
  return {
    ...answered(state, seq),
    cycle: decided,
    decisions: [...state.decisions, microsOf(at) ?? 0],
    ...(typeof needs === 'string' ? { decidedNeeds: needs } : {}),
  }
}

/** Everything that asked before is answered; what asks later is asked anew. */
function answered(state: LoopState, seq: number): LoopState {
  return { ...state, answeredUpTo: seq, commands: state.commands.filter((command) => command.seq > seq) }
}

function afterEnd(state: LoopState, cycle: Cycle, seq: number): LoopState {
  const { cycle: _, ...rest } = state
  // What was suspected and never decided is answered by its refusal; commands that came meanwhile are not.
  const ended = cycle.decidedSeq === undefined ? { ...rest, answeredUpTo: seq } : rest
  const [command, ...later] = ended.commands
  if (command === undefined) return ended
  return { ...ended, commands: later, cycle: suspicion(ended, command, COMMAND) }
}
