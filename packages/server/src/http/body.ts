import type { IncomingMessage } from 'node:http'
import { gatherBytes } from './gathered-bytes.ts'
import type { Room } from './room.ts'

/** A body, or the status that says why it was not read. */
export type BodyReading =
  | { readonly ok: true; readonly body: Uint8Array; readonly release: () => void }
  | { readonly ok: false; readonly status: 413 | 503; readonly error: string }

/** Reads bodies; the room that a body took is free again after `release`. */
export type ReadBody = (request: IncomingMessage) => Promise<BodyReading>

const NOTHING = new Uint8Array()

/** Makes a reader of bodies of at most `each` bytes: what is too long is not read to its end, announced or not. */
export function bodyReader(each: number, room: Room): ReadBody {
  const tooLong: BodyReading = { ok: false, status: 413, error: `A body may have at most ${each} bytes.` }
  const full: BodyReading = { ok: false, status: 503, error: 'There is no room for another request now.' }
  return (request) => {
    const announced = Number(request.headers['content-length'] ?? 0)
    if (announced > each) return Promise.resolve(tooLong)
    if (announced === 0 && request.headers['transfer-encoding'] === undefined)
      return Promise.resolve({ ok: true, body: NOTHING, release: () => undefined })
    return new Promise((resolve, reject) => {
      const bytes = gatherBytes()
      let held = 0
      const release = (): void => {
        room.free(held)
        held = 0
      }
      const stop = (reading: BodyReading): void => {
        request.pause()
        release()
        resolve(reading)
      }
      request.on('data', (part: Buffer) => {
        if (bytes.length + part.length > each) return stop(tooLong)
        if (!room.take(part.length)) return stop(full)
        held += part.length
        bytes.add(part)
      })
      request.once('end', () => {
        resolve({ ok: true, body: bytes.take(), release })
      })
      // A client that goes away in the middle of its body: nobody is there to be answered.
      request.once('close', () => {
        if (!request.complete) {
          release()
          reject(new Error('the client went away'))
        }
      })
      request.once('error', (error) => {
        release()
        reject(error)
      })
    })
  }
}
