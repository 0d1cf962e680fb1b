import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/** What is written to a connection for one request; it may do anything to the socket. */
export type Behaviour = (socket: Socket, request: { readonly path: string; readonly body: string }) => void

/** A server that answers as it is told: HTTP is read just enough to know where a request ends. */
export interface OddServer {
  readonly origin: string
  /** Paths that were asked, in their order. */
  readonly asked: string[]
  behave: Behaviour
  /** What happens when somebody connects. */
  connected: (socket: Socket) => void
  close(): Promise<void>
}

/** An HTTP answer as text. */
export const http = (status: number, body: string, headers = ''): string =>
  `HTTP/1.1 ${status} X\r\ncontent-type: application/json\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

/** Starts it. */
export async function oddServer(behave: Behaviour): Promise<OddServer> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    odd.connected(socket)
    let text = ''
    socket.on('data', (data) => {
      text += data.toString('latin1')
      const end = text.indexOf('\r\n\r\n')
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
      if (end < 0 || text.length < end + 4 + length) return
      const path = text.split(' ', 2)[1] ?? ''
      const body = text.slice(end + 4)
      text = ''
      odd.asked.push(path)
      odd.behave(socket, { path, body })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const odd: OddServer = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    behave,
    connected: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
  return odd
}

/** The metadata of a model that takes the columns of the test's spec. */
export const METADATA = JSON.stringify({
  name: 'credit',
  versions: ['3'],
  platform: 'odd',
  inputs: [
    ...['limit_bal', 'bill_amt1'].map((name) => ({ name, datatype: 'FP64', shape: [-1, 1] })),
    ...['sex', 'age', 'pay_0', 'pay_2'].map((name) => ({ name, datatype: 'INT64', shape: [-1] })),
  ],
  outputs: [{ name: 'probabilities', datatype: 'FP32', shape: [-1, 2] }],
})

/** The answer of a model in good order, to `rows` rows. */
export const answerOf = (risk: number, rows = 1): string =>
  JSON.stringify({
    model_name: 'credit',
    model_version: '3',
    outputs: [
      { name: 'label', datatype: 'INT64', shape: [rows], data: Array.from({ length: rows }, () => 0) },
      {
        name: 'probabilities',
        datatype: 'FP32',
        shape: [rows, 2],
        data: Array.from({ length: rows }, () => [1 - risk, risk]),
      },
    ],
  })

/** A model in good order. */
export const inOrder: Behaviour = (socket, { path, body }) => {
  const rows = path.endsWith('/infer')
    ? ((JSON.parse(body) as { inputs: { shape: number[] }[] }).inputs[0]?.shape[0] ?? 0)
    : 0
  socket.write(http(200, path.endsWith('/infer') ? answerOf(0.25, rows) : METADATA))
}
