import type { Socket } from 'node:net'
import { type LaneOptions, openPlainConnection, type PlainConnection } from './plain-connection.ts'
import { plainHeads } from './plain-head.ts'
import { replyWriter } from './reply-text.ts'

/** Answers plain requests, on connections that send nothing else. */
export interface PlainLane {
  serve(socket: Socket): void
  /** Ends the connections on which nothing is asked. */
  closeIdle(): void
  /** Ends all that it still serves. */
  closeAll(): void
}

/**
 * Makes the lane. Of the CPU of a guarded request a full HTTP server takes a third; nearly all requests are of one form,
 * which is read here. What is not for certain of that form is handed on before anything of it is answered.
 */
export function plainLane(
  options: Omit<LaneOptions, 'read' | 'write'> & { /** The path that is asked over and over. */ readonly path: string },
): PlainLane {
  const all = new Set<PlainConnection>()
  const lane: LaneOptions = { ...options, read: plainHeads(options.path), write: replyWriter(Date.now) }
  return {
    serve(socket) {
      const opened = openPlainConnection(socket, lane, () => all.delete(opened))
      all.add(opened)
    },
    closeIdle() {
      for (const { idle, socket } of all) if (idle()) socket.destroy()
    },
    closeAll() {
      for (const { socket } of all) socket.destroy()
    },
  }
}
