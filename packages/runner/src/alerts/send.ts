import type { Host, HttpAnswer } from '@plumbline/core'
import type { Alert } from './alert.ts'
import { alertmanagerRequest, postableAlert } from './alertmanager.ts'
import { type Environment, type Receiver, resolveAddress } from './receivers.ts'
import { webhookRequest } from './webhook.ts'

/** How an attempt to tell a receiver ended. The reason holds no address. */
export type Sent =
  | { readonly kind: 'sent' }
  /** To be tried again; `after` = what the receiver asked for, in milliseconds. */
  | { readonly kind: 'later'; readonly reason: string; readonly after?: number }
  /** The receiver will never take it. */
  | { readonly kind: 'refused'; readonly reason: string }

/** What sending needs beside the receiver. */
export type Sending = {
  readonly host: Host
  readonly environment: Environment
  /** For receivers of the kind `stdout`. */
  readonly print: (alert: Alert) => void
  /** How long a violation stands at an Alertmanager without being told again, in milliseconds. */
  readonly standsMs: number
  readonly signal?: AbortSignal
}

/** Tells a receiver of alerts, once. A webhook takes one at a time. */
export async function send(
  sending: Sending,
  { alert: { kind, url } }: Receiver,
  alerts: readonly Alert[],
): Promise<Sent> {
  const { host, environment, print, standsMs, signal } = sending
  const [first] = alerts
  if (first === undefined) return { kind: 'sent' }
  if (kind === 'stdout') {
    for (const alert of alerts) print(alert)
    return { kind: 'sent' }
  }
  const address = resolveAddress(url ?? '', environment)
  if (!address.ok) return { kind: 'later', reason: address.problem }
  const until = host.clock.now() + standsMs
  const request =
    kind === 'webhook'
      ? webhookRequest(address.url, first)
      : alertmanagerRequest(
          address.url,
          alerts.map((alert) => postableAlert(alert, until)),
        )
  const answer = await host.http(signal === undefined ? request : { ...request, signal })
  return answer.ok ? outcomeOf(answer.value) : { kind: 'later', reason: answer.error.message }
}

/** Statuses that say "not now": the request timed out, came too early, or too many came. */
const NOT_NOW = new Set([408, 425, 429])

function outcomeOf({ status, headers }: HttpAnswer): Sent {
  if (status >= 200 && status < 300) return { kind: 'sent' }
  const reason = `the receiver answered ${status}`
  if (status < 500 && !NOT_NOW.has(status)) return { kind: 'refused', reason }
  const seconds = /^\s*(\d{1,9})\s*$/.exec(headers['retry-after'] ?? '')?.[1]
  return { kind: 'later', reason, ...(seconds === undefined ? {} : { after: Number(seconds) * 1000 }) }
}
