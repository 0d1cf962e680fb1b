import type { SourceFile } from './source-files.ts'

/**
 * Columns that stand in the folders of the files (`day=2026-01-01/part.parquet`, as Hive and Spark write them), in the
 * order of the path; none unless the folders of all files name the same ones. Only folders inside the project count.
 */
export function partitionColumns(files: readonly SourceFile[]): readonly string[] {
  const [first, ...rest] = files.map(({ name }) => namesIn(name))
  if (first === undefined) return []
  return rest.every((names) => names.join('/') === first.join('/')) ? first : []
}

function namesIn(path: string): readonly string[] {
  const folders = path.split('/').slice(0, -1)
  return folders.flatMap((folder) => /^([^=]+)=/.exec(folder)?.slice(1, 2) ?? [])
}
