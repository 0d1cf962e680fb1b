import {
  bindRoles,
  type EveryClause,
  identifier,
  type Instance,
  type Program,
  type ReleaseCheck,
  type Statement,
  type Versions,
} from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import type { MetricMeasurer } from '../plan/must.ts'
import { decideRelation } from '../plan/relation-plan.ts'
import { dataCatalog } from '../relations/data-catalog.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import type { OpenRelation } from '../relations/relation.ts'
import { failed, type Finding, type FoundOn, skipped, statementOf } from '../statement.ts'
import { doctoredTests, guardProblem } from './bites.ts'
import { outputColumns } from './columns.ts'
import { contractProblem, probesOf, type Signature, signatureOf } from './contract.ts'
import { drive, probe } from './drive.ts'
import type { Exchange } from './exchange.ts'
import type { Offline } from './expected.ts'
import { checkedExchange, checkedProbe, checkedTest, findingOf } from './findings.ts'
import { latencyMeasurer, loadNotes, type LoadShape, measureLoad } from './load.ts'
import { parityOf } from './parity.ts'
import type { Reference } from './reference.ts'
import type { ReleaseRequests } from './requests.ts'
import type { ReleaseStageEvent } from './run-release-stage.ts'
import { servedRelation } from './served-relation.ts'
import type { GuardBench, Staged } from './staged.ts'

/** A release stage with everything at hand. */
export interface PreparedRelease {
  readonly program: Program
  readonly root: string
  readonly session: Session
  readonly reference: Reference
  readonly offline: Offline
  readonly requests: ReleaseRequests
  /** Digests of the rows the requests were made from. */
  readonly data: Readonly<Record<string, string>>
  /** Digests of the candidate and the fallback, by name. */
  readonly models: Readonly<Record<string, string>>
  readonly seed: string
  readonly versions: Versions
  readonly toolVersion: string
  readonly exploratory: boolean
  readonly load: LoadShape
  readonly signal: AbortSignal | undefined
  readonly onEvent: ((event: ReleaseStageEvent) => void) | undefined
  readonly staged: Staged
  readonly bench: GuardBench
}

/** Asks the staged candidate and decides: its form, its numbers, its guard, the clauses on what it served, its time. */
export async function* decideRelease(
  prepared: PreparedRelease,
  instances: readonly Instance[],
): AsyncGenerator<Statement> {
  const { requests, staged, reference, program, signal, onEvent } = prepared
  const checks = instances.filter(isCheck)
  const timed = instances.filter((instance) => instance.clause.form === 'must')
  const rows = instances.filter((instance) => instance.clause.form === 'every' && !isCheck(instance))
  const signature = signatureOf(program, reference, staged)
  if (checks.length > 0 || rows.length > 0) {
    onEvent?.({ kind: 'requests-begun', requests: requests.requests.length })
    const exchanges = await drive({ ...prepared, signature }, requests.requests)
    for (const instance of checks) {
      const found = await decideCheck(prepared, instance.clause.condition.check, exchanges, signature)
      yield signal?.aborted === true ? interrupted(prepared, instance) : statement(prepared, instance, found)
    }
    if (rows.length > 0) yield* decideRows(prepared, rows, exchanges)
  }
  if (timed.length > 0) yield* decideLatency(prepared, timed)
}

type CheckInstance = Instance & {
  readonly clause: EveryClause & { readonly condition: { readonly kind: 'release'; readonly check: ReleaseCheck } }
}

const isCheck = (instance: Instance): instance is CheckInstance =>
  instance.clause.form === 'every' && instance.clause.condition.kind === 'release'

async function decideCheck(
  prepared: PreparedRelease,
  check: ReleaseCheck,
  exchanges: readonly Exchange[],
  signature: Signature,
): Promise<Finding> {
  const { reference, requests, staged, signal } = prepared
  switch (check) {
    case 'contract': {
      const probed = await probe(staged, probesOf(signature), signal)
      const checked = exchanges.map((each, i) => checkedExchange(each, i + 1, contractProblem(each, signature)))
      const about = probed.map((each, i) => checkedProbe(each, exchanges.length + i + 1))
      return findingOf('requests', [...checked, ...about], [counted(exchanges), ...repeated(exchanges)])
    }
    case 'parity': {
      let n = 0
      const differing = exchanges.flatMap((each, i) => {
        const { rows, problems } = parityOf(each)
        n += rows
        return problems.map((problem) => checkedExchange(each, i + 1, problem))
      })
      const real = exchanges.reduce((sum, each) => sum + (each.request.kind === 'real' ? parityOf(each).rows : 0), 0)
      return findingOf('requests', differing, [`${real} of ${n} rows are rows of the data.`], [], n)
    }
    case 'guard': {
      const outputs = outputColumns(prepared.program, reference.planned.plan)
      const doctored = await doctoredTests({ ...prepared, outputs, valid: requests.valid })
      const judged = exchanges.filter(({ expected }) => expected !== undefined)
      const served = judged.map((each, i) => checkedExchange(each, i + 1, guardProblem(each, reference)))
      const made = doctored.tests.map((each, i) => checkedTest(each, judged.length + i + 1))
      const bites = judged.filter(({ request }) => request.kind === 'violation').length
      return findingOf(
        made.length === 0 ? 'requests' : 'requests, doctored answers',
        [...served, ...made],
        [
          `${bites} of ${judged.length} requests were made to violate a clause on the input.`,
          ...(made.length === 0
            ? []
            : [
                `${made.length} tests of clauses on the answer ran the same guard in process before made-up answers: no request can make a model violate them.`,
              ]),
        ],
        [...requests.unbitten, ...doctored.unbitten],
      )
    }
  }
}

function counted(exchanges: readonly Exchange[]): string {
  const kinds = Map.groupBy(exchanges, ({ request }) => request.kind)
  return `Requests: ${[...kinds].map(([kind, found]) => `${found.length} ${kind}`).join(', ')}.`
}

function repeated(exchanges: readonly Exchange[]): readonly string[] {
  const again = exchanges.filter((each) => each.repeated > 0).length
  return again === 0 ? [] : [`${again} of them were asked again: the guard's time was up.`]
}

/** The clauses on `requests`, asked of what was served. */
async function* decideRows(
  prepared: PreparedRelease,
  instances: readonly Instance[],
  exchanges: readonly Exchange[],
): AsyncGenerator<Statement> {
  const relation = await servedRelation({ ...prepared, exchanges, digests: prepared.data })
  yield* decideOn(prepared, relation, instances)
}

async function* decideLatency(prepared: PreparedRelease, instances: readonly Instance[]): AsyncGenerator<Statement> {
  const { staged, reference, requests, seed, load, signal, session, onEvent } = prepared
  onEvent?.({ kind: 'load-begun', requests: load.requests })
  const times = await measureLoad(staged, reference.planned.plan, requests.valid, seed, load, signal)
  const made = await session.load(TIMES, [
    { name: 'row', type: 'bigint', values: BigInt64Array.from(times.added, (_, i) => BigInt(i + 1)) },
  ])
  const table = identifier(TIMES)
  const relation = made.ok
    ? found<OpenRelation>({
        name: 'release',
        from: table,
        numbered: table,
        columnar: false,
        columns: new Map(),
        failures: new Map(),
        filter: null,
        key: [],
        declared: new Map(),
        digests: prepared.data,
        models: prepared.models,
      })
    : unreadable('engine-failed', made.error.cause)
  for await (const each of decideOn(prepared, relation, instances, latencyMeasurer(times.added)))
    yield 'n' in each ? { ...each, notes: loadNotes(times, load) } : each
}

const TIMES = 'release_times'

async function* decideOn(
  prepared: PreparedRelease,
  relation: Read<OpenRelation>,
  instances: readonly Instance[],
  metrics?: MetricMeasurer,
): AsyncGenerator<Statement> {
  const { program, session, toolVersion, signal, root } = prepared
  if (!relation.ok || signal?.aborted === true) {
    for (const instance of instances)
      yield relation.ok || signal?.aborted === true
        ? interrupted(prepared, instance)
        : failed(instance, digestsFor(prepared, instance), relation.failure.reason, relation.failure.cause)
    return
  }
  const statements = decideRelation({
    program,
    session,
    catalog: dataCatalog({ program, root, session }),
    relation: relation.value,
    instances,
    toolVersion,
    ...(metrics === undefined ? {} : { metrics }),
    ...(signal === undefined ? {} : { signal }),
  })
  for await (const each of statements) yield prepared.exploratory ? { ...each, exploratory: true } : each
}

function onOf(
  { program, toolVersion, versions, data, models, exploratory }: PreparedRelease,
  { clause }: Instance,
): FoundOn {
  const binding = bindRoles(clause, versions)
  const bound = binding.kind === 'bound' ? binding.models : {}
  return { program, toolVersion, data, models: { ...models, ...bound }, exploratory }
}

const statement = (prepared: PreparedRelease, instance: Instance, finding: Finding): Statement =>
  statementOf(instance, finding, onOf(prepared, instance))

function digestsFor(prepared: PreparedRelease, instance: Instance) {
  const { program, toolVersion, data, models } = onOf(prepared, instance)
  return { spec: program.spec.digest, clause: instance.clause.digest, data, models, tool: toolVersion }
}

const interrupted = (prepared: PreparedRelease, instance: Instance): Statement =>
  skipped(instance, digestsFor(prepared, instance), 'interrupted')
