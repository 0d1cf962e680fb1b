import { createReadStream } from 'node:fs'
import { fileCompression, unpacker } from './compression.ts'
import { found, type Read, unreadable } from './failure.ts'
import { messageOf, type SourceFile } from './source-files.ts'

/** So much of a file is looked at for its header. */
export const HEAD_BYTES = 1 << 20

/** The first bytes of a file, unpacked where it is compressed; fewer where it has no more. */
export async function fileHead(file: SourceFile, bytes = HEAD_BYTES): Promise<Read<Uint8Array>> {
  try {
    const unpack = unpacker(await fileCompression(file.path))
    // Packed bytes hold at least as many unpacked ones, but for what the format itself takes.
    const stream = createReadStream(file.path, { end: bytes + 4096 })
    const parts: Buffer[] = []
    let size = 0
    const chunks: AsyncIterable<Buffer> = unpack === undefined ? stream : stream.pipe(unpack)
    try {
      for await (const chunk of chunks) {
        parts.push(chunk)
        size += chunk.length
        if (size >= bytes) break
      }
    } catch (thrown) {
      // Only the beginning is fed to it, so that it ends early; whether the whole does is found where all bytes are read.
      if (size === 0) throw thrown
    } finally {
      stream.destroy()
    }
    return found(Buffer.concat(parts).subarray(0, bytes))
  } catch (thrown) {
    return unreadable('source-unreadable', `"${file.name}" cannot be read: ${messageOf(thrown)}.`)
  }
}
