import { type Digests, type Instance, type Statement, type TimeWindow, windowText } from '@plumbline/core'
import { asRecorded, type PassContext } from './context.ts'
import { done, stopped, type WatchResult } from './failure.ts'
import { lineKey, type WindowLine } from './plan.ts'
import { dueWindows, type LogExtent } from './schedule.ts'

/**
 * Decides every window that is over and was not asked about. What cannot be read keeps its lines where they are, so that
 * the next pass goes on from there.
 */
export async function decideDue<Seen>(context: PassContext<Seen>, extent: LogExtent): Promise<WatchResult<void>> {
  const { plan, program, history, stage, now } = context
  const lines = new Map(plan.windows.map((line) => [lineKey(line.clause.id, line.width), line]))
  const schedule = plan.windows.map(({ clause, width }) => {
    const closed = history.closed(clause.id, width)
    return { clause: clause.id, width, ...(closed === undefined ? {} : { closed }) }
  })
  const blocked = new Set<WindowLine>()
  for (const due of dueWindows(schedule, extent, now, plan.lateness)) {
    if (context.interrupted()) return stopped({ kind: 'interrupted' })
    const asked = due.lines
      .flatMap(({ clause, width }) => lines.get(lineKey(clause, width)) ?? [])
      .filter((line) => !blocked.has(line))
    if (asked.length === 0) continue
    const instances = asked.flatMap((line) => line.instances)
    if (due.lost) {
      const written = await context.write(
        instances.map((instance) => ({ statement: lost(context, instance, due.window) })),
      )
      if (!written.ok) return written
      continue
    }
    const decided = await stage.decide({ window: due.window, now, instances })
    if (!decided.ok) {
      if (context.interrupted()) return stopped({ kind: 'interrupted' })
      context.problem(decided.failure)
      return done(undefined)
    }
    const { statements, problems } = decided.value
    for (const problem of problems) context.problem(problem)
    for (const line of asked) if (!statements.some(({ clause }) => clause === line.clause.id)) blocked.add(line)
    const written = await context.write(
      statements.map((statement) => ({ statement: asRecorded(history, program, statement) })),
    )
    if (!written.ok) return written
    context.decidedNow.add(windowText(due.window))
  }
  return done(undefined)
}

/** The statement on a window whose rows are gone. */
function lost<Seen>({ program, toolVersion }: PassContext<Seen>, instance: Instance, window: TimeWindow): Statement {
  const { clause, relation, stage, slice } = instance
  const digests: Digests = {
    spec: program.spec.digest,
    clause: clause.digest,
    data: {},
    models: {},
    tool: toolVersion,
  }
  return {
    clause: clause.id,
    form: clause.form,
    stage,
    severity: clause.severity,
    relation,
    slice: slice.name,
    window: windowText(window),
    method: 'none',
    digests,
    verdict: 'error',
    reason: 'source-missing',
    cause: 'Rows of this window were removed from the log, to stay within its bound, before it was decided.',
  }
}
