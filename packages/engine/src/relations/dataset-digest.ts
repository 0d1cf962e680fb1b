import type { ProgramDataset } from '@plumbline/core'
import { sourceDigest, sourceFiles } from './source-files.ts'

/** The digest of a dataset's files as they stand now, as evidence names it; undefined when they cannot be read. */
export async function datasetDigest(root: string, dataset: ProgramDataset): Promise<string | undefined> {
  const files = await sourceFiles(root, dataset.source.path)
  if (!files.ok) return undefined
  const digest = await sourceDigest(files.value)
  return digest.ok ? digest.value : undefined
}
