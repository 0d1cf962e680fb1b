import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadSources, type SourceSet } from '@plumbline/core'

/** The spec of a case, and the files of its folder that it extends. */
export function caseSources(folder: string): Promise<SourceSet> {
  const text = (path: string): string => readFileSync(join(folder, path), 'utf8')
  const main = { path: 'spec.plumb.yaml', text: text('spec.plumb.yaml') }
  return loadSources(main, async (path) =>
    existsSync(join(folder, path)) ? { ok: true, text: text(path) } : { ok: false, why: 'is not there' },
  )
}
