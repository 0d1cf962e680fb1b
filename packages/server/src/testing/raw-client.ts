import { connect, type Socket } from 'node:net'

/** What a server sent until it closed the connection, or until `enough` says so. */
export interface RawAnswer {
  readonly text: string
  /** Status of the first answer; 0 where there is none. */
  readonly status: number
}

/** Sends bytes as they are and reads what comes back. `during` may go on sending. */
export function raw(
  url: string,
  bytes: string | Uint8Array,
  enough: (text: string) => boolean = () => false,
  during: (socket: Socket) => void = () => undefined,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(Number(port), hostname, () => {
      socket.write(bytes)
      during(socket)
    })
    const done = (): void => {
      socket.destroy()
      resolve({ text, status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0) })
    }
    socket.on('data', (data) => {
      text += data.toString('latin1')
      if (enough(text)) done()
    })
    socket.on('close', done)
    socket.on('error', done)
  })
}

/** Whether one whole answer with a body has come. */
export function whole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n')
  const length = Number(/content-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? Number.POSITIVE_INFINITY)
  return end >= 0 && text.length >= end + 4 + length
}
