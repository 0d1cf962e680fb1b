import type { HttpRequest } from '@plumbline/core'
import type { Alert } from './alert.ts'

/** How long a receiver may take to answer, in milliseconds. */
export const ANSWER_MS = 10_000

/** The request that tells a webhook of an alert. The key is the same whenever the same alert is sent again. */
export function webhookRequest(url: string, alert: Alert): HttpRequest {
  return {
    method: 'POST',
    url,
    timeoutMs: ANSWER_MS,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'plumb',
      'idempotency-key': alert.id,
    },
    body: JSON.stringify(alert),
  }
}
