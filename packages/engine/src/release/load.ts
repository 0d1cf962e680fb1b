import { aggregates, type GuardPlan, stats } from '@plumbline/core'
import type { TermOutcome } from '../decide/measured.ts'
import type { Row } from '../falsify/domain.ts'
import { failedTerm } from '../plan/row-terms.ts'
import type { MetricMeasurer } from '../plan/must.ts'
import { inFlight } from './drive.ts'
import type { Staged, StagedReply } from './staged.ts'
import { wireRequest, wireText } from './wire.ts'

/** A load: so many clients, each with one request of one row under way. */
export interface LoadShape {
  readonly clients: number
  /** Requests that are timed. */
  readonly requests: number
  /** Requests before those, which are not. */
  readonly warmUp: number
}

/** Enough for an interval of the 99th percentile on both sides, which its order statistics have from 368 on at 95 %. */
export const LOAD: LoadShape = { clients: 4, requests: 500, warmUp: 100 }

/** Times of a load. */
export interface LoadTimes {
  /** Milliseconds added to the model's own time, one a request; infinite where there was no reply. */
  readonly added: readonly number[]
  /** Requests whose reply did not say what the model took: their whole time counts as added. */
  readonly untold: number
}

/**
 * Sends valid rows one by one from several clients and times each from its first byte sent to the last one received.
 * What the guard adds is that time without the model's own, which the server states (`server-timing: model;dur=`).
 */
export async function measureLoad(
  staged: Staged,
  plan: GuardPlan,
  rows: readonly Row[],
  seed: string,
  shape: LoadShape = LOAD,
  signal?: AbortSignal,
): Promise<LoadTimes> {
  // Nothing can be timed where nothing can be asked: refusals would be quick.
  if (rows.length === 0) return { added: [], untold: 0 }
  const random = stats.createRandom(seed, 'release:load')
  const bodies = rows.map((row, i) => wireText(wireRequest(plan, `load-${i + 1}`, [row])))
  const path = `/v2/models/${encodeURIComponent(staged.model)}/infer`
  const calls = Array.from({ length: shape.warmUp + shape.requests }, () => bodies[random.int(bodies.length)] ?? '')
  let untold = 0
  const times = await inFlight(
    calls,
    shape.clients,
    async (body, i) => {
      const outcome = await staged.call({
        method: 'POST',
        path,
        headers: { 'content-type': 'application/json' },
        body,
      })
      if (!outcome.ok) return Number.POSITIVE_INFINITY
      const model = modelMillis(outcome.reply)
      if (model === undefined && i >= shape.warmUp) untold++
      return Math.max(0, outcome.reply.millis - (model ?? 0))
    },
    signal,
  )
  return { added: times.slice(shape.warmUp), untold }
}

/** The model's own time in a reply, as the header `server-timing` states it (W3C Server Timing); undefined where it does not. */
export function modelMillis({ headers }: StagedReply): number | undefined {
  const found = /(?:^|,)\s*model\s*;\s*dur=([0-9.]+)/.exec(headers['server-timing'] ?? '')?.[1]
  const millis = Number(found)
  return found !== undefined && Number.isFinite(millis) ? millis : undefined
}

/** What a reader has to know of a measured latency. */
export function loadNotes(times: LoadTimes, shape: LoadShape): readonly string[] {
  const told =
    times.untold === 0
      ? 'Time of a request without the time the server says its model took.'
      : 'Whole time of a request: the server does not say what of it its model took.'
  return [
    `${shape.requests} requests of one row from ${shape.clients} clients, each with one under way, after ${shape.warmUp} that are not timed.`,
    told,
  ]
}

/** A measurer of `latency_ms` on the times of a load. */
export function latencyMeasurer(times: readonly number[]): MetricMeasurer {
  const sorted = Float64Array.from(times).sort()
  return ({ terms, clause }) => {
    const outcomes = new Map<number, TermOutcome>()
    for (const index of terms) {
      const term = clause.must.terms[index]
      if (term === undefined) continue
      const [argument] = term.args
      if (aggregates[term.fn].needs !== 'timing' || argument?.kind !== 'value') {
        outcomes.set(index, failedTerm('evaluation-failed', `${term.expression} is not measured on a load.`))
        continue
      }
      const estimate = stats.quantileEstimate(sorted, argument.value)
      const value = estimate.kind === 'estimate' ? estimate.value : null
      outcomes.set(index, { ok: true, value: { term, value, missing: 0, estimate } })
    }
    return Promise.resolve({ outcomes })
  }
}
