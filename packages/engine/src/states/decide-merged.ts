import type { EveryClause, Instance, MustClause, Statement, Term } from '@plumbline/core'
import { decidePassed, type Passed, readOf, type RelationPlanRequest } from '../plan/relation-plan.ts'
import { mustOf } from '../plan/must.ts'
import type { NumberCounts } from '../plan/number-counts.ts'
import { askRowTerm } from '../plan/row-terms.ts'
import { scanOf } from '../plan/scan.ts'
import { rowFilter, scopeOf } from '../plan/scope.ts'
import { everyHolds } from '../plan/statements.ts'
import { FIRST, type KeptKind, keptRows } from './failing-rows.ts'
import { refusing } from './merged-relation.ts'
import { type EveryState, keyQuestion, type MustState, type PartitionState } from './partition-state.ts'
import { questionName } from './questions.ts'
import type { StateFolder } from './state-folder.ts'
import type { DistinctKeys } from './key-hashes.ts'
import { binsReader } from './bins-state.ts'
import type { ComparedTerms } from './compared-bins.ts'
import { countsOf, numbersReader } from './counted-numbers.ts'
import { mergeTermStates, sketchedTerm, type TermState, valuesOf } from './term-state.ts'

/** What is decided from states, all of the same questions, in the order of the files. */
export interface MergedRequest {
  /** `relation` is one that is not open, `instances` those of it that parts decide. */
  readonly plan: RelationPlanRequest
  readonly states: readonly PartitionState[]
  readonly folder: StateFolder
  readonly keys: DistinctKeys
  /** What the distances of an instance are measured with. */
  readonly compared: ReadonlyMap<Instance, ComparedTerms>
}

/** Statements of the instances that the states decide; the others need the rows. */
export async function decideMerged(request: MergedRequest): Promise<ReadonlyMap<Instance, Statement>> {
  const decided = new Map<Instance, Statement>()
  for (const [clause, instances] of Map.groupBy(request.plan.instances, (instance) => instance.clause)) {
    const statements =
      clause.form === 'every'
        ? await everyStatements(request, clause, instances)
        : clause.form === 'must'
          ? await mustStatements(request, clause, instances)
          : []
    statements.forEach((statement, i) => {
      const instance = instances[i]
      if (instance !== undefined && statement !== undefined) decided.set(instance, statement)
    })
  }
  return decided
}

function answersOf(states: readonly PartitionState[], instance: Instance): readonly (EveryState | MustState)[] {
  const key = questionName(instance)
  return states.flatMap(({ answers }) => answers[key] ?? [])
}

const total = <T>(parts: readonly T[], of: (part: T) => number): number =>
  parts.reduce((sum, part) => sum + of(part), 0)

async function everyStatements(
  request: MergedRequest,
  clause: EveryClause,
  instances: readonly Instance[],
): Promise<readonly (Statement | undefined)[]> {
  const { plan, states } = request
  const passed: (Passed | undefined)[] = []
  for (const instance of instances) {
    const parts = answersOf(states, instance).filter((part) => part.form === 'every')
    const counts = {
      rows: total(parts, ({ rows }) => rows),
      failing: total(parts, ({ failing }) => failing),
      missing: total(parts, ({ missing }) => missing),
      excluded: total(parts, ({ excluded }) => excluded),
    }
    const wanted = everyHolds(clause, counts) === false ? 'worst' : 'first'
    const isWhole = parts.length === states.length
    const failingIn = !isWhole
      ? undefined
      : clause.condition.kind === 'unique-key'
        ? await keyScope(request, instance, parts)
        : await failingScope(request, parts, wanted)
    if (failingIn === undefined) {
      passed.push(undefined)
      continue
    }
    passed.push({
      instance: { ...instance, clause },
      filter: rowFilter(),
      every: { count: () => Promise.resolve({ ok: true, value: counts }) },
      unassigned: total(parts, ({ unassigned }) => unassigned),
      failingIn,
      ...(await readOf(plan, instance)),
    })
  }
  const found: (Statement | undefined)[] = []
  for (const each of passed) found.push(each === undefined ? undefined : await only(plan, each))
  return found
}

/**
 * Where the failing rows of all files are read: the first files that have enough of them, or all that have some. Undefined where those of one
 * were not kept, or are not what they were.
 */
async function failingScope({ plan, states, folder }: MergedRequest, parts: readonly EveryState[], wanted: KeptKind) {
  const kept: { readonly path: string; readonly before: number }[] = []
  let before = 0
  let found = 0
  for (const [i, { failing, shown }] of parts.entries()) {
    if (failing > 0 && (wanted === 'worst' || found < FIRST)) {
      const own = shown?.rows === 'later' || (wanted === 'worst' && shown?.rows === 'first') ? undefined : shown
      const path = own === undefined ? undefined : await folder.kept(own.digest)
      if (path === undefined) return undefined
      kept.push({ path, before })
      found += failing
    }
    before += states[i]?.rows ?? 0
  }
  return scopeOf(kept.length === 0 ? plan.relation : { ...plan.relation, numbered: keptRows(kept) })
}

/** A key of which no row fails: any other may fail for a row of another file, and all rows say which. */
async function keyScope({ plan, keys }: MergedRequest, instance: Instance, parts: readonly EveryState[]) {
  const hashes = parts.flatMap((part) => part.keys ?? [])
  if (hashes.length < parts.length || parts.some(({ failing }) => failing > 0)) return undefined
  return (await keys.areDistinct(keyQuestion(questionName(instance)), hashes)) ? scopeOf(plan.relation) : undefined
}

/** The statement of one instance; undefined where its failing rows could not be had. */
async function only(plan: RelationPlanRequest, passed: Passed): Promise<Statement | undefined> {
  for await (const statement of decidePassed(plan, [passed]))
    return statement.verdict === 'error' ? undefined : statement
  return undefined
}

async function mustStatements(
  { plan, states, keys, compared }: MergedRequest,
  clause: MustClause,
  instances: readonly Instance[],
): Promise<readonly (Statement | undefined)[]> {
  const database = refusing()
  const relation = { ...plan.relation, database }
  const scope = scopeOf(relation)
  const passed: Passed[] = []
  for (const instance of instances) {
    const parts = answersOf(states, instance).filter((part) => part.form === 'must')
    const terms = parts.length === states.length ? mergedTerms(clause, parts) : undefined
    if (terms === undefined) return []
    for (const [i, { rest }] of terms.entries()) {
      if (rest.kind !== 'keys') continue
      if (!(await keys.areDistinct(keyQuestion(questionName(instance), i), rest.files))) return []
    }
    const filter = rowFilter(instance.slice.condition)
    const scan = scanOf(scope)
    const rows = total(parts, (part) => part.rows)
    const readers = clause.must.terms.map((term, i) => {
      const ask = askRowTerm(scan, term, filter)
      const state = terms[i]
      const sketched = state === undefined ? undefined : sketchedTerm(term, state)
      if (sketched !== undefined) return () => sketched
      const own = compared.get(instance)?.[i]
      if (state !== undefined && own?.kind === 'numbers') return numbersReader(term, state, own)
      const binned = state === undefined ? undefined : binsReader(term, state, own)
      if (binned !== undefined) return binned
      return ask === undefined || state === undefined ? undefined : () => ask.finish(valuesOf(term, state))
    })
    passed.push({
      instance,
      filter,
      must: mustOf(scope, clause, filter, () => ({ ok: true, value: rows }), readers),
      counted: new Map(clause.must.terms.flatMap((term, i) => countedIn(term, terms[i]))),
      unassigned: total(parts, ({ unassigned }) => unassigned),
      failingIn: scope,
      ...(await readOf(plan, instance)),
    })
  }
  const statements: Statement[] = []
  for await (const statement of decidePassed({ ...plan, relation }, passed)) statements.push(statement)
  return database.asked() ? [] : statements
}

const countedIn = (term: Term, state: TermState | undefined): readonly (readonly [Term, NumberCounts])[] =>
  state?.numbers === undefined ? [] : [[term, countsOf(state.numbers)]]

/** The terms of all files together, as a balanced tree: rounding grows with the logarithm of their number. */
function mergedTerms(clause: MustClause, parts: readonly MustState[]): readonly TermState[] | undefined {
  const merged = clause.must.terms.map((_, i) => mergedTerm(parts.map(({ terms }) => terms[i])))
  return merged.every((term) => term !== undefined) ? merged : undefined
}

function mergedTerm(parts: readonly (TermState | null | undefined)[]): TermState | undefined {
  if (parts.length < 2) return parts[0] ?? undefined
  const middle = Math.ceil(parts.length / 2)
  const [left, right] = [mergedTerm(parts.slice(0, middle)), mergedTerm(parts.slice(middle))]
  return left === undefined || right === undefined ? undefined : mergeTermStates(left, right)
}
