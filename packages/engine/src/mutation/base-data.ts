import { identifier, join, type Program, type ProgramDataset, type Sql, sql } from '@plumbline/core'
import type { ImagePaths } from '../images/image-columns.ts'
import type { Session } from '../duckdb/session.ts'
import { type DataCatalog, dataCatalog, type LoadedDataset, relationOf } from '../relations/data-catalog.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import type { OpenDataset } from '../relations/open-dataset.ts'
import type { OpenRelation, RelationColumn } from '../relations/relation.ts'

/** The rows of a dataset as a table of the session: `row`, and for column i of the spec `c<i>` and, for misfits, `f<i>`. */
export interface RowTable {
  readonly dataset: ProgramDataset
  readonly table: Sql
  /** Names of the declared columns that could be read. */
  readonly columns: readonly string[]
  /** Those of them with a column of misfits. */
  readonly misfits: ReadonlySet<string>
  readonly failures: OpenDataset['failures']
}

/** The data of a program, read once. */
export interface BaseData {
  readonly catalog: DataCatalog
  readonly tables: ReadonlyMap<string, RowTable>
}

/** The cell of a column in a row table. */
export function cellOf({ dataset }: RowTable, name: string): Sql {
  return identifier(`c${dataset.columns.findIndex((column) => column.name === name)}`)
}

/** The misfit of a column in a row table. */
export function misfitOf({ dataset }: RowTable, name: string): Sql {
  return identifier(`f${dataset.columns.findIndex((column) => column.name === name)}`)
}

/** Reads every dataset of the program. One that cannot be read has no table; its clauses say why. */
export async function openBaseData(
  program: Program,
  root: string,
  session: Session,
  images: ImagePaths = new Map(),
): Promise<BaseData> {
  const files = dataCatalog({ program, root, session, images })
  const tables = new Map<string, RowTable>()
  for (const [ordinal, dataset] of program.datasets.entries()) {
    const loaded = await files.dataset(dataset.name)
    if (!loaded.ok) continue
    const made = await copyOf(session, loaded.value, ordinal)
    if (made.ok) tables.set(dataset.name, made.value)
  }
  return { catalog: tableCatalog(program, files, tables, 'base'), tables }
}

async function copyOf(session: Session, { dataset, open }: LoadedDataset, ordinal: number): Promise<Read<RowTable>> {
  const table = identifier(`base_${ordinal}`)
  const columns = dataset.columns.filter(({ name }) => open.columns.has(name)).map(({ name }) => name)
  const misfits = new Set(columns.filter((name) => open.columns.get(name)?.misfit !== undefined))
  const rows: RowTable = { dataset, table, columns, misfits, failures: open.failures }
  const parts = columns.flatMap((name) => {
    const column = open.columns.get(name)
    if (column === undefined) return []
    const cell = sql`${column.cell} AS ${cellOf(rows, name)}`
    return column.misfit === undefined ? [cell] : [cell, sql`${column.misfit} AS ${misfitOf(rows, name)}`]
  })
  const made = await session.query(
    sql`CREATE OR REPLACE TEMP TABLE ${table} AS SELECT ${join([sql`"row"`, ...parts], sql`, `)} FROM ${open.numbered}`,
  )
  return made.ok ? found(rows) : unreadable('source-unreadable', made.error.cause)
}

/**
 * A catalog in which some datasets are row tables; the others are as files have them. `name` goes into the digests, which seeds
 * derive from.
 */
export function tableCatalog(
  program: Program,
  files: DataCatalog,
  tables: ReadonlyMap<string, RowTable>,
  name: string,
): DataCatalog {
  const dataset = async (wanted: string): Promise<Read<LoadedDataset>> => {
    const rows = tables.get(wanted)
    const loaded = await files.dataset(wanted)
    if (rows === undefined || !loaded.ok) return loaded
    return found({
      ...loaded.value,
      digest: `${name}:${loaded.value.digest}`,
      open: openTable(rows, loaded.value.open.present),
    })
  }
  return {
    dataset,
    loaded: files.loaded,
    async resolve(wanted) {
      const relation = program.relations.find((each) => each.name === wanted)
      if (relation?.kind !== 'data') return unreadable('source-missing', `There is no data relation "${wanted}" here.`)
      const loaded = await dataset(relation.dataset)
      return loaded.ok ? relationOf(relation, loaded.value) : loaded
    },
  }
}

/** A row table as an open dataset; `present` are the columns of the files, of which a fault may have taken some. */
function openTable(rows: RowTable, present: readonly string[]): OpenDataset {
  const { dataset, table, columns, misfits, failures } = rows
  const open = dataset.columns
    .filter(({ name }) => columns.includes(name))
    .map(
      ({ name, type }): RelationColumn => ({
        name,
        type,
        cell: cellOf(rows, name),
        ...(misfits.has(name) ? { misfit: misfitOf(rows, name) } : {}),
      }),
    )
  return {
    from: table,
    numbered: table,
    columnar: false,
    columns: new Map(open.map((column) => [column.name, column])),
    failures,
    present: present.filter((name) => !failures.has(name)),
    undeclared: [],
  }
}

/** A row table as a relation without a split: what conditions are compiled against. */
export function wholeRelation(rows: RowTable): OpenRelation {
  const { dataset } = rows
  const { undeclared: _, ...open } = openTable(rows, rows.columns)
  return {
    ...open,
    name: dataset.name,
    filter: null,
    key: dataset.key,
    declared: new Map(dataset.columns.map((column) => [column.name, column])),
    digests: {},
    models: {},
  }
}
