import type { ProgramDataset } from '@plumbline/core'
import { sourceDigest, type SourceFile, sourceFiles } from './source-files.ts'

/** A dataset's source as it stands now. */
export interface DatasetSource {
  /** As evidence names it. */
  readonly digest: string
  /** In the order they are read. */
  readonly files: readonly SourceFile[]
}

/** The digest and files of a dataset as they stand now; undefined when they cannot be read. */
export async function datasetSource(root: string, dataset: ProgramDataset): Promise<DatasetSource | undefined> {
  const files = await sourceFiles(root, dataset.source.path)
  if (!files.ok) return undefined
  const digest = await sourceDigest(files.value)
  return digest.ok ? { digest: digest.value, files: files.value } : undefined
}

/** The digest alone. */
export async function datasetDigest(root: string, dataset: ProgramDataset): Promise<string | undefined> {
  return (await datasetSource(root, dataset))?.digest
}
