import type { Instance, Term } from '@plumbline/core'
import { isEstimate } from '../decide/must.ts'
import type { Session } from '../duckdb/session.ts'
import { withBounds } from '../plan/bounds.ts'
import { askInstance, columnsRead } from '../plan/relation-plan.ts'
import { askRowTerm, columnsOfTerm } from '../plan/row-terms.ts'
import { needsValues } from '../plan/samples.ts'
import { type Scan, scanOf } from '../plan/scan.ts'
import { rowFilter, scopeOf } from '../plan/scope.ts'
import type { OpenRelation } from '../relations/relation.ts'
import type { Pass } from './data-plan.ts'

/** A pass whose size is not yet known. */
export type PassOfRelation = Omit<Pass, 'rows' | 'bytes'>

/**
 * The passes that decide instances of one relation, in the order they are made: the very questions that a run would put into its scan,
 * grouped as it groups them.
 */
export async function relationPasses(
  session: Session,
  opened: OpenRelation,
  instances: readonly Instance[],
): Promise<readonly PassOfRelation[]> {
  const read = instances.flatMap((instance) => [...columnsRead(instance, opened)])
  const relation = await withBounds(session, opened, read)
  const scope = scopeOf(relation)
  const scan = scanOf(scope)
  const askedBy = new Map<string, Set<string>>()
  const own: PassOfRelation[] = []
  for (const instance of instances) {
    const watched: Scan = {
      ...scan,
      ask(...given) {
        const ticket = scan.ask(...given)
        askedBy.set(ticket.key, (askedBy.get(ticket.key) ?? new Set()).add(instance.clause.id))
        return ticket
      },
    }
    askInstance(watched, scope, instance)
    own.push(...ownPasses(watched, instance))
  }
  const shared = scan.passes().map(({ keys, columns }): PassOfRelation => {
    const clauses = new Set([...keys].flatMap((key) => [...(askedBy.get(key) ?? [])]))
    return { kind: 'scan', columns: [...columns], questions: keys.size, clauses: [...clauses] }
  })
  const stored = [...new Set(read)].filter((name) => opened.columns.get(name)?.plain !== undefined)
  const statistics: readonly PassOfRelation[] =
    opened.columnar && stored.length > 0
      ? [
          {
            kind: 'statistics',
            columns: stored,
            questions: 2 * stored.length,
            clauses: boundClauses(instances, stored),
          },
        ]
      : []
  return [...statistics, ...shared, ...own]
}

function boundClauses(instances: readonly Instance[], columns: readonly string[]): readonly string[] {
  const reads = (instance: Instance) =>
    [...columnsRead(instance, { filter: null })].some((name) => columns.includes(name))
  return [...new Set(instances.filter(reads).map(({ clause }) => clause.id))]
}

/** What an instance reads beside the scan: its keys, and terms that group rows or need the values themselves. */
function ownPasses(scan: Scan, { clause, slice }: Instance): readonly PassOfRelation[] {
  if (scan.scope.relation.columns.size === 0) return []
  if (clause.form === 'every') {
    if (clause.condition.kind !== 'unique-key') return []
    const { columns } = clause.condition
    return [{ kind: 'key', columns, questions: 1, clauses: [clause.id] }]
  }
  if (clause.form !== 'must') return []
  const filter = rowFilter(slice.condition)
  const grouped = (term: Term): boolean => {
    const columns = columnsOfTerm(term)
    if (scan.scope.failureOf(columns) !== undefined || AT_NO_COST.has(term.fn)) return false
    return askRowTerm(scan, term, filter) === undefined || (isEstimate(term) && needsValues(term))
  }
  return clause.must.terms
    .filter(grouped)
    .map((term) => ({ kind: 'group', columns: [...columnsOfTerm(term)], questions: 1, clauses: [clause.id] }))
}

/** Terms about the columns themselves. */
const AT_NO_COST: ReadonlySet<string> = new Set(['column_count', 'column_position'])
