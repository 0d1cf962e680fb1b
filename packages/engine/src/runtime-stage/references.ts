import { stat } from 'node:fs/promises'
import { digestOf, identifier, type Program, sql } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { type DataCatalog, dataCatalog } from '../relations/data-catalog.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import type { MetricCells } from '../metrics/metric-cells.ts'
import type { ModelCatalog } from '../model-stage/model-catalog.ts'
import { valueCounts, type ValueCounts } from '../plan/value-counts.ts'
import type { RelationCatalog } from '../relations/relation.ts'
import { changedFiles, messageOf, type SourceFile } from '../relations/source-files.ts'
import type { ReferenceModels } from './reference-models.ts'

/** A dataset as it was when a version was promoted. */
export interface FrozenDataset {
  /** As evidence names it: `bytes:sha256:…`. */
  readonly digest: string
  /** Its files in the order they are read: their names in the project, and where the kept copies are. */
  readonly files: readonly { readonly name: string; readonly path: string }[]
}

/** The data of a version by dataset name; undefined where none was kept. */
export type FrozenData = (version: string | null) => Readonly<Record<string, FrozenDataset>> | undefined

/** What references are read from. */
export interface ReferenceOptions {
  readonly program: Program
  readonly root: string
  readonly session: Session
  /** Columns that are read, by dataset. */
  readonly needed: ReadonlyMap<string, ReadonlySet<string>>
  readonly frozen: FrozenData
  /** Where versions answer for the data, too; absent where nobody asks for answers. */
  readonly models?: ReferenceModels
}

/** The data that a version is compared with, and what was counted of it. */
export interface Reference {
  readonly catalog: RelationCatalog
  readonly counts: ValueCounts
  /** Where relations with the answers of the version keep what metrics read. */
  readonly cellsOf: (relation: string) => MetricCells | undefined
}

/** The data that versions are compared with. */
export interface References {
  /** The datasets as they were when the version was promoted; those that were not kept, as their files are now. */
  of(version: string | null): Promise<Reference>
}

/** Catalogs that are kept open: of the version in place, the one before it, and one that is asked about late. */
const KEPT = 3

interface Kept {
  readonly catalog: DataCatalog
  readonly counts: ValueCounts
  readonly answered: Map<string, ModelCatalog>
  readonly key: string
  readonly prefix: string
}

/** Opens references as they are asked for. Each is read once, and again when a file that was not kept has changed. */
export function openReferences(options: ReferenceOptions): References {
  const { program, root, session, needed, frozen, models } = options
  let kept: readonly Kept[] = []
  let opened = 0
  /** The relations of data, and those with the answers of a version where they are asked for. */
  const answeredBy = (data: Kept, version: string | null): Reference => {
    const { catalog, counts } = data
    if (version === null || models === undefined) return { catalog, counts, cellsOf: () => undefined }
    const tables = `${data.prefix}_${data.answered.size}_`
    const bound = data.answered.get(version) ?? models.bind(catalog, version, tables)
    data.answered.set(version, bound)
    return { catalog: bound, counts, cellsOf: (relation) => bound.cellsOf(relation) }
  }
  const drop = async (old: Kept): Promise<void> => {
    for (const ordinal of program.datasets.keys())
      await session.query(sql`DROP TABLE IF EXISTS ${identifier(`${old.prefix}_${ordinal}`)}`)
    for (let bound = 0; bound < old.answered.size; bound++)
      for (const [at] of program.relations.entries())
        for (const table of ['answers', 'model_rows'])
          await session.query(sql`DROP TABLE IF EXISTS ${identifier(`${old.prefix}_${bound}_${table}_${at}`)}`)
  }
  return {
    async of(version) {
      const data = frozen(version) ?? {}
      const key = digestOf(Object.fromEntries(Object.entries(data).map(([name, { digest }]) => [name, digest])))
      const known = kept.find((each) => each.key === key)
      if (known !== undefined && !(await hasChanged(known.catalog))) {
        kept = [known, ...kept.filter((each) => each !== known)]
        return answeredBy(known, version)
      }
      const prefix = `reference_${opened++}`
      const catalog = dataCatalog({
        program,
        root,
        session,
        needed,
        tables: prefix,
        frozen: (name) => {
          const dataset = Object.hasOwn(data, name) ? data[name] : undefined
          return dataset === undefined ? undefined : { digest: dataset.digest, files: frozenFiles(dataset) }
        },
      })
      const others = kept.filter((each) => each !== known)
      for (const old of [...(known === undefined ? [] : [known]), ...others.slice(KEPT - 1)]) await drop(old)
      const opening: Kept = { key, prefix, catalog, counts: valueCounts(session), answered: new Map() }
      kept = [opening, ...others.slice(0, KEPT - 1)]
      return answeredBy(opening, version)
    },
  }
}

async function hasChanged(catalog: DataCatalog): Promise<boolean> {
  for (const { files } of await catalog.loaded()) if ((await changedFiles(files)).length > 0) return true
  return false
}

async function frozenFiles({ files }: FrozenDataset): Promise<Read<readonly SourceFile[]>> {
  const read: SourceFile[] = []
  for (const { name, path } of files) {
    try {
      const { size, mtimeMs } = await stat(path)
      read.push({ path, name, size, modifiedMs: mtimeMs })
    } catch (thrown) {
      return unreadable(
        'source-missing',
        `The copy of "${name}" that was kept with the version cannot be read: ${messageOf(thrown)}.`,
      )
    }
  }
  return found(read)
}
