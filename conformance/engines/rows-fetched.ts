import type { QueryArrayResult } from 'pg'
import { Client } from 'pg'
import { vi } from 'vitest'

/** Watches every statement that PostgreSQL answers from here on; `vi.restoreAllMocks()` ends it. */
export function watchRowsFetched(): { most: number } {
  const seen = { most: 0 }
  const query = Client.prototype.query as (...args: readonly unknown[]) => Promise<QueryArrayResult>
  vi.spyOn(Client.prototype, 'query').mockImplementation(async function (this: Client, ...args: unknown[]) {
    const result = await query.apply(this, args)
    seen.most = Math.max(seen.most, result?.rows?.length ?? 0)
    return result
  } as never)
  return seen
}
