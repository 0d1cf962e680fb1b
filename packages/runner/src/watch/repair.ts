import { windowText } from '@plumbline/core'
import { asRecorded, type PassContext } from './context.ts'
import { done, type WatchResult } from './failure.ts'
import type { ClosedLines } from './decide-late.ts'
import { partKey } from './window-history.ts'

/**
 * Completes the newest window of each width: the evidence of a window is written at once, but a writer that is killed
 * in the middle may leave a part of it.
 */
export async function repairNewest<Seen>(context: PassContext<Seen>, closed: ClosedLines): Promise<WatchResult<void>> {
  const { stage, history, program, now } = context
  for (const [width, lines] of Map.groupBy(closed, ([line]) => line.width)) {
    const to = Math.max(...lines.map(([, until]) => until))
    const newest = lines.flatMap(([line, until]) => (until === to ? [line] : []))
    const window = { from: to - width, to }
    const snapshot = await stage.snapshot({ window, now })
    // Rows that cannot be read now were read when the window was decided.
    if (!snapshot.ok) continue
    const recorded = newest.flatMap(({ clause }) => history.recorded(clause.id, window) ?? [])
    const there = new Set(recorded.map((each) => `${each.clause} ${partKey(each)}`))
    const versions = snapshot.value.length === 0 ? [null] : snapshot.value.map(({ version }) => version)
    const torn = newest.filter(({ clause, instances }) =>
      instances.some(({ slice }) =>
        versions.some((model) => !there.has(`${clause.id} ${partKey({ slice: slice.name, model })}`)),
      ),
    )
    if (torn.length === 0) continue
    const decided = await stage.decide({ window, now, instances: torn.flatMap(({ instances }) => instances) })
    if (!decided.ok) {
      context.problem(decided.failure)
      continue
    }
    const missing = decided.value.statements.filter((statement) => {
      const [model = null] = Object.values(statement.digests.models)
      return (
        statement.window === windowText(window) &&
        !there.has(`${statement.clause} ${partKey({ slice: statement.slice, model })}`)
      )
    })
    const written = await context.write(
      missing.map((statement) => ({ statement: asRecorded(history, program, statement) })),
    )
    if (!written.ok) return written
  }
  return done(undefined)
}
