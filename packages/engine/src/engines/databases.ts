import type { ProgramEngine } from '@plumbline/core'
import type { Read } from '../relations/failure.ts'
import { drivers, type StatementProgress } from './drivers.ts'
import type { TableDatabase } from './held-table.ts'

/** Connections to the databases of one run, each made when it is first asked for, and told apart by the engine's name. */
export interface Databases {
  of(engine: ProgramEngine): Promise<Read<TableDatabase>>
  close(): Promise<void>
}

/** What connections are made with. */
export interface DatabasesOptions {
  /** Default: the environment of the process. */
  readonly variable?: (name: string) => string | undefined
  readonly signal?: AbortSignal
  /** Hears how far the statement is that runs in a database, by the engine's name. */
  readonly onProgress?: (engine: string, progress: StatementProgress) => void
}

/** No connection yet. Whoever asks closes it in the end. */
export function openDatabases({ variable, signal, onProgress }: DatabasesOptions = {}): Databases {
  const opened = new Map<string, Promise<Read<TableDatabase>>>()
  return {
    of(engine) {
      const known = opened.get(engine.name)
      if (known !== undefined) return known
      const connecting = drivers[engine.dialect]().then((connect) =>
        connect({
          engine,
          variable: variable ?? ((name) => process.env[name]),
          ...(signal === undefined ? {} : { signal }),
          ...(onProgress === undefined ? {} : { onProgress: (progress) => onProgress(engine.name, progress) }),
        }),
      )
      opened.set(engine.name, connecting)
      return connecting
    },
    async close() {
      for (const each of await Promise.all(opened.values())) if (each.ok) await each.value.close()
      opened.clear()
    },
  }
}
