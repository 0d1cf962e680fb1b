import type { EventDetail, EventKind } from '@plumbline/core'
import type { Ledger, LedgerFailure } from '@plumbline/store'
import { type Acted, promote, rollBack, stage, train, validate, type Workshop } from './act.ts'
import { instantOf, type RefusalReason, transition } from './events.ts'
import { causeOfNeeds, type Step } from './next-step.ts'
import { championOf, type Cycle, type LoopState } from './state.ts'

/** What happens, for people; never for decisions. */
export type LoopProgress =
  | { readonly kind: 'step'; readonly step: Step }
  | {
      readonly kind: 'recorded'
      readonly event: EventKind
      readonly subject: string
      readonly digest: string
      readonly reason?: RefusalReason
    }
  | { readonly kind: 'again'; readonly why: string }

/** What steps are taken with. */
export interface Taking extends Workshop {
  readonly ledger: Ledger
  readonly readNeeds: () => Promise<Readonly<Record<string, string>>>
  readonly onProgress?: (progress: LoopProgress) => void
}

/** How a step ended: it is in the ledger, it has to be tried again, the loop was told to stop, or the ledger refused it. */
export type Taken =
  | { readonly kind: 'taken' }
  | { readonly kind: 'again' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'ledger'; readonly failure: LedgerFailure }

/** A step that has to be tried again, or that the loop was told to stop in. */
export type Unfinished = Extract<Taken, { kind: 'again' } | { kind: 'stopped' }>

type Detail = Readonly<Record<string, EventDetail>>

/** Takes a step and records what came of it. */
export async function takeStep(
  taking: Taking,
  state: LoopState,
  step: Exclude<Step, { do: 'wait' | 'count-labels' }>,
): Promise<Taken> {
  taking.onProgress?.({ kind: 'step', step })
  const champion = championOf(state)?.digest ?? ''
  switch (step.do) {
    case 'roll-back': {
      const acted = await rollBack(taking, step.reason)
      if (acted.kind !== 'done') return failed(taking, acted)
      // The verb has recorded it, with the promotion.
      const event = acted.detail?.['isMismatch'] === true ? 'version.mismatch' : 'version.rolled-back'
      taking.onProgress?.({ kind: 'recorded', event, subject: step.clause ?? step.reason, digest: acted.digest })
      return { kind: 'taken' }
    }
    case 'suspect': {
      const { subject, cause, violation } = step
      return record(taking, 'retrain.suspected', { subject, cause }, champion, spanDetail(violation?.window))
    }
    case 'decide': {
      const { cycle, span, also } = step
      const needs = await taking.readNeeds()
      return record(taking, 'retrain.decided', cycle, champion, {
        ...spanDetail(span),
        ...(Object.keys(needs).length === 0 ? {} : { needs: causeOfNeeds(needs) }),
        ...(also.length === 0 ? {} : { also }),
      })
    }
    case 'refuse':
      return refuse(taking, step.cycle, step.reason, {})
    case 'train':
      return after(taking, step.cycle, 'retrain.trained', await train(taking, step.cycle))
    case 'validate':
      return after(taking, step.cycle, 'retrain.validated', await validate(taking, step.cycle))
    case 'stage':
      return after(taking, step.cycle, 'retrain.staged', await stage(taking, step.cycle))
    case 'promote':
      return after(taking, step.cycle, 'retrain.promoted', await promote(taking, step.cycle))
    case 'verify':
      return after(taking, step.cycle, 'retrain.verified', await verify(taking, state, step.cycle))
  }
}

/** What was read back from production since the decision says whether the promotion took effect. */
async function verify(taking: Taking, state: LoopState, cycle: Cycle): Promise<Acted> {
  const { candidate = '', decidedSeq = 0 } = cycle
  const [good, bad] = [state.deployed[candidate] ?? 0, state.mismatched[candidate] ?? 0]
  if (good > decidedSeq && good > bad) return { kind: 'done', digest: candidate, detail: { readBack: true } }
  if (bad > decidedSeq) return { kind: 'refused', reason: 'not-deployed' }
  if (!(await taking.isServing())) return { kind: 'done', digest: candidate, detail: { readBack: false } }
  // The promotion was interrupted before it was read back: promoting again completes it.
  const completed = await promote(taking, cycle)
  return completed.kind === 'done' ? { kind: 'again', why: 'the new version is being read back' } : completed
}

function after(taking: Taking, cycle: Cycle, kind: EventKind, acted: Acted): Promise<Taken> | Taken {
  if (acted.kind === 'done') return record(taking, kind, cycle, acted.digest, acted.detail)
  if (acted.kind === 'refused') return refuse(taking, cycle, acted.reason, acted.detail)
  return failed(taking, acted)
}

function refuse(taking: Taking, cycle: Cycle, reason: RefusalReason, detail: Detail | undefined): Promise<Taken> {
  const { candidate = '', phase } = cycle
  return record(taking, 'retrain.refused', cycle, candidate, { ...detail, phase, reason }, { reason })
}

async function record(
  { ledger, host, onProgress }: Taking,
  kind: EventKind,
  cycle: { readonly cause: string; readonly subject: string },
  digest: string,
  detail: Detail = {},
  why: { readonly reason?: RefusalReason } = {},
): Promise<Taken> {
  const written = await ledger.append([transition(host.clock, kind, cycle, digest, detail)])
  if (!written.ok) return { kind: 'ledger', failure: written.failure }
  onProgress?.({ kind: 'recorded', event: kind, subject: cycle.subject, digest, ...why })
  return { kind: 'taken' }
}

/** Says why an action has to be tried again. */
export function failed(
  { onProgress }: Pick<Taking, 'onProgress'>,
  acted: Exclude<Acted, { kind: 'done' }>,
): Unfinished {
  if (acted.kind === 'stopped') return acted
  onProgress?.({ kind: 'again', why: acted.kind === 'again' ? acted.why : acted.reason })
  return { kind: 'again' }
}

function spanDetail(span: { readonly from: number; readonly to: number } | undefined): Detail {
  return span === undefined ? {} : { from: instantOf(span.from), to: instantOf(span.to) }
}
