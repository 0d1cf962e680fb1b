import type { ProgramDataset } from '@plumbline/core'

/** A table of the server as a source; the address comes from the environment. */
export const tableOf = (table: string, more: Partial<{ pinned: boolean; statementTimeoutMs: number }> = {}) => {
  const { pinned = true, ...rest } = more
  return {
    engine: { name: 'warehouse', dialect: 'trino', address: '${WAREHOUSE}', ...rest },
    table,
    pinned,
  } as const satisfies ProgramDataset['source']
}
