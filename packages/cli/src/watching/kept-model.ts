import type { Digest } from '@plumbline/core'
import type { ModelFile } from '@plumbline/engine'
import type { Artifacts } from '@plumbline/store'

/** The file of a version among the artifacts; undefined for what names none (`sha256:` and 64 digits). */
export function keptModel({ path }: Pick<Artifacts, 'path'>, version: string): ModelFile | undefined {
  return /^sha256:[0-9a-f]{64}$/.test(version) ? { path: path(version as Digest), digest: version } : undefined
}
