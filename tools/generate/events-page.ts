import { eventKinds } from '../../packages/core/src/evidence/events.ts'
import { code, page, table } from './markdown.ts'

/** `docs/reference/events.md`: the closed list of what happens to a system in production. */
export function eventsPage(): string {
  const rows = Object.entries(eventKinds).map(([kind, says]) => [code(kind), says])
  return page(
    'Events',
    'packages/core/src/evidence/events.ts',
    'The rows of the relation `system`: each is a record of the ledger with `at` (RFC 3339), `kind`, `subject`, `digest` (empty where there is none) and sometimes a `detail`, which no clause reads. The kinds are a closed list; a clause that compares `kind` with anything else gets a finding of `plumb check`.',
    table(['kind', 'says'], rows),
  )
}
