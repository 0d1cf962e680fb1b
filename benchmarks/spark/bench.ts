import { join } from 'node:path'
import { identifier, sql } from '@plumbline/core'
import { connectSpark } from '../../conformance/spark/client.ts'
import { sparkHome, startCluster } from '../../tools/spark/cluster.ts'
import { makeData } from '../plan/make-data.ts'
import { agree, answersOf } from '../support/answers.ts'
import { compared, type Measure, spread } from '../support/figures.ts'
import { byHandOn } from './by-hand.ts'
import { treeCpuMs } from './tree-cpu.ts'

/** How large, and how often. */
export interface SparkSize {
  readonly rows: number
  readonly rounds: number
}

/** Rounds that count for nothing: the server compiles what it runs for the first time, and again what it runs often. */
const WARM = 3

/** 60 clauses on a cluster, against one statement by hand there; nothing where no Spark is installed. */
export async function benchSpark(folder: string, { rows, rounds }: SparkSize): Promise<readonly Measure[]> {
  const home = sparkHome()
  if (home === undefined) {
    process.stderr.write('  skipped: no Spark is installed (tools/spark/install.sh)\n')
    return []
  }
  const parquet = join(folder, `orders-${rows}.parquet`)
  await makeData(parquet, rows)
  const cluster = await startCluster(home)
  try {
    const { address } = cluster
    const session = await connectSpark(address)
    const file = identifier(parquet)
    await session.query(sql`CREATE TABLE "orders" USING parquet AS SELECT * FROM parquet.${file}`)
    await session.close()
    const times: Record<'ours' | 'unpinned' | 'peer', number[]> = { ours: [], unpinned: [], peer: [] }
    const sides = {
      ours: () => answersOf({ dialect: 'spark', address, pinned: true }),
      unpinned: () => answersOf({ dialect: 'spark', address, pinned: false }),
      peer: () => byHandOn(address),
    }
    for (let round = -WARM; round < rounds; round++) {
      const answers: (readonly (number | undefined)[])[] = []
      const names = ['ours', 'unpinned', 'peer'] as const
      for (const i of names.keys()) {
        const name = names[(i + round + WARM) % 3] ?? 'peer'
        const before = treeCpuMs()
        const answer = await sides[name]()
        if (round >= 0) times[name].push(treeCpuMs() - before)
        answers.push(answer)
      }
      agree(answers)
    }
    const size = `${(rows / 1e6).toLocaleString('en')} M rows × 20 columns`
    const median = (of: readonly number[]): number => spread(of).median
    return [
      compared(
        'Spark: 60 clauses, no digest',
        'ms CPU',
        times.unpinned,
        times.peer,
        1.3,
        `${size} in a table; CPU of master, workers, executors, server and of this process, from the call of \`runDataStage\`, connecting and compiling included, to its end; \`pinned: false\`; after ${WARM} rounds that warm the server up. Peer = one fused statement by hand on the same cluster, connecting included.`,
      ),
      compared(
        'Spark: 60 clauses, digest of the rows included',
        'ms CPU',
        times.ours,
        times.peer,
        undefined,
        `The same with the digest of every row that evidence needs and the peer does not make (median ${(median(times.ours) - median(times.unpinned)).toFixed(0)} ms more).`,
      ),
    ]
  } finally {
    await cluster.stop()
  }
}
