import { guardModule, type PlannedGuard } from '@plumbline/core'
import { createGuard, type Guard, type GuardRules } from '@plumbline/guard'

/** The guard of a plan, its clauses compiled to JavaScript in this process. */
export async function compiledGuard(planned: PlannedGuard): Promise<Guard> {
  const text = guardModule(planned)
  return createGuard((await import(`data:text/javascript,${encodeURIComponent(text)}`)) as GuardRules)
}
