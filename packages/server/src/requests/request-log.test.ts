import type { LoggedRow, LogResult } from '@plumbline/engine'
import type { Guard } from '@plumbline/guard'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GuardServer, type ServerOptions, startServer } from '../http/http-server.ts'
import { guardOf, infer, ROW, tensors, versionOf, WITH_FALLBACK } from '../testing/guarded.ts'
import type { RequestSink } from './request-sink.ts'

const OPEN = WITH_FALLBACK.replace('guard:', 'guard:\n  on_failure: open')
const model = versionOf((rows) => rows.map(({ pay_0 }) => ({ risk: pay_0 === 8 ? 1.5 : 0.5 })), 'the model')
const fallback = versionOf((rows) => rows.map(({ pay_2 }) => ({ risk: pay_2 === 8 ? 2 : 0.25 })), 'the fallback')
const FLAGGED = { ...ROW, limit_bal: 15000, age: 25 }
let guard: Guard
const servers: GuardServer[] = []
beforeAll(async () => {
  guard = await guardOf(WITH_FALLBACK)
})
afterAll(async () => {
  for (const server of servers) await server.close()
})

const TAKEN: LogResult<void> = { ok: true, value: undefined }
interface Logged extends RequestSink {
  readonly rows: LoggedRow[]
  closed: boolean
}
const sinkOf = (result: () => Promise<LogResult<void>> = async () => TAKEN): Logged => {
  const sink: Logged = {
    rows: [],
    closed: false,
    append: async (rows) => {
      const done = await result()
      if (done.ok) sink.rows.push(...rows)
      return done
    },
    close: async () => {
      sink.closed = true
    },
  }
  return sink
}
async function start(options: Partial<ServerOptions> = {}): Promise<GuardServer> {
  const server = await startServer({
    name: 'credit',
    guard,
    model,
    fallback,
    instance: 'run',
    now: () => 1,
    ...options,
  })
  servers.push(server)
  return server
}
const metric = async (url: string, line: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text()
  const found = text.split('\n').find((each) => each.startsWith(`${line} `))
  return Number(found?.slice(line.length + 1))
}

/** Rows of the guard inherit nothing. */
const plain = (row: LoggedRow): unknown => JSON.parse(JSON.stringify(row))

describe('what is written down of a request', () => {
  it('is every row with its fields, outputs, decision, verdict and clauses', async () => {
    const sink = sinkOf()
    const { url } = await start({ sink })
    await infer(url, { id: 'x', inputs: tensors([ROW, FLAGGED]) })
    const common = { requestId: 'x', at: 1000, model: model.digest }
    const answer = { risk: 0.5, decision: true }
    expect(sink.rows.map(plain)).toEqual([
      { ...common, row: 0, guard: 'accepted', clauses: [], request: { id: null, ...ROW }, answer },
      { ...common, row: 1, guard: 'flagged', clauses: ['rich-or-old'], request: { id: null, ...FLAGGED }, answer },
    ])
  })

  it('names each request; the name goes back to the caller', async () => {
    const sink = sinkOf()
    const { url } = await start({ sink })
    const answers = [await infer(url, { inputs: tensors([ROW]) }), await infer(url, { inputs: tensors([ROW]) })]
    expect(sink.rows.map((row) => row.requestId)).toEqual(['run-0', 'run-1'])
    expect(answers.map(({ headers }) => headers.get('plumbline-request-id'))).toEqual(['run-0', 'run-1'])
    expect(answers.map(({ body }) => body['id'])).toEqual([undefined, undefined])
  })

  it('says who answered instead of the model, and who was refused what', async () => {
    const sink = sinkOf()
    const { url } = await start({ sink })
    const kinds = async (...rows: readonly object[]) => {
      sink.rows.length = 0
      await infer(url, { inputs: tensors(rows as never) })
      return sink.rows.map((row) => [
        row.guard,
        row.clauses,
        row.model,
        row.answer?.['risk'] ?? null,
        row.request['age'],
      ])
    }
    const { digest } = fallback
    expect(await kinds(ROW, { ...ROW, pay_0: 8 })).toEqual([
      ['fallback', [], digest, 0.25, 40],
      ['fallback', ['champion.risk.range'], digest, 0.25, 40],
    ])
    expect(await kinds({ ...ROW, pay_0: 8, pay_2: 8 })).toEqual([
      ['unavailable', ['champion.risk.range'], null, null, 40],
    ])
    // All rows of a rejected batch are read, those after the rejected one, too.
    expect(await kinds(ROW, { ...ROW, age: 7 }, { ...FLAGGED, sex: 3 })).toEqual([
      ['rejected', [], null, null, 40],
      ['rejected', ['accounts.age.range'], null, null, 7],
      ['rejected', ['accounts.sex.values', 'rich-or-old'], null, null, 25],
    ])
    expect(await kinds({ ...ROW, surname: 1 })).toEqual([['rejected', [], null, null, 40]])
  })

  it('is what came in place of a cell of another type', async () => {
    const sink = sinkOf()
    const { url } = await start({ sink })
    const inputs = tensors([ROW]).map((each) => ({ ...each }) as Record<string, unknown>)
    const age = inputs.find(({ name }) => name === 'age') ?? {}
    Object.assign(age, { datatype: 'BYTES', data: ['forty'] })
    expect((await infer(url, { inputs })).status).toBe(400)
    expect(sink.rows.map(plain)).toMatchObject([
      {
        guard: 'rejected',
        request: { age: null, sex: 1 },
        misfits: { age: 'forty' },
        clauses: ['accounts.age.type', 'accounts.age.required'],
      },
    ])
  })

  it('a withheld answer is not written down', async () => {
    const sink = sinkOf()
    const strict = await guardOf('')
    const { url } = await start({ guard: strict, sink })
    expect((await infer(url, { inputs: tensors([{ ...ROW, pay_0: 8 }]) })).status).toBe(502)
    expect(sink.rows).toMatchObject([
      { guard: 'withheld', clauses: ['champion.risk.range'], answer: null, model: null },
    ])
  })

  it('is complete before the answer', async () => {
    let written = (): void => undefined
    const asked = Promise.withResolvers<void>()
    const sink = sinkOf(async () => {
      asked.resolve()
      await new Promise<void>((resolve) => {
        written = resolve
      })
      return TAKEN
    })
    const { url } = await start({ sink })
    const answer = infer(url, { inputs: tensors([ROW]) })
    await asked.promise
    expect(await Promise.race([answer, new Promise((resolve) => setImmediate(() => resolve('not yet')))])).toBe(
      'not yet',
    )
    written()
    expect((await answer).status).toBe(200)
  })

  it('is closed with the server', async () => {
    const sink = sinkOf()
    const server = await start({ sink })
    await server.close()
    expect(sink.closed).toBe(true)
  })
})

describe('a log that cannot be written', () => {
  const full = async (): Promise<LogResult<void>> => ({
    ok: false,
    failure: { kind: 'host', error: { kind: 'no-space', operation: 'append', path: 'x', message: 'no space left' } },
  })
  const hanging = (): Promise<LogResult<void>> => new Promise(() => undefined)
  it.each([full, hanging])('closed: nobody is answered', async (append) => {
    const troubles: string[] = []
    const onTrouble = (message: string) => void troubles.push(message)
    const { url } = await start({ sink: sinkOf(append), timeoutMs: 100, onTrouble })
    for (const row of [ROW, { ...ROW, age: 7 }]) {
      const { status, headers, body } = await infer(url, { id: 'x', inputs: tensors([row]) })
      expect([status, headers.get('plumbline-verdict'), body]).toEqual([
        503,
        'unavailable',
        { error: 'Nobody could answer: log-failed.', id: 'x' },
      ])
      expect(headers.get('plumbline-served-by')).toBeNull()
    }
    expect(troubles[0]).toMatch(/not logged\. (no space left|Its time was up)/)
    expect(await metric(url, 'plumbline_log_failures_total')).toBe(2)
    expect(await metric(url, 'plumbline_unlogged_rows_total')).toBe(0)
    expect(await metric(url, 'plumbline_requests_total{verdict="unavailable"}')).toBe(2)
  })

  it.each([full, hanging])('open: all are answered, and counted', async (append) => {
    const { url } = await start({ guard: await guardOf(OPEN), sink: sinkOf(append), timeoutMs: 100 })
    expect((await infer(url, { inputs: tensors([ROW, ROW]) })).status).toBe(200)
    expect((await infer(url, { inputs: tensors([{ ...ROW, age: 7 }]) })).status).toBe(400)
    expect(await metric(url, 'plumbline_log_failures_total')).toBe(2)
    expect(await metric(url, 'plumbline_unlogged_rows_total')).toBe(3)
  })
})
