import { type FileDataset, isInFiles, type ProgramDataset, sourceText } from '@plumbline/core'
import { found, type Read, unreadable } from './failure.ts'
import { type SourceFile, sourceFiles } from './source-files.ts'

/** A dataset in files, and those of now. */
export interface DatasetFiles {
  readonly dataset: FileDataset
  readonly files: readonly SourceFile[]
}

/** The files of a dataset; a failure where its rows are in a database. */
export async function datasetFiles(root: string, dataset: ProgramDataset): Promise<Read<DatasetFiles>> {
  if (!isInFiles(dataset))
    return unreadable(
      'source-unreadable',
      `The rows of "${dataset.name}" are in a database (${sourceText(dataset.source)}), and this reads files only. Name a file of the same columns as its source.`,
    )
  const files = await sourceFiles(root, dataset.source.path)
  return files.ok ? found({ dataset, files: files.value }) : files
}
