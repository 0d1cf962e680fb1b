import { EXPOSITION_TYPE } from '../metrics/exposition.ts'
import { refuseStranger } from './access.ts'
import { type Call, errorReply, jsonReply, type Reply } from './call.ts'
import { describeModel, describeServer, modelReadiness, serverReadiness } from './describe.ts'
import { infer } from './infer.ts'
import { callReader } from './read-call.ts'
import { loadedArtifact, loadModel, repositoryIndex, unloadModel } from './repository.ts'
import type { Service } from './service.ts'
import { traceOf } from './trace.ts'

/** Answers one call of the Open Inference Protocol V2. It rejects for no call. */
export type AnswerCall = (call: Call) => Promise<Reply>

/** The path that is asked over and over. */
export const inferPath = (name: string): string => `/v2/models/${encodeURIComponent(name)}/infer`

/** Binds the routes to a service. */
export function createRoutes(service: Service): AnswerCall {
  const { instance, name, token, metrics } = service
  let requests = 0
  const nextId = (): string => `${instance}-${(requests++).toString(36)}`
  const steered = (call: Call, then: () => Reply | Promise<Reply>): Reply | Promise<Reply> =>
    refuseStranger(call, token) ?? then()
  const read = callReader(service)
  const oftenAsked = inferPath(name)

  const route = (call: Call): Reply | Promise<Reply> => {
    const { path } = call
    if (path === oftenAsked && call.method === 'POST') return infer(call, service, read, nextId)
    if (path === '/metrics')
      return only(call, 'GET', () => ({
        status: 200,
        headers: { 'content-type': EXPOSITION_TYPE },
        body: metrics.all.write(),
      }))
    if (path === '/v2') return only(call, 'GET', () => describeServer(service))
    if (path === '/v2/health/live') return only(call, 'GET', () => jsonReply(200, { live: true }))
    if (path === '/v2/health/ready') return only(call, 'GET', () => serverReadiness(service))
    if (path === '/v2/repository/index') return only(call, 'POST', () => steered(call, () => repositoryIndex(service)))
    return modelRoute(call) ?? errorReply(404, 'There is nothing at this path.')
  }

  const modelRoute = (call: Call): Reply | Promise<Reply> | undefined => {
    const stored = /^\/v2\/repository\/models\/([^/]+)\/(load|unload|artifact)$/.exec(call.path)
    if (stored !== null) {
      if (decoded(stored[1]) !== name) return steered(call, noSuchModel)
      if (stored[2] === 'artifact') return only(call, 'GET', () => steered(call, () => loadedArtifact(service)))
      return only(call, 'POST', () =>
        steered(call, () => (stored[2] === 'load' ? loadModel(call, service) : unloadModel(service))),
      )
    }
    const served = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(ready|infer))?$/.exec(call.path)
    if (served === null) return undefined
    const version = service.slot.current?.version
    if (decoded(served[1]) !== name || (served[2] !== undefined && decoded(served[2]) !== version)) return noSuchModel()
    if (served[3] === undefined) return only(call, 'GET', () => describeModel(service))
    if (served[3] === 'ready') return only(call, 'GET', () => modelReadiness(service))
    return only(call, 'POST', () => infer(call, service, read, nextId))
  }

  const failed = (error: unknown): Reply => {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
    service.onTrouble?.(`an error of the server itself: ${what}`)
    return errorReply(500, 'The server failed.')
  }

  return async (call) => {
    let reply: Reply
    try {
      reply = await route(call)
    } catch (error) {
      reply = failed(error)
    }
    const trace = traceOf(call)
    if (trace !== undefined) reply.headers['traceparent'] = trace
    return reply
  }
}

const noSuchModel = (): Reply => errorReply(404, 'There is no such model or version.')

function only(call: Call, method: 'GET' | 'POST', then: () => Reply | Promise<Reply>): Reply | Promise<Reply> {
  return call.method === method ? then() : errorReply(405, `Only ${method} is answered here.`, { allow: method })
}

function decoded(part: string | undefined): string | undefined {
  try {
    return part === undefined ? undefined : decodeURIComponent(part)
  } catch {
    return undefined
  }
}
