import type { Term } from '@plumbline/core'
import type { TermReader } from '../plan/must.ts'
import { binnedTerm, binsOf, countBins, distanceOfBins } from '../plan/distance-terms.ts'
import { type RowFilter, rowFilter, type Scope } from '../plan/scope.ts'
import type { ValueCounts } from '../plan/value-counts.ts'
import type { Compared, ComparedBins } from './compared-bins.ts'
import type { TermState } from './term-state.ts'

/** Rows in each bin of a distance; counts of parts add up to those of all rows, so that merging is exact. */
export interface BinsRest {
  readonly kind: 'bins'
  /** The fixed edges between bins of numbers, ascending; null where bins are the declared values of a category. */
  readonly edges: readonly number[] | null
  /** As `countBins` has them. */
  readonly rows: readonly number[]
  /** Of the relation that is compared with, where it lies in the same files. */
  readonly compared?: readonly number[]
}

/** What the rows of a part are counted with. */
export interface BinsRequest {
  readonly counts: ValueCounts
  readonly scope: Scope
  readonly term: Term
  readonly slice: RowFilter
  readonly compared: ComparedBins
  /** The part of the relation that is compared with, where it lies in the same file. */
  readonly reference?: Scope
}

/** Counts a part of the rows of a distance; undefined where they cannot be read. */
export async function binsState(request: BinsRequest): Promise<TermState | undefined> {
  const { counts, scope, term, slice, compared, reference } = request
  const binned = binnedTerm(term)
  if (binned === undefined) return undefined
  const { bins } = compared
  const filter = rowFilter(...slice.conditions, term.where)
  const count = (of: Scope) => countBins(counts, of, binned.column, filter, bins)
  const rows = await count(scope)
  if (!rows.ok) return undefined
  const rest: BinsRest = { kind: 'bins', edges: bins.kind === 'edges' ? bins.edges : null, rows: [...rows.value] }
  if (compared.rows !== undefined) return { counts: {}, rest }
  if (reference?.failureOf([binned.column, ...filter.columns]) !== undefined) return undefined
  const other = reference === undefined ? undefined : await count(reference)
  return other?.ok ? { counts: {}, rest: { ...rest, compared: [...other.value] } } : undefined
}

/** Both parts together; undefined where their bins differ. */
export function mergeBins(a: BinsRest, b: BinsRest): BinsRest | undefined {
  if (a.rows.length !== b.rows.length || !sameEdges(a.edges, b.edges)) return undefined
  const { compared } = a
  if ((compared === undefined) !== (b.compared === undefined) || compared?.length !== b.compared?.length)
    return undefined
  const rows = a.rows.map((count, i) => count + (b.rows[i] ?? 0))
  if (compared === undefined) return { kind: 'bins', edges: a.edges, rows }
  return { kind: 'bins', edges: a.edges, rows, compared: compared.map((count, i) => count + (b.compared?.[i] ?? 0)) }
}

function sameEdges(a: readonly number[] | null, b: readonly number[] | null): boolean {
  if (a === null || b === null) return a === b
  return a.length === b.length && a.every((edge, i) => edge === b[i])
}

/** Whether a state was counted with these bins. */
export function isOfBins({ rest }: TermState, { bins, rows }: ComparedBins): boolean {
  if (rest.kind !== 'bins' || rest.rows.length !== binsOf(bins)) return false
  if (!sameEdges(rest.edges, bins.kind === 'edges' ? bins.edges : null)) return false
  return rows === undefined ? rest.compared?.length === rest.rows.length : rest.compared === undefined
}

/** Reads the value of a distance off the bins of all rows; undefined for any other term. */
export function binsReader(term: Term, { rest }: TermState, compared: Compared | undefined): TermReader | undefined {
  const binned = binnedTerm(term)
  if (binned === undefined || rest.kind !== 'bins' || compared?.kind !== 'bins') return undefined
  const reference = compared.rows ?? Uint32Array.from(rest.compared ?? [])
  const window = Uint32Array.from(rest.rows)
  return (resampling) => distanceOfBins({ term, ...resampling }, binned.fn, compared.bins, reference, window)
}
