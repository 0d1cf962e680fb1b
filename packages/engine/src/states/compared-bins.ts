import type { FileDataset, Instance, Program, ProgramRelation, Term } from '@plumbline/core'
import {
  comparedTerm,
  countBins,
  type DistanceBins,
  isSampled,
  comparedCell,
  referenceBins,
  valueBins,
} from '../plan/distance-terms.ts'
import type { NumberCounts } from '../plan/number-counts.ts'
import { rowFilter, type Scope, scopeOf } from '../plan/scope.ts'
import type { ValueCounts } from '../plan/value-counts.ts'
import type { RelationCatalog } from '../relations/relation.ts'
import { unopenedRelation } from './merged-relation.ts'

type DataRelation = ProgramRelation & { readonly kind: 'data' }

/** What a distance of histograms is measured with, file by file. */
export interface ComparedBins {
  readonly kind: 'bins'
  readonly bins: DistanceBins
  /** Rows of the relation that it compares with in each bin; absent where they lie in the same files and are counted with them. */
  readonly rows?: Uint32Array
}

/** What a distance of the numbers themselves is measured with, or one whose bins follow from rows of the same files. */
export interface ComparedNumbers {
  readonly kind: 'numbers'
  /** The numbers that it compares with; absent where they lie in the same files and are counted with them. */
  readonly reference?: NumberCounts
}

/** What a distance is measured with, file by file. */
export type Compared = ComparedBins | ComparedNumbers

/** By the place of the term in its clause; undefined for terms that compare nothing. */
export type ComparedTerms = readonly (Compared | undefined)[]

/** The data relation of a name; undefined where there is none. */
export function dataRelation(program: Program, name: string): DataRelation | undefined {
  const found = program.relations.find((each) => each.name === name)
  return found?.kind === 'data' ? found : undefined
}

/** Where the rows lie that a distance compares with: in the dataset of the relation itself, or elsewhere. */
export function comparedWithin(program: Program, relation: string, reference: string): 'same' | 'other' | undefined {
  const [own, other] = [dataRelation(program, relation), dataRelation(program, reference)]
  if (own === undefined || other === undefined) return undefined
  return own.dataset === other.dataset ? 'same' : 'other'
}

/** The bins that follow from what the spec declares of a column; undefined for numbers. */
export function declaredBins(dataset: FileDataset, relation: DataRelation, column: string): DistanceBins | undefined {
  const scope = scopeOf(unopenedRelation(relation, dataset, '', []))
  return scope.relation.columns.has(column) ? valueBins(scope, column) : undefined
}

/** What bins are found with: the relations that distances compare with, and what was counted of them. */
export interface ComparisonRequest {
  readonly program: Program
  readonly dataset: FileDataset
  readonly relation: DataRelation
  readonly catalog: RelationCatalog
  readonly counts: ValueCounts
}

/** The bins of all distances of an instance, as a scan of all rows would have them; undefined where one cannot be had. */
export async function comparedTerms(
  request: ComparisonRequest,
  { clause, slice }: Instance,
): Promise<ComparedTerms | undefined> {
  if (clause.form !== 'must') return []
  const found: (Compared | undefined)[] = []
  for (const term of clause.must.terms) {
    const named = comparedTerm(term)
    const compared = named === undefined ? undefined : await comparedOf(request, term, slice.condition)
    if (compared === undefined && named !== undefined) return undefined
    found.push(compared)
  }
  return found
}

async function comparedOf(
  { program, dataset, relation, catalog, counts }: ComparisonRequest,
  term: Term,
  slice: Instance['slice']['condition'],
): Promise<Compared | undefined> {
  const named = comparedTerm(term)
  if (named === undefined) return undefined
  const { column } = named
  const declared = isSampled(named.fn) ? undefined : declaredBins(dataset, relation, column)
  if (comparedWithin(program, relation.name, named.reference) === 'same')
    return declared === undefined ? { kind: 'numbers' } : { kind: 'bins', bins: declared }
  const filter = rowFilter(slice, term.where)
  const scope = await readable(catalog, named.reference, [column, ...filter.columns])
  if (scope === undefined) return undefined
  if (isSampled(named.fn)) {
    const numbers = await counts.numbers(scope, filter, comparedCell(scope, column), scope.column(column).type)
    return numbers.ok ? { kind: 'numbers', reference: numbers.value } : undefined
  }
  const bins = declared ?? (await edgesOf(counts, scope, column, filter))
  if (bins === undefined) return undefined
  const rows = await countBins(counts, scope, column, filter, bins)
  return rows.ok ? { kind: 'bins', bins, rows: rows.value } : undefined
}

async function edgesOf(counts: ValueCounts, scope: Scope, column: string, filter: ReturnType<typeof rowFilter>) {
  const bins = await referenceBins(counts, scope, column, filter)
  return bins.ok ? bins.value : undefined
}

async function readable(
  catalog: RelationCatalog,
  name: string,
  columns: readonly string[],
): Promise<Scope | undefined> {
  const found = await catalog.resolve(name)
  if (!found.ok) return undefined
  const scope = scopeOf(found.value)
  return scope.failureOf(columns) === undefined ? scope : undefined
}

/** The relations that distances of an instance compare with, and whether they lie in the same files. */
function comparedRelations(program: Program, { clause, relation }: Instance) {
  if (clause.form !== 'must') return []
  return clause.must.terms.flatMap((term) => {
    const named = comparedTerm(term)
    const other = named === undefined ? undefined : dataRelation(program, named.reference)
    return other === undefined ? [] : [{ other, within: comparedWithin(program, relation, other.name) }]
  })
}

/** The relations in the same files that an instance compares with. */
export function comparedSplits(program: Program, instance: Instance): readonly DataRelation[] {
  return comparedRelations(program, instance).flatMap(({ other, within }) => (within === 'same' ? [other] : []))
}

/** Names of the relations elsewhere that instances compare with, each once. */
export function comparedElsewhere(program: Program, instances: readonly Instance[]): readonly string[] {
  const all = instances.flatMap((instance) => comparedRelations(program, instance))
  return [...new Set(all.flatMap(({ other, within }) => (within === 'other' ? [other.name] : [])))]
}
