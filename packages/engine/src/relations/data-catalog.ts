import {
  type FileDataset,
  isInDatabase,
  isInFiles,
  type Program,
  type ProgramDataset,
  type ProgramRelation,
} from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import type { Database } from '../engines/database.ts'
import type { Databases } from '../engines/databases.ts'
import { digestWithImages, hasImages, type ImagePaths } from '../images/image-columns.ts'
import { found, type Read, unreadable } from './failure.ts'
import { type OpenDataset, openDataset } from './open-dataset.ts'
import { isRemote } from './object-store.ts'
import type { OpenRelation, RelationCatalog, ResolvedRelation } from './relation.ts'
import { csvEncodingOf } from './csv-header.ts'
import { type DatasetFiles, datasetFiles } from './dataset-files.ts'
import { readBytes, type SourceFile, type TextKind } from './source-files.ts'

/** A dataset that was opened: where it came from, and how it is read. */
export interface LoadedDataset {
  readonly dataset: ProgramDataset
  readonly files: readonly SourceFile[]
  readonly digest: string
  /** The digest where it is still made; `digest` is empty there. */
  readonly pinning?: Promise<Read<string>>
  readonly open: OpenDataset
  /** What holds its rows and is asked of them; absent: the session. */
  readonly database?: Database
}

/** Data relations by name; each dataset is opened, and its bytes digested, once. */
export interface DataCatalog extends RelationCatalog {
  dataset(name: string): Promise<Read<LoadedDataset>>
  /** The datasets opened so far that could be read. */
  loaded(): Promise<readonly LoadedDataset[]>
}

/** What the catalog reads from. */
export interface DataCatalogOptions {
  readonly program: Program
  /** The project's directory; sources are inside it. */
  readonly root: string
  readonly session: Session
  /** Where rows that are in databases are asked; without it they cannot be read. */
  readonly databases?: Databases
  /** Columns that are read, by dataset; undefined = all declared ones. */
  readonly needed?: ReadonlyMap<string, ReadonlySet<string>>
  /** Copies that are read in place of the files of a dataset, and the digest they must have. */
  readonly frozen?: (
    dataset: string,
  ) => { readonly digest: string; readonly files: Promise<Read<readonly SourceFile[]>> } | undefined
  /** Told where the images of the data are. */
  readonly images?: ImagePaths
  /** Relations of Parquet files are given before all their bytes were read for the digest (`OpenRelation.pinning`). */
  readonly pinsMeanwhile?: true
  /** Aborting it ends the reading of bytes. */
  readonly signal?: AbortSignal
  /** Names the temporary tables, where one session has several catalogs. */
  readonly tables?: string
}

/** The catalog of a program's data relations. */
export function dataCatalog(options: DataCatalogOptions): DataCatalog {
  const { program } = options
  const datasets = new Map<string, Promise<Read<LoadedDataset>>>()
  const load = (name: string): Promise<Read<LoadedDataset>> => {
    const known = datasets.get(name)
    if (known !== undefined) return known
    const loading = loadDataset(options, name)
    datasets.set(name, loading)
    return loading
  }
  return {
    dataset: load,
    async loaded() {
      const all = await Promise.all(datasets.values())
      return all.flatMap((each) => (each.ok ? [each.value] : []))
    },
    async resolve(name) {
      const relation = program.relations.find((each) => each.name === name)
      if (relation?.kind !== 'data') {
        return unreadable('source-missing', `There is no data relation "${name}" here.`)
      }
      const loaded = await load(relation.dataset)
      return loaded.ok ? relationOf(relation, loaded.value) : loaded
    },
  }
}

async function loadDataset(options: DataCatalogOptions, name: string): Promise<Read<LoadedDataset>> {
  const { program, root, session, needed, tables } = options
  const ordinal = program.datasets.findIndex((each) => each.name === name)
  const declared = program.datasets[ordinal]
  if (declared === undefined) return unreadable('source-missing', `There is no dataset "${name}" in the spec.`)
  if (isInDatabase(declared) && options.databases !== undefined) {
    const database = await options.databases.of(declared.source.engine)
    if (!database.ok) return database
    const columns = needed?.get(name) ?? new Set(declared.columns.map((column) => column.name))
    const table = await database.value.openTable({ dataset: declared, needed: columns })
    if (!table.ok) return table
    return found({ dataset: declared, files: [], ...table.value, database: database.value })
  }
  const frozen = options.frozen?.(name)
  const source = frozen === undefined ? await datasetFiles(root, declared) : await frozenFiles(declared, frozen.files)
  if (!source.ok) return source
  const { dataset, files } = source.value
  const all = new Set(dataset.columns.map((column) => column.name))
  // The bytes are read while the engine works; both only read.
  const reading = readBytes(files, await textKind(files, dataset), options.signal)
  const open = await openDataset(session, {
    dataset,
    files,
    ordinal,
    needed: needed?.get(name) ?? all,
    ...(hasImages(dataset) ? { images: { root, paths: options.images ?? new Map<string, string>() } } : {}),
    ...(tables === undefined ? {} : { table: `${tables}_${ordinal}` }),
  })
  const isSure = open.ok && open.value.columnar && open.value.images === undefined && frozen === undefined
  if (isSure && options.pinsMeanwhile === true) {
    const pinning = reading.then((bytes) => (bytes.ok ? found(bytes.value.digest) : bytes))
    return found({ dataset, files, digest: '', pinning, open: open.value })
  }
  const bytes = await reading
  if (!bytes.ok) return bytes
  if (!open.ok) return open
  const { images } = open.value
  const digest = images === undefined ? bytes.value.digest : digestWithImages(bytes.value.digest, images)
  if (frozen !== undefined && frozen.digest !== digest) {
    return unreadable(
      'source-unreadable',
      `The copy of "${name}" that was kept with the version is not what it was: its digest is ${digest}, not ${frozen.digest}.`,
    )
  }
  return found({ dataset, files: [...files, ...(images?.files ?? [])], digest, open: open.value })
}

async function frozenFiles(
  dataset: ProgramDataset,
  kept: Promise<Read<readonly SourceFile[]>>,
): Promise<Read<DatasetFiles>> {
  const files = await kept
  if (!files.ok) return files
  return isInFiles(dataset)
    ? found({ dataset, files: files.value })
    : unreadable('source-unreadable', `The rows of "${dataset.name}" are in a database now; files were kept of it.`)
}

/** What the bytes of the files have to be, beyond what the engine finds by itself. */
export async function textKind(files: readonly SourceFile[], { source }: FileDataset): Promise<TextKind> {
  if (isRemote(source.path)) return 'any'
  if (source.format === 'json') return 'json'
  return source.format === 'csv' && (await csvEncodingOf(files[0], source.encoding)) === 'utf-8' ? 'utf-8' : 'any'
}

/** A dataset, or a split of it, as a relation. */
export function relationOf(
  relation: ProgramRelation & { readonly kind: 'data' },
  loaded: LoadedDataset,
): ResolvedRelation {
  const { dataset, open, digest, pinning, database } = loaded
  const split = dataset.splits.find((each) => each.name === relation.split)
  if (relation.split !== undefined && split === undefined) {
    return unreadable('source-missing', `The dataset "${dataset.name}" has no split "${relation.split}".`)
  }
  const value: OpenRelation = {
    name: relation.name,
    ...(database === undefined ? {} : { database }),
    from: open.from,
    numbered: open.numbered,
    columnar: open.columnar,
    columns: open.columns,
    failures: open.failures,
    filter: split?.condition ?? null,
    key: dataset.key,
    present: open.present,
    ...(open.notes === undefined ? {} : { notes: open.notes }),
    ...(open.faultIn === undefined ? {} : { faultIn: open.faultIn }),
    declared: new Map(dataset.columns.map((column) => [column.name, column])),
    digests: pinning === undefined ? { [relation.name]: digest } : {},
    ...(pinning === undefined
      ? {}
      : { pinning: pinning.then((read) => (read.ok ? found({ [relation.name]: read.value }) : read)) }),
    models: {},
  }
  return found(value)
}
