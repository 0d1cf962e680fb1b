import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadSources, type SourceSet } from '@plumbline/core'

/** The spec of a case (or another of its folder), and the files of its folder that it extends. */
export function caseSources(folder: string, path = 'spec.plumb.yaml'): Promise<SourceSet> {
  const text = (path: string): string => readFileSync(join(folder, path), 'utf8')
  const main = { path, text: text(path) }
  return loadSources(main, async (other) =>
    existsSync(join(folder, other)) ? { ok: true, text: text(other) } : { ok: false, why: 'is not there' },
  )
}
