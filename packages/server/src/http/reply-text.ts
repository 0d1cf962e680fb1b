import { STATUS_CODES } from 'node:http'
import type { Reply } from '../routes/call.ts'

/** Seconds that a connection is kept for the next request. */
export const KEEP_SECONDS = 60

/** Writes replies as HTTP/1.1; `last`: nothing more is read from the connection. */
export type WriteReply = (reply: Reply, last: boolean) => string | Buffer

/**
 * Makes a writer of replies, with the headers that Node's own server adds. Names and values of the headers must be free of
 * line ends: nothing of a request is echoed that was not encoded or matched before. `now`: wall clock in milliseconds.
 */
export function replyWriter(now: () => number): WriteReply {
  let second = Number.NaN
  let date = ''
  return ({ status, headers, body }, last) => {
    const at = Math.floor(now() / 1000)
    if (at !== second) {
      second = at
      date = new Date(at * 1000).toUTCString()
    }
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length
    let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n`
    for (const name in headers) text += `${name}: ${headers[name]}\r\n`
    text += `content-length: ${length}\r\n${last ? 'connection: close\r\n' : ''}Date: ${date}\r\n${last ? '' : KEPT}\r\n`
    // What is Latin-1 and as long as in UTF-8 is ASCII, and one text.
    if (typeof body === 'string' && body.length === length) return text + body
    return Buffer.concat([Buffer.from(text, 'latin1'), typeof body === 'string' ? Buffer.from(body, 'utf8') : body])
  }
}

const KEPT = `Connection: keep-alive\r\nKeep-Alive: timeout=${KEEP_SECONDS}\r\n`
