import { join } from 'node:path'
import type { Digest, Host } from '@plumbline/core'

/** Answers of a chat, by the digest of what was asked. What cannot be kept is asked again. */
export interface ChatCache {
  readonly read: (key: Digest) => Promise<string | undefined>
  readonly write: (key: Digest, answer: string) => Promise<void>
}

/** A cache of one file an answer, in a directory that the first answer makes. */
export function chatCache({ files }: Pick<Host, 'files'>, directory: string): ChatCache {
  const place = (key: Digest): string => join(directory, `${key.slice('sha256:'.length)}.txt`)
  return {
    async read(key) {
      const found = await files.readFile(place(key))
      return found.ok ? new TextDecoder().decode(found.value) : undefined
    },
    async write(key, answer) {
      if ((await files.mkdir(directory)).ok) await files.writeAtomic(place(key), answer)
    },
  }
}
