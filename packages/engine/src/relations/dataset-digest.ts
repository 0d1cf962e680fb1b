import { type FileDataset, isInDatabase, type ProgramDataset } from '@plumbline/core'
import { openSession } from '../duckdb/session.ts'
import { openDatabases } from '../engines/databases.ts'
import { digestWithImages, hasImages } from '../images/image-columns.ts'
import { datasetFiles } from './dataset-files.ts'
import { openDataset } from './open-dataset.ts'
import { sourceDigest, type SourceFile } from './source-files.ts'

/** A dataset's source as it stands now. */
export interface DatasetSource {
  /** As evidence names it. */
  readonly digest: string
  /** In the order they are read. */
  readonly files: readonly SourceFile[]
}

/** The digest and files of a dataset as they stand now; undefined when they cannot be read. */
export async function datasetSource(root: string, dataset: ProgramDataset): Promise<DatasetSource | undefined> {
  const found = await datasetFiles(root, dataset)
  if (!found.ok) return undefined
  const { files } = found.value
  if (hasImages(dataset)) return withImages(root, dataset, files)
  const digest = await sourceDigest(files)
  return digest.ok ? { digest: digest.value, files } : undefined
}

/** Which images the rows name is known to who reads them. */
async function withImages(
  root: string,
  dataset: FileDataset,
  files: readonly SourceFile[],
): Promise<DatasetSource | undefined> {
  const session = await openSession()
  if (!session.ok) return undefined
  try {
    const digest = await sourceDigest(files)
    const images = { root, paths: new Map<string, string>() }
    const open = await openDataset(session.value, { dataset, files, ordinal: 0, needed: new Set(), images })
    if (!digest.ok || !open.ok || open.value.images === undefined) return undefined
    return { digest: digestWithImages(digest.value, open.value.images), files }
  } finally {
    session.value.close()
  }
}

/** The digest alone; of a table, from a connection of its own. */
export async function datasetDigest(root: string, dataset: ProgramDataset): Promise<string | undefined> {
  if (isInDatabase(dataset)) {
    const databases = openDatabases()
    try {
      const database = await databases.of(dataset.source.engine)
      const digest = database.ok ? await database.value.digest(dataset) : database
      return digest.ok ? digest.value : undefined
    } finally {
      await databases.close()
    }
  }
  return (await datasetSource(root, dataset))?.digest
}
