import type { Implementation } from '../../packages/core/src/fuzz/implementation.ts'
import { sparkImplementation, type SparkTables } from '../../packages/engine/src/fuzz/spark.ts'
import { connectSpark } from './client.ts'

/** A session on the cluster, and the target with other tables, in which a test plants a bug. */
export interface SparkRunner {
  with(tables?: SparkTables): Implementation
  close(): Promise<void>
}

/** Opens a session of its own. */
export async function openSpark(address: string): Promise<SparkRunner> {
  const session = await connectSpark(address)
  return {
    with: (tables = {}) => sparkImplementation(session, { folded: 1, filtered: 4 }, tables),
    close: session.close,
  }
}
