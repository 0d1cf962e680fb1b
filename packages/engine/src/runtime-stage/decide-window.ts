import {
  type Digests,
  type InconclusiveReason,
  type Instance,
  type Program,
  type RequestRows,
  requestRowsOf,
  sql,
  type Statement,
  type TimeWindow,
  windowText,
} from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import type { MetricCells } from '../metrics/metric-cells.ts'
import { metricMeasurer } from '../metrics/measurer.ts'
import { atLeastShare } from '../plan/exact.ts'
import { decideRelation } from '../plan/relation-plan.ts'
import { found, type Read, type ReadFailure } from '../relations/failure.ts'
import type { OpenRelation } from '../relations/relation.ts'
import type { RequestRows as ReadRows } from '../requests/read-request-rows.ts'
import type { DeclaredRequests } from '../requests/request-columns.ts'
import { baseOf } from '../statement.ts'
import { isLabelFree, type LateLabels } from './late-labels.ts'
import type { Reference } from './references.ts'
import { rowsFor, windowRelation, type WindowRelationRequest } from './window-relation.ts'
import type { VersionRows } from './versions.ts'

/** Rows of one window that were read and have their versions. */
export interface ReadWindow {
  readonly program: Program
  readonly session: Session
  readonly toolVersion: string
  readonly window: TimeWindow
  /** Microseconds since 1970 UTC. */
  readonly now: number
  readonly requests: ReadRows
  readonly declared: DeclaredRequests
  readonly table: WindowRelationRequest['table']
  readonly versions: readonly VersionRows[]
  /** Digests of the rows of a version, and of their labels. */
  readonly digestsOf: (version: string | null) => Readonly<Record<'requests' | 'monitor.labels', string>>
  /** The data a version is compared with. */
  readonly references: (version: string | null) => Promise<Reference>
  /** Does something with the labels that had arrived, when the window ended, of rows that a version answered before it. */
  readonly lateLabels: <T>(version: string, work: (late: LateLabels) => Promise<T>) => Promise<Read<T>>
  readonly signal?: AbortSignal
}

/** What was found for a window, and what could not be read: those instances have no statement yet. */
export interface WindowDecision {
  readonly statements: readonly Statement[]
  readonly problems: readonly ReadFailure[]
}

/** Decides instances on `requests` over a window: each for every version that has rows in it. */
export async function decideWindow(read: ReadWindow, instances: readonly Instance[]): Promise<WindowDecision> {
  const groups = Map.groupBy(instances, ({ clause }) => requestRowsOf(read.program, clause))
  const statements: Statement[] = []
  const problems: ReadFailure[] = []
  for (const [asked, group] of groups) {
    const failure = asked === 'labelled' ? labelFailure(read) : undefined
    if (failure !== undefined) problems.push(failure)
    else if (read.versions.length === 0) {
      const data = dataOf(read, null, asked)
      for (const instance of group) statements.push(undecided(read, instance, data, null, 'empty-relation', 0))
    } else
      for (const rows of read.versions) {
        const decided = await decideVersion(read, rows, asked, group)
        if (decided.ok) statements.push(...decided.value)
        else problems.push(decided.failure)
      }
  }
  return { statements, problems }
}

function labelFailure({ requests, declared: { label } }: ReadWindow): ReadFailure | undefined {
  return label === undefined ? undefined : wholeRelation(requests, 'labelled').failures.get(label.name)
}

/** The relation over the whole window; what evidence says of it is said for each version. */
function wholeRelation(requests: ReadRows, asked: RequestRows) {
  return requests.relation({ served: asked !== 'all', labelled: asked === 'labelled' }, { rows: '', labels: '' }, [])
}

function dataOf({ digestsOf }: ReadWindow, version: string | null, asked: RequestRows): Digests['data'] {
  const digests = digestsOf(version)
  return asked === 'labelled' ? digests : { requests: digests.requests }
}

async function decideVersion(
  read: ReadWindow,
  rows: VersionRows,
  asked: RequestRows,
  instances: readonly Instance[],
): Promise<Read<readonly Statement[]>> {
  const { requests } = read
  const data = dataOf(read, rows.version, asked)
  const labels = asked === 'labelled' ? { labels: { arrived: rows.labelled, of: rows.served } } : {}
  const obstacle = obstacleFor(read, rows, asked)
  if (obstacle !== undefined) {
    const { reason, n, cause } = obstacle
    return found(
      instances.map((instance) => ({
        ...undecided(read, instance, data, rows.version, reason, n, cause),
        ...labels,
      })),
    )
  }
  const relation = windowRelation({
    whole: wholeRelation(requests, asked),
    table: read.table,
    version: rows.version,
    asked,
    digests: data,
    model: read.declared.model.name,
  })
  const references = await read.references(rows.version)
  const labelFree = instances.filter(isLabelFree)
  if (labelFree.length > 0 && rows.version !== null) {
    const others = instances.filter((instance) => !isLabelFree(instance))
    const decided = await decideRows(read, rows, asked, others, relation, references, requests.cells)
    const estimated = await read.lateLabels(rows.version, (late) =>
      decideRows(
        read,
        rows,
        asked,
        labelFree,
        { ...relation, digests: { ...relation.digests, 'monitor.labels': late.digest } },
        references,
        { ...requests.cells, labelFree: { own: OWN_ANSWERS, late: late.from } },
      ),
    )
    return estimated.ok ? found([...decided, ...estimated.value]) : estimated
  }
  return found(await decideRows(read, rows, asked, instances, relation, references, requests.cells))
}

/** Rows that the version answered itself. */
const OWN_ANSWERS = sql`("_guard" IN ('accepted', 'flagged'))`

async function decideRows(
  read: ReadWindow,
  rows: VersionRows,
  asked: RequestRows,
  instances: readonly Instance[],
  relation: OpenRelation,
  references: Reference,
  cells: MetricCells,
): Promise<readonly Statement[]> {
  const { program, session, toolVersion, signal } = read
  const labels = asked === 'labelled' ? { labels: { arrived: rows.labelled, of: rows.served } } : {}
  const decided: Statement[] = []
  if (instances.length === 0) return decided
  const plan = {
    program,
    session,
    catalog: references.catalog,
    otherCounts: references.counts,
    relation,
    instances: instances.map(asMust),
    toolVersion,
    metrics: metricMeasurer((name) => (name === 'requests' ? cells : references.cellsOf(name))),
    ...(signal === undefined ? {} : { signal }),
  }
  for await (const statement of decideRelation(plan)) decided.push(statement)
  const forms = new Map(instances.map(({ clause }) => [clause.id, clause.form]))
  return decided.map((statement) => ({
    ...statement,
    form: forms.get(statement.clause) ?? statement.form,
    window: windowText(read.window),
    ...('n' in statement ? labels : {}),
  }))
}

/** A window asks of `always` what `must` asks of any rows; whether it lasted is decided over windows. */
export function asMust(instance: Instance): Instance {
  const { clause } = instance
  if (clause.form !== 'always') return instance
  const { window: _, for: __, ...rest } = clause
  return { ...instance, clause: { ...rest, form: 'must' } }
}

interface Obstacle {
  readonly reason: InconclusiveReason
  /** Rows there are. */
  readonly n: number
  readonly cause: string
}

/** Why a version's rows are not decided on: there are too few of them, or too few labels came so far. */
function obstacleFor(read: ReadWindow, rows: VersionRows, asked: RequestRows): Obstacle | undefined {
  const { program, window, now } = read
  const { minRows = 0, labels } = program.monitor ?? {}
  const n = rowsFor(rows, asked === 'labelled' ? 'served' : asked)
  const few = (count: number, what: string): Obstacle | undefined => {
    if (count === 0) return { reason: 'empty-relation', n: 0, cause: `There are no ${what}.` }
    if (count >= minRows) return undefined
    return { reason: 'too-few-rows', n: count, cause: `There are ${count} ${what}; ${minRows} are asked for.` }
  }
  const fewRows = few(n, asked === 'all' ? 'requests' : 'answered requests')
  if (fewRows !== undefined || asked !== 'labelled') return fewRows
  if (labels === undefined) {
    const cause = 'The spec names no file of labels (`monitor.labels`).'
    return { reason: 'too-few-labels', n: rows.labelled, cause }
  }
  const counted = `${rows.labelled} of ${n} labels have arrived`
  const complete = rows.labelled === n
  if (!complete && now < window.to + labels.within) {
    return { reason: 'labels-pending', n: rows.labelled, cause: `${counted}; the others still have time.` }
  }
  if (!atLeastShare(rows.labelled, n, labels.minShare)) {
    return {
      reason: 'too-few-labels',
      n: rows.labelled,
      cause: `${counted} in time; a share of ${labels.minShare} is asked for.`,
    }
  }
  return few(rows.labelled, 'labelled requests')
}

function undecided(
  read: ReadWindow,
  instance: Instance,
  data: Digests['data'],
  version: string | null,
  reason: InconclusiveReason,
  n: number,
  cause?: string,
): Statement {
  const { program, toolVersion, declared, window } = read
  const digests: Digests = {
    spec: program.spec.digest,
    clause: instance.clause.digest,
    data,
    models: version === null ? {} : { [declared.model.name]: version },
    tool: toolVersion,
  }
  return {
    ...baseOf(instance, digests, 'none'),
    window: windowText(window),
    verdict: 'inconclusive',
    reason,
    n,
    ...(cause === undefined ? {} : { cause }),
  }
}
