import type { Socket } from 'node:net'
import { isLoopback } from '../routes/access.ts'
import type { Call, Reply } from '../routes/call.ts'
import type { AnswerCall } from '../routes/routes.ts'
import { gatherBytes } from './gathered-bytes.ts'
import type { PlainHead, ReadPlainHead } from './plain-head.ts'
import { KEEP_SECONDS, type WriteReply } from './reply-text.ts'
import type { Room } from './room.ts'

/** What serving plain requests takes. */
export interface LaneOptions {
  readonly read: ReadPlainHead
  readonly answer: AnswerCall
  readonly write: WriteReply
  /** Takes over a connection whose next bytes are no plain request; they are unread again. */
  readonly handOn: (socket: Socket) => void
  /** Bytes of a body at most. */
  readonly mostBytes: number
  readonly room: Room
  /** Milliseconds that a request may take to arrive; 0: as long as it likes. */
  readonly requestTimeoutMs: number
  readonly stopping: () => boolean
  /** Told of each request that begins (1) or ends (−1). */
  readonly count: (change: 1 | -1) => void
}

/** A connection that is served here for as long as it sends plain requests. */
export interface PlainConnection {
  readonly socket: Socket
  /** Whether nothing of a request has come, or all of it was answered. */
  idle(): boolean
}

const NO_HEADERS: Call['headers'] = {}
const TOO_SLOW = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n'
const CUT_OFF = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'

/** Serves a connection, one request at a time; `gone`: it is closed, or was handed on. */
export function openPlainConnection(socket: Socket, options: LaneOptions, gone: () => void): PlainConnection {
  const { read, answer, write, mostBytes, room, requestTimeoutMs, stopping, count } = options
  const local = isLoopback(socket.remoteAddress)
  let head: PlainHead | undefined
  const bytes = gatherBytes()
  /** Bytes for which room was taken. */
  let held = 0
  let busy = false
  /** The client sends no more. */
  let ended = false
  let late: NodeJS.Timeout | undefined

  const last = (text: string): void => {
    // What still comes is not read: it was answered.
    socket.off('data', onData).pause()
    socket.write(text, 'latin1')
    socket.destroySoon()
  }
  const expect = (): void => {
    if (requestTimeoutMs > 0) late ??= setTimeout(() => last(TOO_SLOW), requestTimeoutMs)
  }
  const arrived = (): void => {
    clearTimeout(late)
    late = undefined
  }
  const onData = (piece: Buffer): void => {
    bytes.add(piece)
    // Sent ahead of its answer: a full parser reads it afterwards.
    if (busy) return void socket.pause()
    head ??= read(piece)
    if (head === undefined || head.length > mostBytes || !room.take(piece.length)) return handOn()
    held += piece.length
    const missing = head.bodyAt + head.length - bytes.length
    if (missing > 0) return expect()
    if (missing < 0) return handOn()
    ask(head)
  }
  const ask = ({ method, path, bodyAt, traceparent }: PlainHead): void => {
    arrived()
    busy = true
    count(1)
    const headers = traceparent === undefined ? NO_HEADERS : { traceparent }
    const call: Call = { method, path, headers, body: bytes.take().subarray(bodyAt), local }
    answer(call).then(reply, () => {
      settled()
      socket.destroy()
    })
  }
  const settled = (): void => {
    count(-1)
    room.free(held)
    held = 0
    busy = false
    head = undefined
  }
  const reply = (answered: Reply): void => {
    settled()
    if (socket.destroyed) return
    const isLast = ended || stopping()
    const text = write(answered, isLast)
    const flowing = typeof text === 'string' ? socket.write(text, 'latin1') : socket.write(text)
    if (isLast) return void socket.destroySoon()
    if (bytes.length > 0) return handOn()
    if (flowing) return
    // Whoever does not read answers is not asked for more.
    socket.pause()
    socket.once('drain', () => socket.resume())
  }
  const onEnd = (): void => {
    ended = true
    if (busy) return
    if (head === undefined) socket.end()
    else last(CUT_OFF)
  }
  const onTimeout = (): void => {
    if (!busy) socket.destroy()
  }
  const onError = (): void => void socket.destroy()
  const leave = (): void => {
    arrived()
    if (!busy) room.free(held)
    gone()
  }
  const handOn = (): void => {
    leave()
    held = 0
    socket.setTimeout(0)
    socket.off('data', onData).off('end', onEnd).off('timeout', onTimeout).off('error', onError).off('close', leave)
    socket.pause()
    socket.unshift(bytes.take())
    options.handOn(socket)
    socket.resume()
  }

  socket.on('data', onData).on('end', onEnd).on('timeout', onTimeout).on('error', onError).on('close', leave)
  socket.setTimeout(KEEP_SECONDS * 1000)
  expect()
  return { socket, idle: () => !busy && head === undefined }
}
