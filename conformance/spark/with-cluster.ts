import { describe } from 'vitest'

/** What a test is given of the cluster that `tools/spark/run.ts` runs. */
export interface Cluster {
  /** `sc://127.0.0.1:41234`. */
  readonly address: string
  /** A folder that the workers see, too. */
  readonly folder: string
}

/** Tests that ask a cluster: they are skipped, saying so, where none is named. */
export function describeWithCluster(title: string, tests: (cluster: Cluster) => void): void {
  const { PLUMB_SPARK: address, PLUMB_SPARK_FOLDER: folder } = process.env
  if (address === undefined || folder === undefined)
    describe.skip(`${title} – skipped: no cluster runs (node tools/spark/run.ts npx vitest run conformance/spark)`, () =>
      tests({ address: '', folder: '' }))
  else describe(title, () => tests({ address, folder }))
}
