import {
  columnsOf,
  type Digests,
  digestOf,
  type EveryClause,
  type Instance,
  type MustClause,
  type Program,
  type Sql,
  type Statement,
  sql,
  stats,
} from '@plumbline/core'
import { decideMust, type MustMember, replicatesOf } from '../decide/must.ts'
import type { Session } from '../duckdb/session.ts'
import type { Database } from '../engines/database.ts'
import { failureReason } from '../engines/failure-reason.ts'
import type { ReadFailure } from '../relations/failure.ts'
import { digestsOf, type OpenRelation, type RelationCatalog } from '../relations/relation.ts'
import { failed, skipped } from '../statement.ts'
import { withBounds } from './bounds.ts'
import { askEvery, columnsOfCondition, type EveryAsk } from './every.ts'
import { askMust, type MetricMeasurer, type MustAsk } from './must.ts'
import { columnsOfTerm } from './row-terms.ts'
import { drawRows, sampleKey } from './drawn-rows.ts'
import type { CountedTerms } from './samples.ts'
import { type Scan, scanOf, type Ticket } from './scan.ts'
import { countIf, type RowFilter, rowFilter, type Scope, scopeOf, undecidedRows } from './scope.ts'
import { everyHolds, everyStatement, mustStatement } from './statements.ts'
import { valueCounts, type ValueCounts } from './value-counts.ts'
import { keepWitnesses, type WitnessFile, type WitnessFolder } from './witness-file.ts'
import { fetchWitnesses, type Witnessed } from './witnesses.ts'

/** What a plan is made of and run with. */
export interface RelationPlanRequest {
  readonly program: Program
  readonly session: Session
  readonly catalog: RelationCatalog
  readonly relation: OpenRelation
  /** `every` and `must` instances of this relation; all slices of a `must` clause together. */
  readonly instances: readonly Instance[]
  readonly toolVersion: string
  /** For model relations: measures what needs a label, a decision, a score or times. */
  readonly metrics?: MetricMeasurer
  /** What was counted of the relations in the catalog, for plans to come; only for a catalog that stays as it is. */
  readonly otherCounts?: ValueCounts
  /** Another seed than that of the digests; what it gives is exploratory. */
  readonly seed?: string
  readonly signal?: AbortSignal
  /** Where more failing rows of violated clauses are kept; nowhere by default. */
  readonly witnessFolder?: WitnessFolder
  /** Failing rows shown per violated clause. Default 20. */
  readonly witnessLimit?: number
}

/** An instance put into a scan. */
interface Asked {
  readonly instance: Instance
  readonly filter: RowFilter
  /** Rows that the slice condition cannot place. */
  readonly unplaced?: Ticket
  readonly every?: EveryAsk
  readonly must?: MustAsk
  readonly failure?: ReadFailure
  /** Rows it would need an answer for that there is none of, and what is then said. */
  readonly needed?: { readonly rows: Ticket; readonly failure: ReadFailure }
}

/** An instance of which the pass over the rows is done. */
export interface Passed {
  readonly instance: Instance
  /** Its slice. */
  readonly filter: RowFilter
  readonly every?: EveryAsk
  readonly must?: MustAsk
  readonly counted?: CountedTerms
  readonly failure?: ReadFailure
  /** Rows that neither the split nor the slice can place. */
  readonly unassigned: number
  /** Where its failing rows are read. */
  readonly failingIn: Scope
  readonly digests: Digests
  /** What was left out of the relations it reads. */
  readonly notes: readonly string[]
}

const WITNESSES = 20

/** What answers about the rows of the relation. */
const databaseOf = ({ relation, session }: RelationPlanRequest): Database => relation.database ?? session

/**
 * Decides all `every` and `must` instances of one relation in one plan; statements in the order of the instances. Those that are asked
 * of drawn rows have a plan for each way of drawing: nothing else is ever decided on a sample.
 */
export async function* decideRelation(request: RelationPlanRequest): AsyncGenerator<Statement> {
  const drawing = Map.groupBy(request.instances, (instance) => sampleKey(instance))
  if (drawing.size === 1 && drawing.has('')) return yield* decideRows(request)
  const decided = new Map<Instance, Statement>()
  for (const [key, instances] of drawing) {
    const rows = key === '' ? { ok: true as const, value: request.relation } : await drawRows(request, instances)
    if (!rows.ok) {
      for (const each of instances) {
        const { digests } = await readOf(request, each)
        decided.set(
          each,
          request.signal?.aborted
            ? skipped(each, digests, 'interrupted')
            : failed(each, digests, rows.failure.reason, rows.failure.cause),
        )
      }
      continue
    }
    let at = 0
    for await (const statement of decideRows({ ...request, relation: rows.value, instances })) {
      const instance = instances[at++]
      if (instance !== undefined) decided.set(instance, statement)
    }
  }
  for (const instance of request.instances) {
    const statement = decided.get(instance)
    if (statement !== undefined) yield statement
  }
}

async function* decideRows(request: RelationPlanRequest): AsyncGenerator<Statement> {
  const session = databaseOf(request)
  const read = request.instances.flatMap((instance) => [...columnsRead(instance, request.relation)])
  const relation = await withBounds(session, request.relation, read)
  const scope = scopeOf(relation)
  const scan = scanOf(scope)
  const outside = scanOf(scopeOf({ ...relation, filter: null }))
  const splitErrors = relation.filter === null ? undefined : unsplit(outside, relation)
  const asked = request.instances.map((instance) => askInstance(scan, scope, instance))
  await scan.run(session)
  await outside.run(session)
  const unsplitRows = splitErrors === undefined ? 0 : numberOf(outside, splitErrors)
  const passed: Passed[] = []
  for (const { unplaced, needed, ...each } of asked) {
    const unassigned = unsplitRows + numberOf(scan, unplaced)
    const lacks = needed !== undefined && numberOf(scan, needed.rows) > 0 ? { failure: needed.failure } : {}
    passed.push({ ...each, ...lacks, unassigned, failingIn: scope, ...(await readOf(request, each.instance)) })
  }
  yield* decidePassed({ ...request, relation }, passed)
}

/** Decides instances of which the pass over the rows is done; statements in their order. */
export async function* decidePassed(
  request: RelationPlanRequest,
  planned: readonly Passed[],
): AsyncGenerator<Statement> {
  const { relation } = request
  const decided = new Map<Instance, Statement>()
  for (const each of planned) {
    const known = decided.get(each.instance)
    if (known !== undefined) {
      yield noted(known, each, relation)
      continue
    }
    const { digests } = each
    const { clause } = each.instance
    if (request.signal?.aborted) {
      yield skipped(each.instance, digests, 'interrupted')
    } else if (each.failure !== undefined) {
      yield failed(each.instance, digests, each.failure.reason, each.failure.cause)
    } else if (clause.form === 'every') {
      yield noted(
        await decideEvery(request, { ...each.instance, clause }, each, slicesOf(planned, clause)),
        each,
        relation,
      )
    } else if (clause.form === 'must') {
      const family = planned.filter((other) => other.instance.clause === clause)
      for (const [instance, statement] of await decideFamily(request, clause, family)) {
        decided.set(instance, statement)
      }
      const own = decided.get(each.instance)
      if (own !== undefined) yield noted(own, each, relation)
    }
  }
}

/** Rows of the dataset that the split condition cannot place. */
export function unsplit(scan: Scan, relation: OpenRelation): Ticket | undefined {
  const { filter } = relation
  if (filter === null || scan.scope.failureOf(columnsOf(filter)) !== undefined) return undefined
  const condition = undecidedRows(scan.scope, [filter])
  return condition === undefined ? undefined : scan.ask(scan.scope.spelling.countIf(condition), columnsOf(filter))
}

/** Puts all that one pass can answer of an instance into the scan. */
export function askInstance(scan: Scan, scope: Scope, instance: Instance): Asked {
  const { clause, slice } = instance
  const filter = rowFilter(slice.condition)
  const read = columnsRead(instance, scope.relation)
  const partly = unansweredOf(scope, instance, read)
  const failure = scope.failureOf([...read].filter((name) => partly?.columns.has(name) !== true))
  if (failure !== undefined) return { instance, filter, failure }
  const lost = undecidedRows(scope, filter.conditions)
  const base = {
    instance,
    filter,
    ...(lost === undefined ? {} : { unplaced: scan.ask(scope.spelling.countIf(lost), filter.columns) }),
    ...(partly === undefined
      ? {}
      : { needed: { rows: scan.ask(countIf(scope, filter, partly.rows), read), failure: partly.failure } }),
  }
  if (clause.form === 'every') return { ...base, every: askEvery(scan, clause, filter) }
  if (clause.form === 'must') return { ...base, must: askMust(scan, clause, filter) }
  return base
}

/**
 * The rows on which a column that the instance reads has no answer it could be decided by, where the condition of its slice or split
 * does not read it, too: rows that cannot be placed for want of an answer are needed by every slice.
 */
function unansweredOf(
  { relation: { unanswered, filter } }: Scope,
  { clause, slice }: Instance,
  read: ReadonlySet<string>,
): { readonly columns: ReadonlySet<string>; readonly rows: Sql; readonly failure: ReadFailure } | undefined {
  const columns = new Set([...read].filter((name) => unanswered?.has(name) === true))
  const placing = [slice.condition, filter].flatMap((condition) =>
    condition === null ? [] : [...columnsOf(condition)],
  )
  const [first] = columns
  const rows = first === undefined ? undefined : unanswered?.get(first)
  if (rows === undefined || placing.some((name) => columns.has(name))) return undefined
  const { failed, unasked, failure } = rows
  return { columns, failure, rows: clause.form === 'every' ? failed : sql`(${failed} OR ${unasked})` }
}

/** Every column an instance reads on its relation. */
export function columnsRead(
  instance: Instance,
  relation: { readonly filter: OpenRelation['filter'] },
): ReadonlySet<string> {
  const { clause, slice } = instance
  const own =
    clause.form === 'every'
      ? columnsOfCondition(clause.condition)
      : clause.form === 'must'
        ? clause.must.terms.flatMap((term) => [...columnsOfTerm(term)])
        : []
  return new Set([
    ...own,
    ...(slice.condition === null ? [] : columnsOf(slice.condition)),
    ...(relation.filter === null ? [] : columnsOf(relation.filter)),
  ])
}

/** The count behind a ticket; 0 where there is none, or it was not had. */
export function numberOf(scan: Scan, ticket: Ticket | undefined): number {
  if (ticket === undefined) return 0
  const answer = scan.answer(ticket)
  return answer.ok ? Number(answer.value) : 0
}

/** Digests and notes of everything the instance reads, the relations that its terms compare with included. */
export async function readOf(
  request: RelationPlanRequest,
  instance: Instance,
): Promise<{ readonly digests: Digests; readonly notes: readonly string[]; readonly failure?: ReadFailure }> {
  const { program, relation, toolVersion } = request
  const { clause } = instance
  const own = await digestsOf(relation)
  let data = own.ok ? own.value : {}
  let failure = own.ok ? undefined : own.failure
  const notes = new Set(relation.notes)
  const named =
    clause.form === 'must'
      ? clause.must.terms.flatMap((term) => term.args.flatMap((arg) => (arg.kind === 'relation' ? [arg.relation] : [])))
      : []
  for (const name of new Set(named)) {
    const other = await request.catalog.resolve(name)
    if (!other.ok) continue
    const others = await digestsOf(other.value)
    if (others.ok) data = { ...data, ...others.value }
    else failure ??= others.failure
    for (const note of other.value.notes ?? []) notes.add(note)
  }
  const digests = {
    spec: program.spec.digest,
    clause: clause.digest,
    data,
    models: relation.models,
    tool: toolVersion,
  }
  return { digests, notes: [...notes], ...(failure === undefined ? {} : { failure }) }
}

const drawnNote = ({ rows, of }: NonNullable<OpenRelation['drawn']>): string =>
  `Decided on ${rows} rows drawn at random from ${of}, as the clause says (\`sample\`); what it says of all of them is an estimate.`

/** The statement, with what its reader has to know of the data it was reached on. */
function noted(statement: Statement, { notes }: Passed, { drawn }: OpenRelation): Statement {
  if (!('n' in statement)) return statement
  const said = drawn === undefined ? notes : [...notes, drawnNote(drawn)]
  if (said.length === 0) return statement
  return {
    ...statement,
    ...(drawn === undefined ? {} : { sample: drawn }),
    notes: [...said, ...(statement.notes ?? [])],
  }
}

const slicesOf = (planned: readonly Passed[], clause: EveryClause): number =>
  planned.filter(({ instance }) => instance.clause === clause).length

/** A sample of all rows there are is no sample. */
const drewAll = ({ drawn }: OpenRelation): boolean => drawn !== undefined && drawn.rows === drawn.of

async function decideEvery(
  request: RelationPlanRequest,
  instance: Instance & { readonly clause: EveryClause },
  planned: Passed,
  slices: number,
): Promise<Statement> {
  const session = databaseOf(request)
  const { digests, unassigned, failingIn: scope } = planned
  const family = { slices, drawn: request.relation.drawn !== undefined && !drewAll(request.relation) }
  const counted = await planned.every?.count(session)
  if (counted === undefined || !counted.ok) {
    if (counted?.error.code === 'interrupted') return skipped(instance, digests, 'interrupted')
    if (counted === undefined) return failed(instance, digests, 'engine-failed', 'The clause was not planned.')
    return failed(instance, digests, failureReason(counted.error), counted.error.cause)
  }
  const counts = counted.value
  if (counts.failing === 0) return everyStatement(instance, digests, counts, unassigned, [], family)
  // Rows that `mostly` tolerates are shown, too, but fewer: they are no violation.
  const isViolated = everyHolds(instance.clause, counts) === false
  const limit = isViolated ? (request.witnessLimit ?? WITNESSES) : 5
  const { found, file } = await failingOf(request, scope, instance, planned.filter, limit, isViolated)
  if (found.ok) {
    const kept = file === undefined ? {} : { witness_file: file }
    return { ...everyStatement(instance, digests, counts, unassigned, found.value, family), ...kept }
  }
  if ('disagrees' in found) {
    return failed(
      instance,
      digests,
      'engine-failed',
      `SQL finds row ${found.disagrees.row} failing and the reference evaluator does not. This is a fault of Plumbline, not of the data: please report the clause and the row.`,
    )
  }
  if (found.error.code === 'interrupted') return skipped(instance, digests, 'interrupted')
  return failed(
    instance,
    digests,
    failureReason(found.error),
    `The failing rows could not be read: ${found.error.cause}`,
  )
}

/** Failing rows for evidence; of a violated clause more of them in a file, where they are wanted and the rows are the engine's own. */
async function failingOf(
  request: RelationPlanRequest,
  scope: Scope,
  instance: Instance & { readonly clause: EveryClause },
  filter: RowFilter,
  limit: number,
  isViolated: boolean,
): Promise<{ readonly found: Witnessed; readonly file?: WitnessFile }> {
  const { session, relation, witnessFolder } = request
  if (isViolated && witnessFolder !== undefined && relation.database === undefined)
    return keepWitnesses(session, scope, instance, filter, limit, witnessFolder)
  const which = isViolated ? 'worst' : 'first'
  return { found: await fetchWitnesses(databaseOf(request), scope, instance.clause, filter, limit, which) }
}

async function decideFamily(
  request: RelationPlanRequest,
  clause: MustClause,
  family: readonly Passed[],
): Promise<ReadonlyMap<Instance, Statement>> {
  const { catalog, metrics } = request
  const session = databaseOf(request)
  const statements = new Map<Instance, Statement>()
  const members: (MustMember | undefined)[] = []
  const replicates = replicatesOf(clause, family.length)
  for (const each of family) {
    const { digests } = each
    const seed = seedOf(digests, each.instance, request.seed)
    const context = {
      session: request.session,
      catalog,
      otherCounts: request.otherCounts ?? valueCounts(request.session),
      replicates,
      random: (purpose: string) => stats.createRandom(seed, purpose),
      ...(metrics === undefined ? {} : { metrics }),
      ...(each.counted === undefined ? {} : { counted: each.counted }),
    }
    if (request.signal?.aborted) {
      statements.set(each.instance, skipped(each.instance, digests, 'interrupted'))
      members.push(undefined)
      continue
    }
    const measured = each.failure === undefined ? await each.must?.measure(session, context) : undefined
    if (measured?.ok) {
      members.push({ measured: measured.value, seed })
      continue
    }
    members.push(undefined)
    const failure = each.failure ??
      measured?.failure ?? { reason: 'engine-failed', cause: 'The clause was not planned.' }
    statements.set(
      each.instance,
      request.signal?.aborted
        ? skipped(each.instance, digests, 'interrupted')
        : failed(each.instance, digests, failure.reason, failure.cause),
    )
  }
  const verdicts = decideMust(clause, members)
  family.forEach((each, i) => {
    const member = members[i]
    const verdict = verdicts[i]
    if (member === undefined || verdict === undefined) return
    const instance = { ...each.instance, clause }
    statements.set(each.instance, mustStatement(instance, each.digests, member.measured, each.unassigned, verdict))
  })
  return statements
}

/** Seeds derive from clause, data and model digests, and the instance: a new clause changes no other's sample. */
function seedOf(digests: Digests, instance: Instance, seed: string | undefined): string {
  return digestOf({
    clause: digests.clause,
    data: digests.data,
    models: digests.models,
    relation: instance.relation,
    slice: instance.slice.name,
    ...(seed === undefined ? {} : { seed }),
  })
}
