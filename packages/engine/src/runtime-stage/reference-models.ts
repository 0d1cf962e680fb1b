import type { Program } from '@plumbline/core'
import { modelCatalogs, type ModelCatalog } from '../model-stage/model-catalog.ts'
import { type ModelFile, type ModelShelf, modelShelf } from '../model-stage/model-shelf.ts'
import type { Session } from '../duckdb/session.ts'
import type { DataCatalog } from '../relations/data-catalog.ts'

/** Where the file of a version is kept; undefined where none is. */
export type KeptModel = (version: string) => ModelFile | undefined

/** Versions that answer once more for the data they were promoted on, so that windows can be compared with it. */
export interface ReferenceModels {
  /** Relations with the answers of a version in the role `champion`. `tables` begins the names of its tables. */
  bind(data: DataCatalog, version: string, tables: string): ModelCatalog
  close(): Promise<void>
}

/** The versions of a program. Nothing is opened before a relation with answers is asked for. */
export function referenceModels(program: Program, session: Session, kept: KeptModel): ReferenceModels {
  const shelves = new Map<string, ModelShelf>()
  const shelfOf = (version: string): ModelShelf => {
    const file = kept(version)
    const shelf = shelves.get(version) ?? modelShelf(program, new Map(file === undefined ? [] : [[version, file]]))
    shelves.set(version, shelf)
    return shelf
  }
  return {
    bind: (data, version, tables) =>
      modelCatalogs({ program, session, data, shelf: shelfOf(version), tables }).bind({ champion: version }),
    async close() {
      for (const shelf of shelves.values()) await shelf.close()
    },
  }
}
