import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson, digestBytes, parseCanonical } from '@plumbline/core'
import type { SourceFile } from '../relations/source-files.ts'
import type { KeptStates } from './state-folder.ts'

/**
 * Digests of files that were read before, by what the file system says of them: place, size, number, times of change. The time of the
 * last change of a file's entry (ctime) is set by no program, so that bytes that were written since are seen even where size and time
 * are put back. A file that changed just now is not remembered: it could change again within the same tick.
 */
export interface KnownDigests {
  /** SHA-256 of the file's bytes, hexadecimal, if nothing says that they changed. */
  of(file: SourceFile): Promise<string | undefined>
  /** What the file system says now, to be remembered with a digest that is made after this. */
  look(file: SourceFile): Promise<string | undefined>
  remember(file: SourceFile, look: string, digest: string): void
  /** Keeps what is known of these files, and forgets all others of the dataset. */
  save(files: readonly SourceFile[]): Promise<void>
}

const TICK_MS = 2000

/** Opens what is known of the files of one dataset. */
export async function openKnownDigests(kept: KeptStates, dataset: string): Promise<KnownDigests> {
  const { host, path, anew, settled = (changed: number) => Date.now() - changed > TICK_MS } = kept
  const place = join(path, `files-${digestBytes(dataset).slice('sha256:'.length, 23)}.json`)
  const data = anew === true ? undefined : await host.files.readFile(place)
  const known = new Map(data?.ok === true ? entriesOf(new TextDecoder().decode(data.value)) : [])
  let isChanged = anew === true
  const lookAt = async (file: SourceFile): Promise<string | undefined> => {
    try {
      const found = await stat(file.path, { bigint: true })
      const { dev, ino, size, mtimeNs, ctimeNs } = found
      if (!settled(Number(found.ctimeMs))) return undefined
      return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
    } catch {
      return undefined
    }
  }
  return {
    look: lookAt,
    async of(file) {
      const entry = known.get(file.name)
      return entry !== undefined && (await lookAt(file)) === entry[0] ? entry[1] : undefined
    },
    remember(file, look, digest) {
      known.set(file.name, [look, digest])
      isChanged = true
    },
    async save(files) {
      const names = new Set(files.map(({ name }) => name))
      const left = [...known].filter(([name]) => names.has(name))
      if (!isChanged && left.length === known.size) return
      const text = canonicalJson({ schema: 'plumbline/known-files/1', files: Object.fromEntries(left) })
      const made = await host.files.mkdir(path)
      if (made.ok) await host.files.writeAtomic(place, `${digestBytes(text)}\n${text}\n`)
    },
  }
}

type Entry = readonly [look: string, digest: string]

/** Nothing, unless the text is whole. */
function entriesOf(text: string): readonly (readonly [string, Entry])[] {
  const end = text.indexOf('\n')
  const body = text.slice(end + 1, -1)
  if (end < 0 || digestBytes(body) !== text.slice(0, end)) return []
  const parsed = parseCanonical(body)
  const files = parsed.ok && typeof parsed.value === 'object' && parsed.value !== null ? parsed.value : undefined
  if (files === undefined || Array.isArray(files) || !('files' in files)) return []
  return Object.entries(files.files ?? {}).flatMap(([name, entry]: [string, unknown]) =>
    Array.isArray(entry) && typeof entry[0] === 'string' && /^[0-9a-f]{64}$/.test(String(entry[1]))
      ? [[name, [entry[0], String(entry[1])]] as const]
      : [],
  )
}
