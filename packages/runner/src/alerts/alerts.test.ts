import {
  canonicalJson,
  type Evidence,
  hostFailure,
  type Host,
  type HttpRequest,
  type JsonObject,
} from '@plumbline/core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { ALERTS, alertDesk, type Desk, follow, openDesk } from '../testing/alert-desk.ts'
import { dayEvidence, digestFor, runtimeProgram } from '../testing/runtime.ts'
import type { Alert } from './alert.ts'

const URL_OF_IT = 'https://hooks.example.org/T0/very-secret'
const ENVIRONMENT = { ALERT_URL: URL_OF_IT }
const webhook = runtimeProgram({ alerts: [{ kind: 'webhook', url: '${ALERT_URL}' }] })
afterEach(() => vi.restoreAllMocks())

async function append(desk: Desk, ...evidence: readonly Evidence[]): Promise<void> {
  const bodies = evidence.map((each) => ({ kind: 'evidence', evidence: JSON.parse(canonicalJson(each)) as JsonObject }))
  expect(await desk.ledger.append(bodies)).toMatchObject({ ok: true })
}
async function events(desk: Desk): Promise<readonly (readonly unknown[])[]> {
  const records = await desk.ledger.select(({ body }) => body.kind === 'event')
  if (!records.ok) throw new Error('unreadable')
  return records.value.map(({ body }) => {
    const { kind, subject, detail } = body['event'] as { kind: string; subject: string; detail: JsonObject }
    return [kind, subject, detail['status'], ...('reason' in detail ? [detail['reason'], detail['final']] : [])]
  })
}
const textOf = (desk: Desk): string =>
  [...desk.host.disk.files.values()].map((bytes) => new TextDecoder().decode(bytes)).join('\n')
/** Answers as told and keeps what was received. */
function receiver(
  desk: Desk,
  status: () => number = () => 200,
  headers = {},
): { readonly got: Alert[]; readonly requests: HttpRequest[] } {
  const got: Alert[] = []
  const requests: HttpRequest[] = []
  desk.answer = async (request) => {
    requests.push(request)
    if (status() < 300) got.push(JSON.parse(String(request.body)))
    return { ok: true, value: { status: status(), headers, body: new Uint8Array() } }
  }
  return { got, requests }
}

describe('a webhook', () => {
  test('gets each alert once, with a key, and the ledger says so without the address', async () => {
    const desk = alertDesk()
    const { got, requests } = receiver(desk)
    const alerts = await openDesk(desk, webhook, ENVIRONMENT)
    await append(desk, dayEvidence({ day: 0 }), dayEvidence({ day: 1 }), dayEvidence({ day: 2, verdict: 'satisfied' }))
    await follow(desk, alerts)
    await alerts.save()
    expect(await alerts.deliver()).toMatchObject({ ok: true })
    await alerts.deliver()
    expect(got.map(({ status }) => status)).toEqual(['violated', 'resolved'])
    expect(requests.map(({ url, headers }) => [url, headers?.['idempotency-key']])).toEqual(
      got.map(({ id }) => [URL_OF_IT, id]),
    )
    expect(await events(desk)).toEqual([
      ['alert.sent', 'stable', 'violated'],
      ['alert.sent', 'stable', 'resolved'],
    ])
    expect(textOf(desk)).not.toContain('secret')
    expect(textOf(desk)).toContain('"clock":"simulated"')
  })

  test('that is down for an hour gets everything once afterwards, in order, with fewer attempts than one a minute', async () => {
    const desk = alertDesk()
    let down = true
    const { got, requests } = receiver(desk, () => (down ? 503 : 200))
    const alerts = await openDesk(desk, webhook, ENVIRONMENT)
    await append(desk, dayEvidence({ day: 0 }), dayEvidence({ day: 0, slice: 'young' }))
    await follow(desk, alerts)
    const begin = desk.now
    for (; desk.now < begin + 3_600_000; desk.now += 5_000) {
      if (desk.now === begin + 600_000) {
        await append(desk, dayEvidence({ day: 1, verdict: 'satisfied' }))
        await follow(desk, alerts)
      }
      await alerts.save()
      await alerts.deliver()
    }
    expect(got).toEqual([])
    expect(alerts.waiting()).toBe(3)
    expect(requests.length).toBeGreaterThan(10)
    expect(requests.length).toBeLessThan(40)
    down = false
    for (; desk.now < begin + 3_600_000 + 310_000; desk.now += 5_000) await alerts.deliver()
    expect(got.map(({ slice, status }) => `${slice} ${status}`)).toEqual([
      'all violated',
      'young violated',
      'all resolved',
    ])
    expect(alerts.waiting()).toBe(0)
    const failed = (await events(desk)).filter(([kind]) => kind === 'alert.failed')
    expect(failed).toEqual([['alert.failed', 'stable', 'violated', 'the receiver answered 503', false]])
  })

  test('that refuses for good is not asked again, and the next alert is sent', async () => {
    const desk = alertDesk()
    let status = 400
    const { got, requests } = receiver(desk, () => status)
    const alerts = await openDesk(desk, webhook, ENVIRONMENT)
    await append(desk, dayEvidence({ day: 0 }))
    await follow(desk, alerts)
    await alerts.deliver()
    status = 200
    await append(desk, dayEvidence({ day: 1, verdict: 'satisfied' }))
    await follow(desk, alerts)
    await alerts.deliver()
    expect(requests).toHaveLength(2)
    expect(got.map((alert) => alert.status)).toEqual(['resolved'])
    expect(await events(desk)).toEqual([
      ['alert.failed', 'stable', 'violated', 'the receiver answered 400', true],
      ['alert.sent', 'stable', 'resolved'],
    ])
  })

  test('that asks for time is given it', async () => {
    const desk = alertDesk()
    const { requests } = receiver(desk, () => 429, { 'retry-after': '120' })
    const alerts = await openDesk(desk, webhook, ENVIRONMENT)
    await append(desk, dayEvidence())
    await follow(desk, alerts)
    await alerts.deliver()
    desk.now += 119_000
    await alerts.deliver()
    expect(requests).toHaveLength(1)
    desk.now += 1_000
    await alerts.deliver()
    expect(requests).toHaveLength(2)
  })

  test('whose variable is not set waits and says which', async () => {
    const desk = alertDesk()
    const alerts = await openDesk(desk, webhook, {})
    await append(desk, dayEvidence())
    await follow(desk, alerts)
    await alerts.deliver()
    expect(await events(desk)).toEqual([
      ['alert.failed', 'stable', 'violated', 'the environment variable ALERT_URL is not set', false],
    ])
    expect(alerts.waiting()).toBe(1)
  })

  test('an alert that waited for three days is given up, and that is recorded', async () => {
    const desk = alertDesk()
    desk.answer = async () => hostFailure('unreachable', 'http', '', 'the connection was refused')
    const alerts = await openDesk(desk, webhook, ENVIRONMENT)
    await append(desk, dayEvidence())
    await follow(desk, alerts)
    await alerts.deliver()
    desk.now += 3 * 86_400_000 + 1
    await alerts.deliver()
    expect(alerts.waiting()).toBe(0)
    expect((await events(desk)).map(([, , , reason, final]) => [reason, final])).toEqual([
      ['the connection was refused', false],
      ['it waited for too long, or too many came after it', true],
    ])
  })
})

test('what waited because nobody watched for a week is sent, not given up', async () => {
  const desk = alertDesk()
  const { got } = receiver(desk)
  const first = await openDesk(desk, webhook, ENVIRONMENT)
  await append(desk, dayEvidence())
  await follow(desk, first)
  await first.save()
  desk.now += 7 * 86_400_000
  await (await openDesk(desk, webhook, ENVIRONMENT)).deliver()
  expect(got.map(({ status }) => status)).toEqual(['violated'])
})

describe('killed and begun again', () => {
  /** A machine that stops, as one that is killed does, at its n-th write. */
  class Killed extends Error {}
  function dyingAt(desk: Desk, last: number): Host {
    let writes = 0
    const dying =
      <A extends readonly unknown[], T>(work: (...args: A) => Promise<T>) =>
      async (...args: A): Promise<T> => {
        if (++writes > last) throw new Killed()
        return work(...args)
      }
    const { files } = desk.host
    return {
      ...desk.host,
      files: { ...files, append: dying(files.append), writeAtomic: dying(files.writeAtomic) },
      http: dying(desk.host.http),
    }
  }

  test('at every write and request: no alert is lost, and one that comes twice has the same key', async () => {
    const day = [
      [dayEvidence({ day: 0 }), dayEvidence({ day: 0, slice: 'young' })],
      [dayEvidence({ day: 1, verdict: 'satisfied' })],
      [dayEvidence({ day: 2 })],
    ]
    const expected = ['all violated', 'young violated', 'all resolved', 'all violated']
    let uninterrupted = 0
    for (let last = 0; last < 40; last++) {
      const desk = alertDesk()
      const { got } = receiver(desk)
      // The receiver is known before any evidence is there, as in a watch.
      await openDesk(desk, webhook, ENVIRONMENT)
      for (const [i, evidence] of day.entries()) {
        await append(desk, ...evidence)
        const host = i === 1 ? dyingAt(desk, last) : desk.host
        try {
          const alerts = await openDesk(desk, webhook, ENVIRONMENT, host)
          const delivered = await alerts.deliver()
          if (i === 1 && delivered.ok) uninterrupted++
        } catch (error) {
          if (!(error instanceof Killed)) throw error
        }
        for (const path of desk.host.disk.files.keys()) if (path.endsWith('.lock')) desk.host.disk.files.delete(path)
      }
      const final = await openDesk(desk, webhook, ENVIRONMENT)
      await final.deliver()
      const ids = [...new Set(got.map(({ id }) => id))]
      const first = ids.map((id) => got.find((alert) => alert.id === id))
      expect(
        first.map((alert) => `${alert?.slice} ${alert?.status}`),
        `killed at ${last}`,
      ).toEqual(expected)
      expect(got.length - ids.length).toBeLessThanOrEqual(1)
    }
    expect(uninterrupted).toBeGreaterThan(0)
    expect(uninterrupted).toBeLessThan(40)
  })

  test('the file of waiting alerts is lost: what was sent is not sent again, what was not is', async () => {
    const desk = alertDesk()
    const { got } = receiver(desk)
    const alerts = await openDesk(desk, webhook, ENVIRONMENT)
    await append(desk, dayEvidence({ day: 0 }))
    await follow(desk, alerts)
    await alerts.deliver()
    await append(desk, dayEvidence({ day: 1, verdict: 'satisfied' }), dayEvidence({ day: 2 }))
    for (const broken of [undefined, 'no json', '{"v":2}']) {
      if (broken === undefined) desk.host.disk.files.delete(ALERTS)
      else desk.host.disk.files.set(ALERTS, new TextEncoder().encode(broken))
      const again = await openDesk(desk, webhook, ENVIRONMENT)
      expect(again.waiting()).toBe(2)
    }
    await (await openDesk(desk, webhook, ENVIRONMENT)).deliver()
    expect(got.map(({ status }) => status)).toEqual(['violated', 'resolved', 'violated'])
  })

  test('a receiver that is new is told what stands, not the past', async () => {
    const desk = alertDesk()
    receiver(desk)
    await append(
      desk,
      dayEvidence({ day: 0 }),
      dayEvidence({ day: 1, verdict: 'satisfied' }),
      dayEvidence({ day: 0, slice: 'young' }),
    )
    const alerts = await openDesk(desk, webhook, ENVIRONMENT)
    expect(alerts.waiting()).toBe(1)
    await alerts.deliver()
    const two = runtimeProgram({ alerts: [{ kind: 'webhook', url: '${ALERT_URL}' }, { kind: 'stdout' }] })
    await (await openDesk(desk, two, ENVIRONMENT)).deliver()
    expect(desk.printed.map(({ slice, status }) => `${slice} ${status}`)).toEqual(['young violated'])
    expect(desk.printed[0]?.model).toBe(digestFor('a'))
  })
})

describe('failures of this machine', () => {
  test('a ledger that cannot be written stops delivering: what was sent but not recorded is sent again with the same key', async () => {
    const desk = alertDesk()
    const { got } = receiver(desk)
    const alerts = await openDesk(desk, webhook, ENVIRONMENT)
    await append(desk, dayEvidence())
    await follow(desk, alerts)
    await alerts.save()
    desk.host.disk.fault = (operation) => (operation === 'append' ? 'no-space' : undefined)
    expect(await alerts.deliver()).toMatchObject({ ok: false, failure: { kind: 'host', error: { kind: 'no-space' } } })
    desk.host.disk.fault = undefined
    await (await openDesk(desk, webhook, ENVIRONMENT)).deliver()
    expect(got).toHaveLength(2)
    expect(got[1]).toEqual(got[0])
  })

  test('a file that cannot be written is a value', async () => {
    const desk = alertDesk()
    const alerts = await openDesk(desk, webhook, ENVIRONMENT)
    await append(desk, dayEvidence())
    await follow(desk, alerts)
    desk.host.disk.fault = (operation) => (operation === 'writeAtomic' ? 'read-only' : undefined)
    expect(await alerts.save()).toMatchObject({ ok: false, error: { kind: 'read-only' } })
    desk.host.disk.fault = undefined
    expect(await alerts.save()).toMatchObject({ ok: true })
    expect(textOf(desk)).toContain('"waiting":[{"alert"')
  })
})
