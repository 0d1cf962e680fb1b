import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { canonicalJson, type JsonObject } from '@plumbline/core'
import { nodeHost } from '@plumbline/store'
import { describe, expect, test } from 'vitest'
import { alertDesk, follow, openDesk } from '../testing/alert-desk.ts'
import { dayEvidence, runtimeProgram } from '../testing/runtime.ts'
import { makeAlert } from './alert.ts'
import { alertmanagerRequest, postableAlert } from './alertmanager.ts'
import type { Alert } from './alert.ts'

const program = runtimeProgram()
const since = '2026-01-02T00:00:00.000Z'
const violated = makeAlert(program, dayEvidence(), { status: 'violated', since, model: null })
const resolved: Alert = { ...violated, status: 'resolved', at: '2026-01-05T00:00:00Z' }

/** `postableAlert` and what it is made of, as the OpenAPI description of the API's version 2 has them. */
const DEFINITIONS = {
  required: ['labels'],
  properties: {
    labels: 'labelSet',
    generatorURL: 'uri',
    startsAt: 'date-time',
    endsAt: 'date-time',
    annotations: 'labelSet',
  },
} as const

function problemsOf(value: Readonly<Record<string, unknown>>): readonly string[] {
  const problems = DEFINITIONS.required.filter((name) => !(name in value)).map((name) => `${name} is absent`)
  for (const [name, content] of Object.entries(value)) {
    const type = (DEFINITIONS.properties as Readonly<Record<string, string>>)[name]
    if (type === undefined) problems.push(`${name} is not known`)
    if (type === 'labelSet') {
      for (const [label, text] of Object.entries(content as object)) {
        // Names of labels as Prometheus takes them; an empty value is no label.
        if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) || typeof text !== 'string' || text === '') problems.push(label)
      }
    }
    if (type === 'date-time' && new Date(String(content)).toISOString() !== content) problems.push(name)
    if (type === 'uri' && !URL.canParse(String(content))) problems.push(name)
  }
  return problems
}

describe('an alert for an Alertmanager', () => {
  test.each([violated, resolved])('has the form of its API', (alert) => {
    expect(problemsOf(postableAlert(alert, Date.UTC(2026, 0, 4)))).toEqual([])
  })

  test('is the same alert there when it is violated and when it is resolved; a resolved one has ended', () => {
    const [begun, ended] = [postableAlert(violated, Date.UTC(2026, 0, 4)), postableAlert(resolved, 0)]
    expect(begun.labels).toEqual(ended.labels)
    expect(begun).toMatchObject({ startsAt: since, endsAt: '2026-01-04T00:00:00.000Z' })
    expect(ended).toMatchObject({ startsAt: since, endsAt: '2026-01-05T00:00:00.000Z' })
    expect(begun.labels).toMatchObject({ alertname: 'stable', severity: 'block', system: 'credit', slice: 'all' })
  })

  test('never ends before it starts: such an alert is refused there', () => {
    const { startsAt, endsAt } = postableAlert(violated, 0)
    expect(Date.parse(endsAt)).toBeGreaterThan(Date.parse(startsAt))
  })

  test.each([
    ['http://am:9093', 'http://am:9093/api/v2/alerts'],
    ['http://am:9093/', 'http://am:9093/api/v2/alerts'],
    ['http://proxy/am/', 'http://proxy/am/api/v2/alerts'],
    ['http://am:9093/api/v2/alerts', 'http://am:9093/api/v2/alerts'],
  ])('%s is asked at %s', (url, asked) => {
    expect(alertmanagerRequest(url, [])).toMatchObject({ method: 'POST', url: asked, body: '[]' })
  })
})

test('over real HTTP: told once at first, again each minute while it stands, and its end', async () => {
  const received: (readonly JsonObject[])[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push(JSON.parse(Buffer.concat(chunks).toString()))
      response.end()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  try {
    const desk = alertDesk()
    desk.answer = nodeHost().http
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const alerting = runtimeProgram({ alerts: [{ kind: 'alertmanager', url: '${AM}', severity: 'block' }] })
    const alerts = await openDesk(desk, alerting, { AM: url })
    const append = async (...parts: readonly Parameters<typeof dayEvidence>[0][]): Promise<void> => {
      await desk.ledger.append(
        parts.map((part) => ({ kind: 'evidence', evidence: JSON.parse(canonicalJson(dayEvidence(part))) })),
      )
      await follow(desk, alerts)
    }
    await append({ day: 0 }, { day: 0, clause: 'ranks' })
    await alerts.deliver()
    await alerts.deliver()
    expect(received).toHaveLength(1)
    desk.now += 61_000
    await alerts.deliver()
    expect(received).toHaveLength(2)
    expect(received[1]?.[0]?.['labels']).toEqual(received[0]?.[0]?.['labels'])
    expect(Date.parse(String(received[1]?.[0]?.['endsAt']))).toBeGreaterThan(
      Date.parse(String(received[0]?.[0]?.['endsAt'])),
    )
    await append({ day: 1, verdict: 'satisfied' })
    await alerts.deliver()
    desk.now += 61_000
    await alerts.deliver()
    expect(received).toHaveLength(3)
    expect(received.flat().flatMap(problemsOf)).toEqual([])
    expect(received.flat().map((alert) => (alert['labels'] as JsonObject)['alertname'])).toEqual([
      'stable',
      'stable',
      'stable',
    ])
  } finally {
    server.close()
    server.closeAllConnections()
  }
})
