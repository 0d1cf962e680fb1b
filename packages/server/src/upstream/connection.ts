import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Deadline } from '../versions/deadline.ts'
import { ModelFailure } from '../versions/model-failure.ts'
import { type AnswerParser, answerParser, headReader, type HttpAnswer, TOO_LONG } from './answer-parser.ts'

/** What another server answered. */
export type UpstreamAnswer = Pick<HttpAnswer, 'status' | 'body'>

/** A call to another server. Path and headers hold no line end. */
export interface UpstreamCall {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Connections to another server, kept alive between calls. */
export interface UpstreamConnection {
  /** Rejects with a {@link ModelFailure}: nobody there, cut off, too much, or given up at the deadline. */
  call(call: UpstreamCall, deadline: Deadline | undefined): Promise<UpstreamAnswer>
  close(): Promise<void>
}

const MOST_CONNECTIONS = 256
const CONNECT_MS = 5000
/** What an answer may hold: far more than 4096 rows of outputs. */
const MOST_BYTES = 16 * 2 ** 20

/** One connection; it serves one call at a time. */
interface Wire {
  readonly socket: Socket
  /** The call that waits for its answer; undefined while nobody does. */
  job: Job | undefined
  /** Whether it has answered before: then the other side may have closed it meanwhile. */
  used: boolean
}

interface Job {
  readonly parser: AnswerParser
  readonly done: (answer: HttpAnswer) => void
  readonly failed: (error: Error) => void
}

/** A connection that was kept, and closed before an answer began. */
class Unanswered extends Error {}

/**
 * Opens connections to `origin`; none is made before the first call. Of their own since this is half of what a guarded
 * request costs: a request is one write, an answer one pass over its bytes, and anything odd ends the connection.
 */
export function openConnection(origin: string): UpstreamConnection {
  const { protocol, hostname, port, host } = new URL(origin)
  const all = new Set<Wire>()
  const heads = headReader()
  const idle: Wire[] = []
  const waiting: (() => void)[] = []

  const open = (): Wire => {
    const address = {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port === '' ? (protocol === 'https:' ? 443 : 80) : port),
    }
    const socket =
      protocol === 'https:'
        ? connectTls({ ...address, ...(isIP(address.host) === 0 ? { servername: address.host } : {}) })
        : connectTcp(address)
    socket.setNoDelay(true)
    const wire: Wire = { socket, job: undefined, used: false }
    all.add(wire)
    const late = setTimeout(() => socket.destroy(new Error(`not connected within ${CONNECT_MS} ms`)), CONNECT_MS)
    socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(late))
    socket.on('data', (piece: Buffer) =>
      settle(wire, wire.job?.parser.feed(piece) ?? (wire.job === undefined ? 'unasked' : undefined)),
    )
    socket.on('end', () => settle(wire, wire.job?.parser.end()))
    let cause = 'it closed the connection'
    socket.once('error', (error) => {
      cause = error.message
    })
    socket.once('close', () => {
      clearTimeout(late)
      all.delete(wire)
      const at = idle.indexOf(wire)
      if (at >= 0) idle.splice(at, 1)
      fail(wire, new ModelFailure('connection', `It was not reached, or cut off: ${cause}.`))
      waiting.shift()?.()
    })
    return wire
  }

  /** What the parser says of a connection's bytes. */
  const settle = (wire: Wire, step: HttpAnswer | string | undefined): void => {
    if (step === undefined) return
    const { job, socket } = wire
    if (typeof step === 'string') {
      // An end within an answer is the connection's fault; anything else is the answer's.
      if (step !== 'it was cut off')
        fail(
          wire,
          new ModelFailure(
            'answer',
            step === TOO_LONG
              ? `Its answer is longer than ${MOST_BYTES} bytes.`
              : `Its answer cannot be read: ${step}.`,
          ),
        )
      socket.destroy()
      return
    }
    wire.job = undefined
    wire.used = true
    if (step.keep) {
      idle.push(wire)
      waiting.shift()?.()
    } else socket.destroy()
    job?.done(step)
  }

  const fail = (wire: Wire, error: ModelFailure): void => {
    const { job } = wire
    wire.job = undefined
    if (job === undefined) return
    job.failed(wire.used && !job.parser.begun && error.reason === 'connection' ? new Unanswered(error.message) : error)
  }

  /** Waits until a connection is free or gone, or the deadline passes. */
  const turn = (deadline: Deadline | undefined): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve)
      if (deadline === undefined) return
      deadline.giveUp = () => {
        // Whoever has given up must not be woken in the place of another.
        const at = waiting.indexOf(resolve)
        if (at >= 0) waiting.splice(at, 1)
        resolve()
      }
    })

  /** A connection that is free, or a new one; waits where there are as many as there may be. */
  const acquire = async (fresh: boolean, deadline: Deadline | undefined): Promise<Wire> => {
    for (;;) {
      const kept = fresh ? undefined : idle.pop()
      if (kept !== undefined) return kept
      if (all.size < MOST_CONNECTIONS) return open()
      await turn(deadline)
      if (deadline?.passed === true) throw new ModelFailure('timeout', 'It was not asked in its time.')
    }
  }

  const exchange = (wire: Wire, { text, encoding }: RequestText, deadline: Deadline | undefined): Promise<HttpAnswer> =>
    new Promise((resolve, reject) => {
      const job: Job = { parser: answerParser(MOST_BYTES, heads), done: resolve, failed: reject }
      wire.job = job
      const giveUp = (): void => {
        // The connection may serve another call by now.
        if (wire.job !== job) return
        fail(wire, new ModelFailure('timeout', 'It did not answer in its time.'))
        wire.socket.destroy()
      }
      if (deadline?.passed === true) return giveUp()
      if (deadline !== undefined) deadline.giveUp = giveUp
      wire.socket.write(text, encoding)
    })

  return {
    async call(call, deadline) {
      const text = requestText(call, host)
      const kept = idle.pop()
      if (kept !== undefined)
        try {
          return await exchange(kept, text, deadline)
        } catch (error) {
          // To infer is to ask: where a kept connection was closed before any answer began, a new one is asked once more.
          if (!(error instanceof Unanswered)) throw error
          return exchange(await acquire(true, deadline), text, deadline)
        }
      return exchange(await acquire(false, deadline), text, deadline)
    },
    async close() {
      for (const { socket } of all) socket.destroy()
    },
  }
}

/** A request as text; what is as long in UTF-8 as in characters is ASCII, and cheaper to write as Latin-1. */
interface RequestText {
  readonly text: string
  readonly encoding: 'latin1' | 'utf8'
}

function requestText({ method, path, headers = {}, body }: UpstreamCall, host: string): RequestText {
  let text = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n`
  for (const name in headers) text += `${name}: ${headers[name]}\r\n`
  if (body === undefined) return { text: `${text}\r\n`, encoding: 'utf8' }
  const length = Buffer.byteLength(body)
  return {
    text: `${text}content-length: ${length}\r\n\r\n${body}`,
    encoding: length === body.length ? 'latin1' : 'utf8',
  }
}
