import type { GateEntry, PromotionEntry, ReportInput, RunEntry } from '../input.ts'

/** Where the bytes of a version came from. */
export interface Origin {
  readonly run: RunEntry
  readonly stage: RunEntry['stages'][number]
  /** The file it was written to. */
  readonly path: string
}

/** The run that made a version: the first whose stages made these bytes and did not only restore them, else the first. */
export function originOf(digest: string, runs: readonly RunEntry[]): Origin | undefined {
  const origins = runs.flatMap((run) =>
    run.stages.flatMap((stage) =>
      stage.makes.filter((file) => file.digest === digest).map(({ path }): Origin => ({ run, stage, path })),
    ),
  )
  return origins.find(({ stage }) => stage.cached !== true) ?? origins[0]
}

/** The decision that allowed a promotion. */
export function gateOf(
  { gate }: Pick<PromotionEntry, 'gate'>,
  { gates = [] }: Pick<ReportInput, 'gates'>,
): GateEntry | undefined {
  return gates.find(({ record }) => record === gate?.seq)
}
