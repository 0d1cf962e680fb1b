import { digestBytes } from '@plumbline/core'
import type { Guard } from '@plumbline/guard'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startServer } from '../http/http-server.ts'
import { warmRow } from '../models/warm-row.ts'
import { guardOf, infer, programOf, ROW, tensors } from '../testing/guarded.ts'
import { http, inOrder, type OddServer, oddServer } from '../testing/odd-server.ts'
import { readAddress } from './address.ts'
import { upstreamRepository } from './upstream-repository.ts'
import { openUpstream, type UpstreamOptions } from './upstream-version.ts'

let guard: Guard
let odd: OddServer
const closers: (() => Promise<void>)[] = []
beforeAll(async () => {
  guard = await guardOf('')
  odd = await oddServer(inOrder)
})
afterAll(async () => {
  for (const close of closers) await close()
  await odd.close()
})
const start = async () => {
  const address = readAddress(odd.origin, 'credit')
  if (typeof address === 'string') throw new Error(address)
  const outputs = [{ name: 'risk', kind: 'double' as const, tensor: 'probabilities', index: 1 }]
  const options: UpstreamOptions = {
    address,
    plan: guard.plan,
    outputs,
    warm: warmRow(programOf(''), guard.plan),
    timeoutMs: 5000,
  }
  const model = await openUpstream(options)
  if (!model.ok) throw new Error(model.refusal.message)
  const server = await startServer({
    name: 'credit',
    guard,
    model: model.value,
    repository: upstreamRepository(options),
    token: 't',
  })
  closers.push(server.close)
  return async (body?: object) => {
    const init = {
      method: 'POST',
      headers: { authorization: 'Bearer t' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }
    const response = await fetch(`${server.url}/v2/repository/models/credit/load`, init)
    const answered = await infer(server.url, { inputs: tensors([ROW]) })
    return [response.status, ((await response.json()) as { error?: string }).error, answered.status]
  }
}
const digest = digestBytes('x')

it('a load is passed on to a server that offers a repository', async () => {
  const load = await start()
  const bodies: string[] = []
  odd.behave = (socket, asked) => {
    if (asked.path.endsWith('/index')) socket.write(http(200, '[]'))
    else if (asked.path.startsWith('/v2/repository')) {
      bodies.push(`${asked.path} ${asked.body}`)
      socket.write(http(200, ''))
    } else inOrder(socket, asked)
  }
  expect(await load({ parameters: { digest } })).toEqual([200, undefined, 200])
  expect(await load()).toEqual([200, undefined, 200])
  expect(bodies).toEqual([
    `/v2/repository/models/credit/load {"parameters":{"digest":"${digest}"}}`,
    '/v2/repository/models/credit/load {}',
  ])
})

it('is refused in words by one that offers none, refuses, or does not fit any more', async () => {
  odd.behave = inOrder
  const load = await start()
  odd.behave = (socket, asked) => (asked.path.endsWith('/index') ? socket.write(http(404, '')) : inOrder(socket, asked))
  expect(await load({})).toEqual([400, expect.stringContaining('offers no repository'), 200])
  const offering = (status: number, metadata: string) => {
    odd.behave = (socket, asked) => {
      if (asked.path.endsWith('/index')) socket.write(http(200, '[]'))
      else if (asked.path.startsWith('/v2/repository')) socket.write(http(status, '{"error":"no such thing"}'))
      else if (asked.path.endsWith('/credit')) socket.write(http(200, metadata))
      else inOrder(socket, asked)
    }
  }
  offering(404, '{}')
  expect(await load({})).toEqual([404, expect.stringContaining('no such thing'), 200])
  offering(200, '{"inputs":[{"name":"other","datatype":"FP32","shape":[-1]}]}')
  expect(await load({})).toEqual([400, expect.stringContaining('It takes other: FP32[-1]'), 200])
})
