import type { ProgramDataset, Statement } from '@plumbline/core'
import type { DataStageRequest } from '../../packages/engine/src/data-stage.ts'
import { statementsOf } from '../engines/run.ts'

/** A table of the cluster as a source; the address comes from the environment. */
export const tableOf = (table: string, more: Partial<{ pinned: boolean; statementTimeoutMs: number }> = {}) => {
  const { pinned = true, ...rest } = more
  return {
    engine: { name: 'warehouse', dialect: 'spark', address: '${WAREHOUSE}', ...rest },
    table,
    pinned,
  } as const satisfies ProgramDataset['source']
}

/** All statements of a data stage on the cluster. */
export const statementsThere = (
  request: Pick<DataStageRequest, 'program' | 'root'> & Partial<DataStageRequest>,
  address: string | undefined,
): Promise<readonly Statement[]> => statementsOf(request, address)
