import type { SourceFile, SourceSet, UnreadFile } from '../../source/source-file.ts'
import { collectFindings } from '../findings.ts'
import type { ReadContext } from '../reader/reader.ts'
import { loadYaml, YAML_LIMITS } from '../yaml/load.ts'
import { extendedBy, specPath } from './entries.ts'

/** Files that one spec may be made of. */
export const MOST_FILES = 50

/** Gives the text of a file of the project, or says why it cannot: "is not there", in words that follow its name. */
export type ReadSource = (
  path: string,
) => Promise<{ readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string }>

/**
 * Reads what a spec extends, and what that extends in turn, each file once. What is wrong with a file (it is not there, it
 * is too large, it extends itself) is found by `parseSpec`, at the place that names it; reading stops where the limits
 * on all files together are passed.
 */
export async function loadSources(main: SourceFile, read: ReadSource): Promise<SourceSet> {
  const others: SourceFile[] = []
  const unread: UnreadFile[] = []
  const known = new Set([specPath(main.path)])
  const waiting = [main]
  let size = main.text.length
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    for (const path of namesIn(file)) {
      if (known.has(path) || others.length + unread.length >= MOST_FILES || size > YAML_LIMITS.bytes) continue
      known.add(path)
      // One after the other, so that the sum is bounded and the order is that of the files.
      // oxlint-disable-next-line no-await-in-loop
      const found = await read(path)
      if (!found.ok) {
        unread.push({ path, why: found.why })
        continue
      }
      const next = { path, text: found.text }
      size += found.text.length
      others.push(next)
      waiting.push(next)
    }
  }
  return { main, others, unread }
}

/** The files that a text says it extends; its mistakes are somebody else's to report. */
function namesIn(file: SourceFile): readonly string[] {
  // Most specs extend nothing, and need not be parsed twice to know it.
  if (!file.text.includes('extends')) return []
  const findings = collectFindings(1)
  const tree = loadYaml(file, findings)
  const silent: ReadContext = {
    ...findings,
    lose: () => undefined,
    leaveUnenforced: () => undefined,
    params: new Map(),
  }
  return tree === undefined ? [] : extendedBy(tree, silent).map(({ value }) => value)
}
