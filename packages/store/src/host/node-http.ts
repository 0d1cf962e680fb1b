import { hostFailure, hostOk, type HostResult, type HttpAnswer, type HttpRequest } from '@plumbline/core'
import { codeOf } from './node-errors.ts'

const TIMEOUT_MS = 10_000
const MOST_BYTES = 1024 * 1024

/** Sends one HTTP request with the platform's `fetch`. What fails is told without the address. */
export async function nodeHttp(request: HttpRequest): Promise<HostResult<HttpAnswer>> {
  const { signal, timeoutMs = TIMEOUT_MS, maxBytes = MOST_BYTES } = request
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(request.url, {
      method: request.method,
      redirect: 'manual',
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      ...(request.headers === undefined ? {} : { headers: request.headers }),
      ...(request.body === undefined ? {} : { body: bodyOf(request.body) }),
    })
    const body = await readAtMost(response, maxBytes)
    return hostOk({ status: response.status, headers: Object.fromEntries(response.headers), body })
  } catch (thrown) {
    if (signal?.aborted === true) return hostFailure('interrupted', 'http', '', 'the request was interrupted')
    if (timeout.aborted) return hostFailure('timeout', 'http', '', `no answer within ${timeoutMs} ms`)
    return hostFailure('unreachable', 'http', '', wordsFor(thrown))
  }
}

/** A copy, since `fetch` wants bytes that no other view shares. */
function bodyOf(body: string | Uint8Array): string | Uint8Array<ArrayBuffer> {
  return typeof body === 'string' ? body : new Uint8Array(body)
}

async function readAtMost(response: Response, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    const room = Math.min(chunk.length, most - size)
    chunks.push(chunk.subarray(0, room))
    size += room
    if (room < chunk.length || size === most) break
  }
  return Buffer.concat(chunks)
}

/** The platform's texts name the address; its codes do not. */
function wordsFor(thrown: unknown): string {
  const code = codeOf(thrown instanceof Error ? thrown.cause : undefined)
  switch (code) {
    case 'ECONNREFUSED':
      return 'the connection was refused'
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return 'the connection was cut'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the name of the server is not known'
    case 'ERR_INVALID_URL':
    case '':
      return 'the request could not be sent'
    default:
      return `the request could not be sent (${code})`
  }
}
