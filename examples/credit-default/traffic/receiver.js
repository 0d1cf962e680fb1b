// A receiver of webhooks, as a team's own: prints each alert on one line, until it is told to stop.
// Usage: node traffic/receiver.js [--port N]; the first line printed is its address.
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'

const LARGEST = 1 << 20

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } })
const seen = new Set()

const server = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (part) => {
    body += part
    if (body.length > LARGEST) request.destroy()
  })
  request.once('end', () => {
    response.writeHead(take(request, body) ? 204 : 400).end()
  })
})

/** Prints an alert, once however often it is sent: a sender that was not heard sends it again. */
function take(request, body) {
  const key = request.headers['idempotency-key']
  try {
    const { status, clause, says, window, at } = JSON.parse(body)
    if (key === undefined || !seen.has(key)) console.log(JSON.stringify({ at, status, clause, window, says }))
    if (key !== undefined) seen.add(key)
    return true
  } catch {
    return false
  }
}

server.listen(Number(values.port), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/alerts`))
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => server.close(() => process.exit(0)))
