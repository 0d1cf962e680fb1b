import { join } from 'node:path'
import type { Host } from '@plumbline/core'
import type { LoopProgram } from './advance.ts'

/** Files that the stages of the retraining need from outside: not made by a stage, nor written by the loop itself. */
export function outerNeeds({ retrain, pipeline }: LoopProgram): readonly string[] {
  if (retrain === undefined) return []
  const made = new Set([...pipeline.stages.flatMap(({ makes }) => makes), retrain.window])
  const stages = pipeline.stages.filter(({ name }) => retrain.stages.includes(name))
  return [...new Set(stages.flatMap(({ needs }) => needs))].filter((path) => !made.has(path)).toSorted()
}

/**
 * Looks at the needs: digests by path, of those that are there. A file whose size and time of change are what they were is
 * not read again.
 */
export function needsReader(
  host: Pick<Host, 'files'>,
  root: string,
  program: LoopProgram,
): () => Promise<Readonly<Record<string, string>>> {
  const paths = outerNeeds(program)
  const known = new Map<string, { readonly mark: string; readonly digest: string }>()
  return async () => {
    const digests: Record<string, string> = {}
    for (const path of paths) {
      const found = await host.files.stat(join(root, path))
      if (!found.ok || found.value === undefined) continue
      const mark = `${found.value.size} ${found.value.modifiedMs}`
      const before = known.get(path)
      const read = before?.mark === mark ? before.digest : await digestAt(host, join(root, path))
      if (read === undefined) continue
      known.set(path, { mark, digest: read })
      digests[path] = read
    }
    return digests
  }
}

async function digestAt({ files }: Pick<Host, 'files'>, path: string): Promise<string | undefined> {
  const digest = await files.digest(path)
  return digest.ok ? digest.value : undefined
}
