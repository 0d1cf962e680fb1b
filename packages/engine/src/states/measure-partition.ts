import {
  type EveryClause,
  type FileDataset,
  identifier,
  type Instance,
  type Program,
  sql,
  type Term,
} from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { withBounds } from '../plan/bounds.ts'
import { comparedCell, comparedTerm, expectCounts } from '../plan/distance-terms.ts'
import { askEvery, type EveryAsk, type EveryCounts, keyMissing, underPolicy } from '../plan/every.ts'
import { columnsRead, numberOf, unsplit } from '../plan/relation-plan.ts'
import { type Answer, type Scan, scanOf, type Ticket } from '../plan/scan.ts'
import { countIf, type RowFilter, rowFilter, type Scope, scopeOf, undecidedRows } from '../plan/scope.ts'
import { everyHolds } from '../plan/statements.ts'
import { FEW_ROWS, type ValueCounts, valueCounts } from '../plan/value-counts.ts'
import { type LoadedDataset, relationOf } from '../relations/data-catalog.ts'
import { binsState } from './bins-state.ts'
import { type ComparedNumbers, type ComparedTerms, dataRelation } from './compared-bins.ts'
import { type NumberKeeper, numberKeeper } from './counted-numbers.ts'
import { FIRST, keepFailingRows } from './failing-rows.ts'
import { keepKeyHashes } from './key-hashes.ts'
import type { EveryState, MustState } from './partition-state.ts'
import { type AskedRelation, questionName } from './questions.ts'
import type { StateFolder } from './state-folder.ts'
import { askTermState, type TermState, type TermStateAsk } from './term-state.ts'

/** The answers of one file, and how many rows it has. */
export interface MeasuredPartition {
  readonly rows: number
  readonly answers: Readonly<Record<string, EveryState | MustState>>
}

interface Asked {
  readonly instance: Instance
  readonly filter: RowFilter
  readonly unplaced: Ticket | undefined
  readonly rows: Ticket
  readonly every?: EveryAsk
  readonly terms?: readonly TermStateAsk[]
}

/** Counts of values of one file, those that are kept and those that are not. */
interface Counting {
  readonly counts: ValueCounts
  readonly keeper: NumberKeeper
}

/** One file of a dataset, open by itself. */
export interface PartitionRequest {
  readonly program: Program
  readonly session: Session
  readonly loaded: LoadedDataset & { readonly dataset: FileDataset }
  readonly folder: StateFolder
  readonly before: FailingBefore
}

/** Failing rows of a question in the files before this one. */
export type FailingBefore = (question: string) => number

/** Measures what is asked of one file; undefined where something of it cannot be measured. */
export async function measurePartition(
  request: PartitionRequest,
  asked: readonly AskedRelation[],
): Promise<MeasuredPartition | undefined> {
  const { session, loaded } = request
  const counted = await session.query(sql`SELECT count(*) AS ${identifier('n')} FROM ${loaded.open.from}`)
  if (!counted.ok) return undefined
  const answers: Record<string, EveryState | MustState> = {}
  const counts = valueCounts(session)
  const counting = { counts, keeper: numberKeeper(counts) }
  for (const each of asked) {
    const measured = await measureRelation(request, each, counting)
    if (measured === undefined) return undefined
    for (const [instance, answer] of measured) answers[questionName(instance)] = answer
  }
  return { rows: Number(counted.value.columns.get('n')?.[0] ?? 0), answers }
}

async function measureRelation(
  request: PartitionRequest,
  { relation: named, instances, compared }: AskedRelation,
  counting: Counting,
): Promise<ReadonlyMap<Instance, EveryState | MustState> | undefined> {
  const { session, loaded, folder } = request
  const opened = relationOf(named, loaded)
  if (!opened.ok) return undefined
  const read = new Set(instances.flatMap((instance) => [...columnsRead(instance, opened.value)]))
  const relation = await withBounds(session, opened.value, read)
  const scope = scopeOf(relation)
  if (scope.failureOf(read) !== undefined) return undefined
  const scan = scanOf(scope)
  const outside = scanOf(scopeOf({ ...relation, filter: null }))
  const lost = unsplit(outside, relation)
  const { counts, keeper } = counting
  const asked = instances.map((instance) =>
    askPart(request, scan, { counts, keeper }, instance, compared?.get(instance) ?? []),
  )
  await scan.run(session)
  await outside.run(session)
  const unsplitRows = numberOf(outside, lost)
  const answers = new Map<Instance, EveryState | MustState>()
  for (const each of asked) {
    const unassigned = unsplitRows + numberOf(scan, each.unplaced)
    const rows = scan.answer(each.rows)
    if (!rows.ok) return undefined
    if (each.terms !== undefined) {
      const { clause } = each.instance
      if (clause.form === 'must' && Number(rows.value) <= FEW_ROWS)
        expectCounts(counts, scope, each.filter, clause.must.terms)
      const terms: (TermState | null)[] = []
      for (const term of each.terms) terms.push((await term.read(session)) ?? null)
      answers.set(each.instance, { form: 'must', rows: Number(rows.value), unassigned, terms })
      continue
    }
    const counted = await each.every?.count(session)
    if (counted === undefined || !counted.ok) return undefined
    if (isKey(each.instance)) {
      const keys = await keysOf(session, scope, each, counted.value.rows, folder)
      answers.set(each.instance, { form: 'every', ...counted.value, unassigned, ...(keys && { keys }) })
      continue
    }
    const shown = await shownOf(session, scopeOf(opened.value), loaded.dataset, each, counted.value, request)
    answers.set(each.instance, { form: 'every', ...counted.value, unassigned, ...shown })
  }
  return answers
}

const isKey = ({ clause }: Instance): boolean => clause.form === 'every' && clause.condition.kind === 'unique-key'

/** The hashes of the keys that are there whole; undefined where they are not kept. */
function keysOf(
  session: Session,
  scope: Scope,
  { instance: { clause }, filter }: Asked,
  rows: number,
  folder: StateFolder,
) {
  if (clause.form !== 'every' || clause.condition.kind !== 'unique-key') return undefined
  const { columns } = clause.condition
  const condition = sql`NOT ${keyMissing(scope, columns)}`
  return keepKeyHashes(session, { scope, columns, filter, condition, rows }, folder)
}

/** Rows that lack a part of the key. Whether the others are distinct, one file does not say. */
function askLacking(scan: Scan, clause: EveryClause, columns: readonly string[], filter: RowFilter): EveryAsk {
  const { scope } = scan
  const rows = scan.ask(countIf(scope, filter), filter.columns)
  const lacking = scan.ask(countIf(scope, filter, keyMissing(scope, columns)), [...columns, ...filter.columns])
  return {
    count() {
      const [all, missing] = [scan.answer(rows), scan.answer(lacking)]
      if (!all.ok) return Promise.resolve(all)
      if (!missing.ok) return Promise.resolve(missing)
      const [n, lost] = [Number(all.value), Number(missing.value)]
      return Promise.resolve({ ok: true, value: underPolicy(clause, n, lost, lost) })
    },
  }
}

/** The hashes of what `duplicates` counts; a missing cell equals a missing cell. */
async function duplicatesState(
  { session, folder }: PartitionRequest,
  scope: Scope,
  term: Term,
  slice: RowFilter,
  rows: Answer,
): Promise<TermState | undefined> {
  if (!rows.ok) return undefined
  const columns = term.args.flatMap((arg) => (arg.kind === 'column' ? [arg.name] : []))
  const filter = rowFilter(...slice.conditions, term.where)
  const keys = await keepKeyHashes(session, { scope, columns, filter, rows: Number(rows.value) }, folder)
  return keys === undefined ? undefined : { counts: {}, rest: { kind: 'keys', files: [keys] } }
}

async function shownOf(
  session: Session,
  scope: Scope,
  dataset: FileDataset,
  { instance, filter }: Asked,
  counts: EveryCounts,
  { folder, before }: PartitionRequest,
): Promise<Pick<EveryState, 'shown'>> {
  const { clause } = instance
  if (counts.failing === 0 || clause.form !== 'every') return {}
  const rows = everyHolds(clause, counts) === false ? 'worst' : 'first'
  if (rows === 'first' && before(questionName(instance)) >= FIRST) return { shown: { rows: 'later' } }
  const digest = await keepFailingRows(session, scope, dataset, clause, filter, rows, folder)
  return digest === undefined ? {} : { shown: { rows, digest } }
}

function askPart(
  request: PartitionRequest,
  scan: Scan,
  { counts, keeper }: Counting,
  instance: Instance,
  compared: ComparedTerms,
): Asked {
  const { clause, slice } = instance
  const { scope } = scan
  const filter = rowFilter(slice.condition)
  const lost = undecidedRows(scope, filter.conditions)
  const base = {
    instance,
    filter,
    rows: scan.ask(countIf(scope, filter), filter.columns),
    unplaced: lost === undefined ? undefined : scan.ask(scope.spelling.countIf(lost), filter.columns),
  }
  if (clause.form === 'every') {
    const { condition } = clause
    const isUnique = condition.kind === 'unique-key'
    return {
      ...base,
      every: isUnique ? askLacking(scan, clause, condition.columns, filter) : askEvery(scan, clause, filter),
    }
  }
  if (clause.form !== 'must') throw new Error(`A clause of the form ${clause.form} is not measured in parts.`)
  return {
    ...base,
    terms: clause.must.terms.map((term, i): TermStateAsk => {
      if (term.fn === 'duplicates') {
        return { read: () => duplicatesState(request, scope, term, filter, scan.answer(base.rows)) }
      }
      const own = compared[i]
      if (own === undefined) return askTermState(scan, term, filter, keeper)
      const reference = referenceIn(request, term)
      if (own.kind === 'numbers') return { read: () => comparedNumbers(keeper, scope, term, filter, own, reference) }
      const asked = { counts, scope, term, slice: filter, compared: own, ...(reference && { reference }) }
      return { read: () => binsState(asked) }
    }),
  }
}

/** The numbers of a distance that needs them, of both sides where both lie in this file. */
async function comparedNumbers(
  keeper: NumberKeeper,
  scope: Scope,
  term: Term,
  slice: RowFilter,
  own: ComparedNumbers,
  reference: Scope | undefined,
): Promise<TermState | undefined> {
  const named = comparedTerm(term)
  if (named === undefined) return undefined
  const filter = rowFilter(...slice.conditions, term.where)
  const keep = (of: Scope) =>
    of.failureOf([named.column, ...filter.columns]) === undefined
      ? keeper.keep(of, filter, comparedCell(of, named.column), of.column(named.column).type)
      : undefined
  const numbers = await keep(scope)
  const state = { counts: {}, rest: { kind: 'none' as const } }
  if (own.reference !== undefined) return numbers && { ...state, numbers }
  const compared = reference === undefined ? undefined : await keep(reference)
  return numbers && compared && { ...state, numbers, compared }
}

/** The rows of this file that a distance compares with; undefined where they lie elsewhere. */
function referenceIn({ program, loaded }: PartitionRequest, term: Term): Scope | undefined {
  const compared = comparedTerm(term)
  const named = compared === undefined ? undefined : dataRelation(program, compared.reference)
  if (named === undefined || named.dataset !== loaded.dataset.name) return undefined
  const opened = relationOf(named, loaded)
  return opened.ok ? scopeOf(opened.value) : undefined
}
