import type { HttpRequest } from '@plumbline/core'
import type { Alert } from './alert.ts'
import { ANSWER_MS } from './webhook.ts'

/**
 * An alert as version 2 of the Alertmanager's API takes it (`postableAlert` of its OpenAPI description). The labels are
 * its identity there: they are the same for a violation and its end.
 */
export type PostableAlert = {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: string
  readonly endsAt: string
  readonly generatorURL: string
}

/**
 * A violation stands until `until` (milliseconds since 1970 UTC), and longer if it is told again before: an Alertmanager
 * forgets what nobody repeats. A resolved one ends with the evidence that resolved it.
 */
export function postableAlert(alert: Alert, until: number): PostableAlert {
  const ends = alert.status === 'resolved' ? Date.parse(alert.at) : until
  const starts = Date.parse(alert.since)
  return {
    labels: withoutEmpty({
      alertname: alert.clause,
      severity: alert.severity,
      system: alert.system.name,
      relation: alert.relation,
      slice: alert.slice,
      model: alert.model ?? '',
    }),
    annotations: withoutEmpty({
      summary: alert.says,
      condition: alert.condition,
      measured: alert.measured === null ? '' : String(alert.measured),
      window: alert.window ?? '',
      evidence: alert.evidence,
    }),
    startsAt: new Date(starts).toISOString(),
    // It refuses an alert that ends before it starts.
    endsAt: new Date(Math.max(ends, starts + 1)).toISOString(),
    generatorURL: `urn:plumbline:evidence:${alert.evidence}`,
  }
}

/** The request that tells an Alertmanager; `url` is its address, with or without the path of the API. */
export function alertmanagerRequest(url: string, alerts: readonly PostableAlert[]): HttpRequest {
  const address = new URL(url)
  const path = address.pathname.replace(/\/+$/, '')
  if (!path.endsWith('/api/v2/alerts')) address.pathname = `${path}/api/v2/alerts`
  return {
    method: 'POST',
    url: address.href,
    timeoutMs: ANSWER_MS,
    headers: { 'content-type': 'application/json', 'user-agent': 'plumb' },
    body: JSON.stringify(alerts),
  }
}

/** An empty label is no label there. */
function withoutEmpty(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''))
}
