import { createStorage, type TensorStorage } from '../convert.ts'
import { failure, type Outcome, success } from '../outcome.ts'
import type { ElementType } from '../signature.ts'

/** The bytes of a tensor as the binary extension has them: little-endian, texts with their length before them. */
export function tensorBytes(storage: TensorStorage): Uint8Array {
  if (!Array.isArray(storage)) return new Uint8Array(storage.buffer, storage.byteOffset, storage.byteLength)
  const parts = storage.map((text) => new TextEncoder().encode(text))
  const bytes = new Uint8Array(parts.reduce((size, part) => size + 4 + part.length, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const part of parts) {
    view.setUint32(at, part.length, true)
    bytes.set(part, at + 4)
    at += 4 + part.length
  }
  return bytes
}

/** Reads `count` elements. Errors: `engine/model-outputs-mismatch` where the bytes are too few or too many. */
export function readTensorBytes(bytes: Uint8Array, type: ElementType, count: number): Outcome<TensorStorage> {
  if (type === 'string') return readTexts(bytes, count)
  const storage = createStorage(type, count)
  if (Array.isArray(storage) || storage.byteLength !== bytes.length) return wrongSize(bytes.length, count)
  new Uint8Array(storage.buffer).set(bytes)
  return success(storage)
}

function readTexts(bytes: Uint8Array, count: number): Outcome<TensorStorage> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const texts: string[] = []
  let at = 0
  while (texts.length < count && at + 4 <= bytes.length) {
    const size = view.getUint32(at, true)
    if (at + 4 + size > bytes.length) break
    texts.push(new TextDecoder().decode(bytes.subarray(at + 4, at + 4 + size)))
    at += 4 + size
  }
  return texts.length === count && at === bytes.length ? success(texts) : wrongSize(bytes.length, count)
}

function wrongSize(bytes: number, count: number): Outcome<never> {
  return failure('engine/model-outputs-mismatch', `An output of ${count} elements came as ${bytes} bytes.`)
}
