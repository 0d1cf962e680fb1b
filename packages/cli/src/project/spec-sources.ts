import { join, sep } from 'node:path'
import { type Host, loadSources, type ReadSource, type SourceFile, type SourceSet } from '@plumbline/core'

/** A spec, or a file of one, beyond this many bytes is read no further than to say so. */
export const LARGEST_SPEC = 2 * 1024 * 1024

/** The spec with all files it extends, as far as they can be read; what cannot be is among `unread`. */
export function readSources(host: Host, root: string, main: SourceFile): Promise<SourceSet> {
  return loadSources(main, readInside(host, root))
}

/** Reads files of the project folder, and no other: links that lead out of it are not followed. */
function readInside({ files }: Host, root: string): ReadSource {
  return async (path) => {
    const absolute = join(root, path)
    const [found, real, folder] = await Promise.all([
      files.stat(absolute),
      files.realpath(absolute),
      files.realpath(root),
    ])
    if (found.ok && found.value === undefined) return { ok: false, why: 'is not there' }
    if (!found.ok || found.value === undefined)
      return { ok: false, why: `cannot be read: ${found.ok ? '' : found.error.message}` }
    if (found.value.kind !== 'file') return { ok: false, why: 'is not a file' }
    if (!real.ok || !folder.ok || !real.value.startsWith(withSeparator(folder.value)))
      return { ok: false, why: 'leads out of the project folder by a link' }
    if (found.value.size > LARGEST_SPEC) return { ok: false, why: `is larger than ${LARGEST_SPEC} bytes` }
    const read = await files.readFile(absolute)
    if (!read.ok) return { ok: false, why: `cannot be read: ${read.error.message}` }
    return { ok: true, text: new TextDecoder().decode(read.value) }
  }
}

function withSeparator(folder: string): string {
  return folder.endsWith(sep) ? folder : folder + sep
}
