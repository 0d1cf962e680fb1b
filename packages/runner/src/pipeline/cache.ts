import { join } from 'node:path'
import { canonicalJson, type Digest, digestOf, type Host, isDigest } from '@plumbline/core'
import type { Artifacts } from '@plumbline/store'
import type { Command } from './command.ts'
import { type FileDigest, type PipelineResult, refuse, type Stage } from './stage.ts'

/** The identity of one execution: what was run, with which parameters, on which bytes, to make what. */
export function cacheKey(stage: Stage, command: Command, needs: readonly FileDigest[]): Digest {
  const sorted = needs.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  return digestOf({
    version: 1,
    command,
    params: stage.params ?? {},
    needs: sorted,
    makes: [...new Set(stage.makes)].sort(),
  })
}

/**
 * Outputs of earlier executions by key. An entry only says which artifacts they were; each artifact is checked against
 * its digest when it is taken out. Anything unreadable or incomplete counts as absent: the stage then runs again.
 */
export type StageCache = {
  /** The outputs of an earlier execution, if all are still there and whole. */
  readonly find: (key: Digest, makes: readonly string[]) => Promise<readonly FileDigest[] | undefined>
  readonly keep: (key: Digest, stage: string, makes: readonly FileDigest[]) => Promise<PipelineResult<void>>
}

/** Opens the cache in a directory, which the first `keep` makes. */
export function openStageCache(host: Host, directory: string, artifacts: Artifacts): StageCache {
  const entry = (key: Digest): string => join(directory, `${key.replace(':', '-')}.json`)
  return {
    find: async (key, makes) => {
      const data = await host.files.readFile(entry(key))
      const outputs = data.ok ? readEntry(new TextDecoder().decode(data.value), makes) : undefined
      if (outputs === undefined) return undefined
      for (const { digest } of outputs) if (!(await artifacts.check(digest)).ok) return undefined
      return outputs
    },
    keep: async (key, stage, makes) => {
      const made = await host.files.mkdir(directory)
      const kept = made.ok ? await host.files.writeAtomic(entry(key), canonicalJson({ makes })) : made
      return kept.ok ? { ok: true, value: undefined } : refuse({ kind: 'host', stage, error: kept.error })
    },
  }
}

function readEntry(text: string, makes: readonly string[]): readonly FileDigest[] | undefined {
  let entry: unknown
  try {
    entry = JSON.parse(text)
  } catch {
    return undefined
  }
  const list: unknown = typeof entry === 'object' && entry !== null && 'makes' in entry ? entry.makes : undefined
  if (!Array.isArray(list) || !list.every(isFileDigest)) return undefined
  // The key covers the list of outputs; an entry for others was not written by us.
  const paths = new Set(list.map(({ path }) => path))
  return paths.size === new Set(makes).size && makes.every((path) => paths.has(path)) ? list : undefined
}

function isFileDigest(value: unknown): value is FileDigest {
  if (typeof value !== 'object' || value === null || !('path' in value) || !('digest' in value)) return false
  return typeof value.path === 'string' && isDigest(value.digest)
}
