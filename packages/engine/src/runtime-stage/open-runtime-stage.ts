import {
  type Host,
  identifier,
  type Instance,
  type Program,
  requestRowsOf,
  sql,
  type TimeWindow,
} from '@plumbline/core'
import { neededColumns } from '../data-stage.ts'
import { columnsWithModels } from '../model-stage/columns-needed.ts'
import { openSession, type Session, type SessionOptions } from '../duckdb/session.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import { labelShelf } from '../requests/label-shelf.ts'
import { readRequestRows } from '../requests/read-request-rows.ts'
import { type DeclaredRequests, declaredRequests, logColumnsOf } from '../requests/request-columns.ts'
import { notRead } from '../requests/request-summary.ts'
import { LABEL_CELLS, OWN_CELLS, tableColumns } from '../requests/request-table.ts'
import { rowsDigest } from '../requests/window-digest.ts'
import { type Arrivals, type ArrivalsOptions, lookForArrivals, type SeenLog } from './arrivals.ts'
import { asMust, decideWindow, type ReadWindow, type WindowDecision } from './decide-window.ts'
import { countLabels, type LabelCounts, labelsStamp } from './label-counts.ts'
import { isLabelFree, lateLabels } from './late-labels.ts'
import { type KeptModel, referenceModels } from './reference-models.ts'
import { type FrozenData, openReferences } from './references.ts'
import { assignVersions, ofVersion, type VersionRows } from './versions.ts'

/** What a runtime stage works on. */
export interface RuntimeStageOptions {
  readonly host: Host
  readonly program: Program
  /** The project's directory. */
  readonly root: string
  /** The directory of the log of requests. */
  readonly log: string
  readonly toolVersion: string
  /** The instances that will be asked about, all of them on `requests`. */
  readonly instances: readonly Instance[]
  /** The data that each version was promoted on. */
  readonly frozen: FrozenData
  /** Where the files of versions are kept, which estimates without labels ask again; absent: nowhere. */
  readonly models?: KeptModel
  /** Where labels, which grow with time, are kept while it is open: one stage at a time. Absent: in memory. */
  readonly directory?: string
  readonly session?: Omit<SessionOptions, 'signal'>
  readonly signal?: AbortSignal
}

/** A window, and when it is looked at: labels that arrived later than `now`, or too late for the window, are not seen. */
export interface WindowRequest {
  readonly window: TimeWindow
  /** Microseconds since 1970 UTC. */
  readonly now: number
}

type Digests = Readonly<Record<'requests' | 'monitor.labels', string>>

/** The rows of a window by version, with what tells whether they are still those that were decided on. */
export interface WindowSnapshot {
  readonly version: string | null
  /** As evidence names them. */
  readonly digests: Readonly<Record<'requests', string>>
}

/** Decides windows of the log of requests, one after another, in one session of the engine. */
export interface RuntimeStage {
  /** Rows that came since the log was last looked at. */
  arrivals(seen: SeenLog): Promise<Read<Arrivals>>
  /** Decides instances on a window. What cannot be read has no statement; an interruption is a failure. */
  decide(request: WindowRequest & { readonly instances: readonly Instance[] }): Promise<Read<WindowDecision>>
  /** The digests of a window, without deciding anything. */
  snapshot(request: WindowRequest): Promise<Read<readonly WindowSnapshot[]>>
  /** The labels that windows of a width within a span of time have at an instant. */
  labels(request: WindowRequest & { readonly width: number }): Promise<Read<LabelCounts>>
  /** Changes whenever the file of labels may have. */
  labelsStamp(): Promise<string>
  close(): Promise<void>
}

/** Opens the stage. Nothing is read yet. */
export async function openRuntimeStage(options: RuntimeStageOptions): Promise<Read<RuntimeStage>> {
  const declared = declaredRequests(options.program)
  if (declared === undefined) {
    return unreadable('model-missing', 'The spec declares no champion, so that there are no requests to watch.')
  }
  const session = await openSession({
    // What is watched runs on the same machine: a watch takes one processor, however many there are.
    threads: 1,
    keepsLittle: true,
    ...options.session,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
  if (!session.ok) return unreadable('engine-failed', session.error.cause)
  return found(stageOn(options, declared, session.value))
}

function stageOn(options: RuntimeStageOptions, declared: DeclaredRequests, session: Session): RuntimeStage {
  const { host, program, root, log, toolVersion, frozen, signal } = options
  const keeping = options.directory === undefined ? {} : { directory: options.directory }
  const shelf = labelShelf({ host, session, name: 'labels_kept', ...keeping })
  const looking: ArrivalsOptions = {
    host,
    session,
    directory: log,
    columns: logColumnsOf(declared),
    counted: new Map(),
  }
  const asked = options.instances.map(asMust)
  const needed = asked.some(isLabelFree) ? columnsWithModels(program, asked) : neededColumns(program, asked)
  const models = referenceModels(program, session, options.models ?? (() => undefined))
  const references = openReferences({ program, root, session, needed, frozen, models })
  const within = program.monitor?.labels?.within ?? 0
  const table = identifier('window_rows')

  /** Reads a window into the table, and does something with it. */
  const reading = async <T>(
    { window, now }: WindowRequest,
    withLabels: boolean,
    work: (read: ReadWindow) => Promise<Read<T>>,
  ): Promise<Read<T>> => {
    const asked = { window, now: Math.min(now, window.to + within), withoutLabels: !withLabels }
    const requests = await readRequestRows({ host, session, program, root, directory: log, shelf }, asked, declared, 0)
    if (!requests.ok) return requests
    try {
      const versions = await assignVersions(session, requests.value.table, table)
      if (!versions.ok) return notRead(versions.error)
      const digests = await digestsOf(versions.value, withLabels)
      if (!digests.ok) return digests
      const { value: byVersion } = digests
      return await work({
        program,
        session,
        toolVersion,
        window,
        now,
        requests: requests.value,
        declared,
        table,
        versions: versions.value,
        digestsOf: (version) => byVersion.get(version) ?? NOTHING,
        references: (version) => references.of(version),
        lateLabels: (version, late) =>
          lateLabels({ host, session, program, root, directory: log, shelf }, declared, window, version, late),
        ...(signal === undefined ? {} : { signal }),
      })
    } finally {
      await requests.value.close()
      await session.query(sql`DROP TABLE IF EXISTS ${table}`)
    }
  }

  return {
    arrivals: (seen) => lookForArrivals(looking, seen),
    decide: ({ instances, ...request }) =>
      reading(request, needsLabels(program, instances), async (read) => {
        const decision = await decideWindow(read, instances)
        return signal?.aborted === true ? unreadable('engine-failed', 'Interrupted.') : found(decision)
      }),
    snapshot: (request) =>
      reading(request, false, async ({ versions, digestsOf: digestsFor }) =>
        found(versions.map(({ version }) => ({ version, digests: digestsFor(version) }))),
      ),
    labels: (request) => countLabels({ host, session, program, root, log, declared, shelf, ...request }),
    labelsStamp: () => labelsStamp(root, program.monitor?.labels?.source),
    async close() {
      await models.close()
      session.close()
      // Tables of a session end with it, a file does not.
      if (options.directory !== undefined) await shelf.close()
    },
  }

  /** Of the rows of each version, and of their labels where somebody asks for them. */
  async function digestsOf(
    versions: readonly VersionRows[],
    withLabels: boolean,
  ): Promise<Read<ReadonlyMap<string | null, Digests>>> {
    const cells = [...tableColumns(declared).map(({ cell }) => cell), ...OWN_CELLS]
    const labelCells = [...['_request_id', '_row', '_at'].map(identifier), LABEL_CELLS.label, LABEL_CELLS.at]
    const byVersion = new Map<string | null, Digests>()
    for (const version of versions.length === 0 ? [null] : versions.map((each) => each.version)) {
      const rows = sql`(SELECT * FROM ${table} WHERE ${ofVersion(version)})`
      const own = await rowsDigest(session, rows, cells)
      if (!own.ok) return notRead(own.error)
      const labels = withLabels ? await rowsDigest(session, rows, labelCells) : own
      if (!labels.ok) return notRead(labels.error)
      byVersion.set(version, { requests: own.value, 'monitor.labels': labels.value })
    }
    return found(byVersion)
  }
}

function needsLabels(program: Program, instances: readonly Instance[]): boolean {
  return instances.some(({ clause }) => requestRowsOf(program, clause) === 'labelled')
}

const NOTHING: Digests = { requests: 'snapshot:', 'monitor.labels': 'snapshot:' }
