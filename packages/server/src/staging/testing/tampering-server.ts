import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What passes from a guard to its client. */
export interface Passing {
  readonly path: string
  readonly request: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Changes what passes; what it returns is sent instead. */
export type Tamper = (
  passing: Passing,
) =>
  | Partial<Pick<Passing, 'status' | 'headers' | 'body'>>
  | Promise<Partial<Pick<Passing, 'status' | 'headers' | 'body'>>>

/** A server of real HTTP before a guard, with a fault planted in it. */
export async function tamperingServer(
  url: string,
  tamper: Tamper,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts)
      const { host: _host, connection: _connection, ...headers } = request.headers
      const pass = async (): Promise<void> => {
        const answer = await fetch(`${url}${request.url ?? '/'}`, {
          method: request.method ?? 'GET',
          headers: headers as Record<string, string>,
          ...(body.length === 0 ? {} : { body }),
        })
        const passing: Passing = {
          path: request.url ?? '/',
          request: body.toString('utf8'),
          status: answer.status,
          headers: Object.fromEntries(
            [...answer.headers].filter(([name]) => !/^(content-length|connection|keep-alive)$/.test(name)),
          ),
          body: await answer.text(),
        }
        const sent = { ...passing, ...(await tamper(passing)) }
        response.writeHead(sent.status, { ...sent.headers, 'content-length': Buffer.byteLength(sent.body) })
        response.end(sent.body)
      }
      pass().catch(() => response.destroy())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
