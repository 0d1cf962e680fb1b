// node sockets-proxy.ts <port> <upstream>: the least that a proxy in Node does. It passes on what comes in one piece and
// reads nothing of it but its length, so what it costs are the sockets.
import { connect, createServer } from 'node:net'

const [port = '0', upstream = ''] = process.argv.slice(2)
const { hostname, port: upstreamPort } = new URL(upstream)

/** A connection to the upstream, and who waits for its next answer. */
interface Wire {
  readonly send: (text: string) => void
  done: (answer: Buffer) => void
}
const idle: Wire[] = []

function open(): Wire {
  const socket = connect(Number(upstreamPort), hostname).setNoDelay(true)
  const wire: Wire = { send: (text) => void socket.write(text, 'latin1'), done: () => undefined }
  socket.on('error', () => undefined)
  socket.on('data', (answer: Buffer) => {
    idle.push(wire)
    wire.done(answer)
  })
  return wire
}

createServer({ noDelay: true }, (client) => {
  let before = ''
  client.on('error', () => undefined)
  client.on('data', (piece: Buffer) => {
    const text = before + piece.toString('latin1')
    const end = text.indexOf('\r\n\r\n')
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
    before = end < 0 || text.length < end + 4 + length ? text : ''
    if (before !== '') return
    const wire = idle.pop() ?? open()
    wire.done = (answer) => void client.write(answer)
    wire.send(text)
  })
}).listen(Number(port), '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
