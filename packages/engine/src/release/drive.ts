import type { Program } from '@plumbline/core'
import { askProbe, type Probe, type Signature, TRACEPARENT } from './contract.ts'
import { type Exchange, parsed, type Problem } from './exchange.ts'
import { expectedOf, type Offline } from './expected.ts'
import type { Reference } from './reference.ts'
import type { ReleaseRequest } from './requests.ts'
import type { Staged, StagedOutcome } from './staged.ts'

/** Requests under way at a time. */
const IN_FLIGHT = 8

/** What requests are sent and judged with. */
export interface DriveRequest {
  readonly program: Program
  readonly staged: Staged
  readonly signature: Signature
  readonly reference: Reference
  readonly offline: Offline
  readonly signal?: AbortSignal | undefined
}

/**
 * Sends every request, some under the path of the version, and says how each had to end; in their order. Fewer come back
 * only after an interruption.
 */
export async function drive(
  { staged, signature, reference, offline, signal }: DriveRequest,
  requests: readonly ReleaseRequest[],
): Promise<readonly Exchange[]> {
  const model = `/v2/models/${encodeURIComponent(signature.model)}`
  const paths = [`${model}/infer`, `${model}/versions/${signature.version}/infer`]
  const exchange = async (request: ReleaseRequest, i: number): Promise<Exchange> => {
    const sent = inTime(() =>
      staged.call({
        method: 'POST',
        path: paths[i % 2] as string,
        headers: { 'content-type': 'application/json', traceparent: TRACEPARENT },
        ...request.call,
      }),
    )
    const expected = request.rows.length === 0 ? undefined : await expectedOf(reference, offline, request.rows)
    const { outcome, repeated } = await sent
    return {
      request,
      outcome,
      repeated,
      body: outcome.ok ? parsed(outcome.reply.body) : undefined,
      ...(expected === undefined ? {} : { expected }),
    }
  }
  return inFlight(requests, IN_FLIGHT, exchange, signal)
}

/** How often a request is asked again whose only trouble was the time. */
const REPEATS = 3

/** A guard whose budget blocks refuses what it had no time to judge. That is for `release.latency` to say, and passes. */
async function inTime(
  call: () => Promise<StagedOutcome>,
): Promise<{ readonly outcome: StagedOutcome; readonly repeated: number }> {
  for (let repeated = 0; ; repeated++) {
    const outcome = await call()
    const late = outcome.ok && outcome.reply.status === 503 && outcome.reply.body.includes('over-budget')
    if (!late || repeated === REPEATS) return { outcome, repeated }
  }
}

/** A question about the server, and what was wrong with its answer. */
export interface Probed {
  readonly probe: Probe
  readonly problem: Problem | undefined
}

/** Asks the questions about the server itself. */
export function probe(staged: Staged, probes: readonly Probe[], signal?: AbortSignal): Promise<readonly Probed[]> {
  return inFlight(probes, 1, async (each) => ({ probe: each, problem: await askProbe(staged, each) }), signal)
}

/** Works on items, so many at a time; the results in the order of the items. An abort leaves the rest out. */
export async function inFlight<T, R>(
  items: readonly T[],
  most: number,
  work: (item: T, index: number) => Promise<R>,
  signal?: AbortSignal,
): Promise<readonly R[]> {
  const results: R[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) {
      if (signal?.aborted === true) return
      results[i] = await work(items[i] as T, i)
    }
  }
  await Promise.all(Array.from({ length: most }, worker))
  return results.filter((each) => each !== undefined)
}
