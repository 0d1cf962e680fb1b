import { open } from 'node:fs/promises'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import type { Transform } from 'node:stream'

/** How the bytes of a file are packed. */
export type Compression = 'none' | 'gzip' | 'zstd'

const MAGIC: readonly (readonly [Compression, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
]

/** What the first bytes of a file say of its compression; endings are not believed. */
export function compressionOf(head: Uint8Array): Compression {
  return MAGIC.find(([, magic]) => magic.every((byte, i) => head[i] === byte))?.[0] ?? 'none'
}

/** The compression of a file. A file that cannot be opened rejects. */
export async function fileCompression(path: string): Promise<Compression> {
  const handle = await open(path)
  try {
    const head = new Uint8Array(4)
    await handle.read(head, 0, 4, 0)
    return compressionOf(head)
  } finally {
    await handle.close()
  }
}

/** A stream that unpacks; undefined where nothing is packed. It fails on a stream that is cut off, which the engine does not notice. */
export function unpacker(compression: Compression): Transform | undefined {
  if (compression === 'gzip') return createGunzip()
  return compression === 'zstd' ? createZstdDecompress() : undefined
}
