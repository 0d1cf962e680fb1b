import { type FileDataset, identifier, type Instance, sql } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { withBounds } from '../plan/bounds.ts'
import { askEvery, type EveryAsk, type EveryCounts } from '../plan/every.ts'
import { columnsRead, numberOf, unsplit } from '../plan/relation-plan.ts'
import { type Scan, scanOf, type Ticket } from '../plan/scan.ts'
import { countIf, type RowFilter, rowFilter, type Scope, scopeOf, undecidedRows } from '../plan/scope.ts'
import { everyHolds } from '../plan/statements.ts'
import { type LoadedDataset, relationOf } from '../relations/data-catalog.ts'
import { keepFailingRows } from './failing-rows.ts'
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

/** Measures what is asked of one file that is open by itself; undefined where something of it cannot be measured. */
export async function measurePartition(
  session: Session,
  loaded: LoadedDataset & { readonly dataset: FileDataset },
  asked: readonly AskedRelation[],
  folder: StateFolder,
): Promise<MeasuredPartition | undefined> {
  const counted = await session.query(sql`SELECT count(*) AS ${identifier('n')} FROM ${loaded.open.from}`)
  if (!counted.ok) return undefined
  const answers: Record<string, EveryState | MustState> = {}
  for (const { relation, instances } of asked) {
    const measured = await measureRelation(session, loaded, relation, instances, folder)
    if (measured === undefined) return undefined
    for (const [instance, answer] of measured) answers[questionName(instance)] = answer
  }
  return { rows: Number(counted.value.columns.get('n')?.[0] ?? 0), answers }
}

async function measureRelation(
  session: Session,
  loaded: LoadedDataset & { readonly dataset: FileDataset },
  named: AskedRelation['relation'],
  instances: readonly Instance[],
  folder: StateFolder,
): Promise<ReadonlyMap<Instance, EveryState | MustState> | undefined> {
  const opened = relationOf(named, loaded)
  if (!opened.ok) return undefined
  const read = new Set(instances.flatMap((instance) => [...columnsRead(instance, opened.value)]))
  const relation = await withBounds(session, opened.value, read)
  const scope = scopeOf(relation)
  if (scope.failureOf(read) !== undefined) return undefined
  const scan = scanOf(scope)
  const outside = scanOf(scopeOf({ ...relation, filter: null }))
  const lost = unsplit(outside, relation)
  const asked = instances.map((instance) => askPart(scan, instance))
  await scan.run(session)
  await outside.run(session)
  const unsplitRows = numberOf(outside, lost)
  const answers = new Map<Instance, EveryState | MustState>()
  for (const each of asked) {
    const unassigned = unsplitRows + numberOf(scan, each.unplaced)
    const rows = scan.answer(each.rows)
    if (!rows.ok) return undefined
    if (each.terms !== undefined) {
      const terms: (TermState | null)[] = []
      for (const term of each.terms) terms.push((await term.read(session)) ?? null)
      answers.set(each.instance, { form: 'must', rows: Number(rows.value), unassigned, terms })
      continue
    }
    const counts = await each.every?.count(session)
    if (counts === undefined || !counts.ok) return undefined
    const shown = await shownOf(session, scopeOf(opened.value), loaded.dataset, each, counts.value, folder)
    answers.set(each.instance, { form: 'every', ...counts.value, unassigned, ...shown })
  }
  return answers
}

async function shownOf(
  session: Session,
  scope: Scope,
  dataset: FileDataset,
  { instance: { clause }, filter }: Asked,
  counts: EveryCounts,
  folder: StateFolder,
): Promise<Pick<EveryState, 'shown'>> {
  if (counts.failing === 0 || clause.form !== 'every') return {}
  const rows = everyHolds(clause, counts) === false ? 'worst' : 'first'
  const digest = await keepFailingRows(session, scope, dataset, clause, filter, rows, folder)
  return digest === undefined ? {} : { shown: { rows, digest } }
}

function askPart(scan: Scan, instance: Instance): Asked {
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
  if (clause.form === 'every') return { ...base, every: askEvery(scan, clause, filter) }
  if (clause.form !== 'must') throw new Error(`A clause of the form ${clause.form} is not measured in parts.`)
  return { ...base, terms: clause.must.terms.map((term) => askTermState(scan, term, filter)) }
}
