import type { TermOutcome } from '../decide/measured.ts'
import type { GroupRequest } from './group-terms.ts'
import { columnsOfTerm, failedTerm } from './row-terms.ts'
import { narrowed, type Scope, scopeOf } from './scope.ts'

/** The scope of a relation that a term names, or why it cannot be read. The slice holds there, too. */
export async function other(
  request: GroupRequest,
  name: string,
  columns: Iterable<string>,
): Promise<{ readonly scope: Scope } | { readonly failed: TermOutcome }> {
  const found = await request.catalog.resolve(name)
  if (!found.ok) return { failed: failedTerm(found.failure.reason, found.failure.cause) }
  const scope = scopeOf(found.value)
  const read = [...columns, ...request.slice.columns]
  const failure = scope.failureOf(read)
  if (failure !== undefined) return { failed: failedTerm(failure.reason, failure.cause) }
  return { scope: narrowed(scope, [...read, ...columnsOfTerm(request.term)]) }
}
