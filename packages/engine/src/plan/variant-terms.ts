import type { TermOutcome } from '../decide/measured.ts'
import { failureReason } from '../engines/failure-reason.ts'
import type { GroupRequest } from './group-terms.ts'
import { other } from './other-relation.ts'
import { failedTerm } from './row-terms.ts'
import { rowFilter, type Scope } from './scope.ts'
import type { ValueCounts } from './value-counts.ts'

/**
 * What a text is without its case, accents of width, blanks and signs; texts of signs alone stay as they are. Two values of one spelling
 * are most likely meant to be one: "Ok", "ok " and "o.k.".
 */
export function spellingOf(text: string): string {
  const letters = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '')
  return letters === '' ? text : letters
}

/**
 * `variants`: how many distinct values are one too many, being another way to write one that is there. `new_variants`: how many distinct values are not in
 * the other relation, where another way to write them is.
 */
export async function measureVariants(request: GroupRequest): Promise<TermOutcome> {
  const { scope, term, counts, otherCounts } = request
  const [column, relation] = term.args
  if (column?.kind !== 'column') throw new Error(`${term.fn} takes a column.`)
  const own = await valuesOf(request, counts, scope, column.name)
  if ('failed' in own) return own.failed
  if (relation === undefined) return counted(request, own.values.size - spellings(own.values).size, own.missing)
  if (relation.kind !== 'relation') throw new Error(`${term.fn} takes a column and a relation.`)
  const found = await other(request, relation.relation, [column.name])
  if ('failed' in found) return found.failed
  const reference = await valuesOf(request, otherCounts, found.scope, column.name)
  if ('failed' in reference) return reference.failed
  const known = spellings(reference.values)
  const fresh = [...own.values].filter((value) => !reference.values.has(value) && known.has(spellingOf(value)))
  return counted(request, fresh.length, own.missing)
}

const spellings = (values: ReadonlySet<string>): ReadonlySet<string> => new Set([...values].map(spellingOf))

const counted = ({ term }: GroupRequest, value: number, missing: number): TermOutcome => ({
  ok: true,
  value: { term, value, missing },
})

async function valuesOf(
  { slice, term }: GroupRequest,
  counts: ValueCounts,
  scope: Scope,
  column: string,
): Promise<{ readonly values: ReadonlySet<string>; readonly missing: number } | { readonly failed: TermOutcome }> {
  const filter = rowFilter(...slice.conditions, term.where)
  const found = await counts.categories(scope, filter, scope.column(column).cell)
  if (!found.ok) return { failed: failedTerm(failureReason(found.error), `${term.expression}: ${found.error.cause}`) }
  const values = [...found.value.keys()].filter((cell) => cell !== null)
  return { values: new Set(values.map(String)), missing: found.value.get(null) ?? 0 }
}
