import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An answer of a test's server. */
export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Nothing is answered, and the connection is kept. */
  readonly silent?: true
}

/** A request as it came. */
export interface Came {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** A server of this machine; `came` are the requests so far. */
export interface Served {
  readonly url: string
  readonly came: Came[]
  readonly close: () => Promise<void>
}

/** Serves until it is closed. */
export async function serve(answer: (request: Came) => Reply): Promise<Served> {
  const came: Came[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const one: Came = { method, path: url, headers, body: Buffer.concat(parts) }
      came.push(one)
      const { status = 200, headers: answered = {}, body = '', silent } = answer(one)
      if (silent !== true) response.writeHead(status, answered).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    came,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** JSON as a reply. */
export const json = (value: unknown, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})
