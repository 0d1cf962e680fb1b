import type { Evidence, Stage, Verdict } from '@plumbline/core'
import type { ReportInput } from '../input.ts'
import { subjectOf } from '../reading/instances.ts'
import type { Readings } from '../reading/versions.ts'
import { readInstant } from '../words/time.ts'
import { countVerdicts, worstVerdict } from '../words/verdict.ts'
import { plural } from '../words/clause.ts'
import { lastSaid } from './latest.ts'
import type { Production } from './production.ts'
import { stepWord } from './retraining.ts'
import { versionName } from './versions.ts'

/** A step of the loop from the spec to the rollback: what is known of it last. */
export interface LoopStep {
  readonly name: string
  /** How it stands; `none`: it was not taken yet. */
  readonly state: 'good' | 'bad' | 'open' | 'none'
  readonly words: string
  /** When, milliseconds since 1970 UTC. */
  readonly at?: number
  /** The id of the section that says more. */
  readonly section: string
}

/** The ten steps in their order. */
export function loopSteps(input: ReportInput, readings: Readings, production: Production): readonly LoopStep[] {
  return [
    { name: 'check', state: 'good', words: `${input.program.clauses.length} clauses`, section: 'lineage' },
    tested('data', stageOf(input, 'data'), readings.data.length > 0 ? 'data' : 'decision'),
    trained(input),
    tested('model', stageOf(input, 'model'), readings.versions.length > 0 ? 'models' : 'decision', production),
    gated(input, production, readings.candidate),
    tested('stage', stageOf(input, 'release'), 'release', production),
    promoted(production),
    watched(production),
    retrained(production),
    rolledBack(production),
  ]
}

/** The last session's answers of a stage. */
function stageOf({ evidence }: ReportInput, stage: Stage): readonly Evidence[] {
  const session = evidence.findLast(({ statement }) => statement.stage === stage)?.run.session
  return evidence.filter(({ statement, run }) => statement.stage === stage && run.session === session)
}

function tested(name: string, found: readonly Evidence[], section: string, production?: Production): LoopStep {
  const last = found.at(-1)
  if (last === undefined) return { name, state: 'none', words: 'not tested', section }
  const blocking = found.filter(({ statement }) => statement.severity === 'block')
  const verdicts = blocking.map(({ statement }) => statement.verdict).filter((verdict) => verdict !== 'skipped')
  const subject = production === undefined ? undefined : subjectOf(last.statement)
  const who = subject === undefined || production === undefined ? '' : `${versionName(production.serving, subject)}: `
  const words = `${who}${worstVerdict(verdicts) === 'satisfied' ? 'satisfied' : openWords(verdicts)}`
  return { name, state: stateOf(worstVerdict(verdicts)), words, section, ...timeOf(last.run.at) }
}

function openWords(verdicts: readonly Verdict[]): string {
  const counts = countVerdicts(verdicts)
  if (counts.violated + counts.error > 0) {
    const words = [
      counts.violated > 0 ? `${counts.violated} violated` : '',
      counts.error > 0 ? `${counts.error} failed` : '',
    ]
    return words.filter((word) => word !== '').join(', ')
  }
  return counts.inconclusive > 0 ? `${counts.inconclusive} undecided` : 'nothing blocking'
}

function stateOf(verdict: Verdict | undefined): LoopStep['state'] {
  if (verdict === undefined || verdict === 'skipped') return 'none'
  if (verdict === 'satisfied') return 'good'
  return verdict === 'inconclusive' ? 'open' : 'bad'
}

function trained({ runs = [] }: ReportInput): LoopStep {
  const last = runs.at(-1)
  const base = { name: 'train', section: 'lineage' }
  if (last === undefined) return { ...base, state: 'none', words: 'no run' }
  const made = last.stages.filter(({ failure }) => failure === undefined).length
  const good = last.status === 'finished'
  const words = good ? `${made} ${plural(made, 'stage')}` : last.status
  return { ...base, state: good ? 'good' : 'bad', words, ...timeOf(last.startedAt) }
}

function gated({ gate, gates = [] }: ReportInput, production: Production, candidate: string | undefined): LoopStep {
  const last = gates.at(-1)
  const base = { name: 'gate', section: 'decision' }
  const word = (open: boolean): string => (open ? 'open' : 'closed')
  // Evidence came after the record: what it says now stands at the head of the page.
  if (last !== undefined && gate !== undefined && last.candidate === candidate && last.open !== gate.open)
    return {
      ...base,
      state: gate.open ? 'good' : 'bad',
      words: `${word(gate.open)} now; ${word(last.open)} when asked last`,
    }
  if (last !== undefined) {
    const closed = `closed${last.candidate === undefined ? '' : ` for ${versionName(production.serving, last.candidate)}`}`
    const where = last.environment === undefined || last.environment === 'production' ? '' : `, ${last.environment}`
    const words = `${last.open ? 'open' : closed}${where}`
    return { ...base, state: last.open ? 'good' : 'bad', words, ...(last.at === undefined ? {} : timeOf(last.at)) }
  }
  if (gate === undefined) return { ...base, state: 'none', words: 'not asked' }
  return { ...base, state: gate.open ? 'good' : 'bad', words: word(gate.open) }
}

function promoted({ serving }: Production): LoopStep {
  const base = { name: 'promote', section: 'history' }
  const last = serving.tenures.findLast(({ promotion }) => promotion.rollback === undefined)
  if (last === undefined) return { ...base, state: 'none', words: 'none yet' }
  const name = versionName(serving, last.digest)
  const read =
    last.mismatches.length > 0 && last.deployed === undefined
      ? ', mismatch'
      : last.deployed === undefined
        ? ''
        : ', read back'
  return {
    ...base,
    state: read === ', mismatch' ? 'bad' : 'good',
    words: `${name}${read}`,
    ...timeOf(last.promotion.promotedAt),
  }
}

function watched({ lanes }: Production): LoopStep {
  const base = { name: 'watch', section: 'production' }
  const last = lanes.flatMap((lane) => {
    const window = lastSaid(lane)
    return window === undefined ? [] : [{ lane, window }]
  })
  if (lanes.length === 0) return { ...base, state: 'none', words: 'not watched' }
  const end = last.reduce((most, { window }) => Math.max(most, window.to), 0)
  const now = last.filter(({ lane }) => lane.severity === 'block').map(({ window }) => window.verdict)
  const words = worstVerdict(now) === 'satisfied' ? 'satisfied' : openWords(now)
  return { ...base, state: stateOf(worstVerdict(now)), words, ...(end > 0 ? { at: end } : {}) }
}

function retrained({ attempts, serving }: Production): LoopStep {
  const base = { name: 'retrain', section: 'production' }
  const last = attempts.at(-1)
  const step = last?.steps.at(-1)
  if (last === undefined || step === undefined) return { ...base, state: 'none', words: 'none' }
  const at = { at: last.to }
  if (last.state === 'refused') return { ...base, section: 'retraining', state: 'bad', words: 'refused', ...at }
  if (last.state === 'running') return { ...base, section: 'retraining', state: 'open', words: stepWord(step), ...at }
  const name = last.challenger === undefined ? '' : ` ${versionName(serving, last.challenger)}`
  return { ...base, section: 'retraining', state: 'good', words: `promoted${name}`, ...at }
}

function rolledBack({ serving }: Production): LoopStep {
  const base = { name: 'roll back', section: 'history' }
  const last = serving.tenures.findLast(({ promotion }) => promotion.rollback !== undefined)
  if (last === undefined) return { ...base, state: 'none', words: 'none' }
  const mismatch = last.mismatches.length > 0 && last.deployed === undefined
  const words = `to ${versionName(serving, last.digest)}${mismatch ? ', mismatch' : ''}`
  return { ...base, state: mismatch ? 'bad' : 'good', words, ...timeOf(last.promotion.promotedAt) }
}

function timeOf(at: string): { readonly at?: number } {
  const instant = readInstant(at)
  return instant === undefined ? {} : { at: instant }
}
