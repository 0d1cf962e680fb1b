import { type Evidence, type Host, type HostClock, type Program, type RunInfo } from '@plumbline/core'
import { type Ledger, memoryHost, type MemoryHost, openLedger } from '@plumbline/store'
import { openAlerts } from '../alerts/alerts.ts'
import { evidenceIn } from '../watch/evidence-record.ts'
import type { WatchEvent } from '../watch/events.ts'
import type { WatchResult } from '../watch/failure.ts'
import { openWatch, type Passed, type Watch } from '../watch/watch.ts'
import { type FakeLog, fakeLog, type FakeRow, fakeStage } from './fake-stage.ts'
import { runtimeProgram } from './runtime.ts'

/** Hours in microseconds, and the first instant of the tests. */
export const HOUR = 3_600_000_000
export const DAY = 24 * HOUR
export const BEGIN = Date.UTC(2026, 0, 5) * 1000

/** Clauses of every form that a watch decides: each window, with labels, over windows, over events. */
export const WATCHED = `plumbline: 1
system: { name: credit, version: 1.2.0 }
data:
  accounts:
    source: data/accounts.csv
    key: [id]
    columns:
      id: { type: integer, role: key }
      age: { type: integer }
      default: { type: boolean, role: label }
slices: { young: age < 25 }
models:
  champion:
    artifact: champion.onnx
    task: binary-classification
    input: { from: accounts, columns: [age] }
    outputs: { risk: { type: number } }
    label: default
    decision: risk >= 0.5
clauses:
  stable: { says: a, of: requests, must: "mean(age) < 50.0", slices: [all, young] }
  ranks: { says: b, of: requests, must: "roc_auc() >= 0.7" }
  lasting: { says: c, of: requests, always: "mean(age) < 50.0", window: 1d, for: 2 }
  answered: { says: d, of: system, whenever: 'violated("lasting")', then: 'kind == "retrain.decided"', within: 2d }
  begun: { says: e, of: system, eventually: 'kind == "version.deployed"', within: 1d }
`

/** A project that is watched, in memory. */
export interface Project {
  readonly host: MemoryHost
  readonly ledger: Ledger
  readonly log: FakeLog
  readonly program: Program
  readonly events: WatchEvent[]
  /** The clock, in microseconds since 1970 UTC. */
  now: number
}

/** A project with the clauses above; contracts of columns are left out. */
export function watchedProject(within = 3 * DAY, spec = WATCHED, windows: readonly number[] = [DAY]): Project {
  const monitor = { windows, lateness: HOUR, labels: { source: 'l.csv', join: ['id'], within, minShare: '0.5' } }
  const all = runtimeProgram(monitor, spec)
  const program = { ...all, clauses: all.clauses.filter(({ origin }) => origin === 'authored') }
  const memory = memoryHost()
  const project: Partial<Project> & { now: number } = { now: BEGIN }
  const clock: HostClock = { now: () => project.now / 1000, monotonic: () => 0, simulated: true }
  const host: MemoryHost = { ...memory, clock }
  return Object.assign(project, {
    host,
    ledger: openLedger(host, '/p/.plumb/ledger'),
    log: fakeLog(within),
    program,
    events: [],
  }) as Project
}

/** Opens a watch on it, as a process that begins does. */
export async function openProject(project: Project, host: Host = project.host): Promise<WatchResult<Watch>> {
  const ledger = openLedger(host, project.ledger.directory)
  const alerts = await openAlerts({
    host,
    program: project.program,
    ledger,
    path: '/p/.plumb/watch/alerts.json',
    environment: () => undefined,
    print: () => undefined,
  })
  if (!alerts.ok) throw new Error(alerts.error.message)
  const runInfo = (durationMs: number): RunInfo => ({
    at: new Date(project.now / 1000).toISOString(),
    durationMs,
    host: { os: 'linux', arch: 'x64', node: '24' },
    clock: 'simulated',
    session: 's',
  })
  return openWatch({
    host,
    program: project.program,
    ledger,
    directory: '/p/.plumb/watch',
    toolVersion: '0',
    stage: fakeStage(project.log),
    nothingSeen: (width) => ({ width, rows: 0 }),
    alerts: alerts.value,
    runInfo,
    onEvent: (event) => project.events.push(event),
  })
}

/** One run of a watch with one pass. */
export async function passOnce(project: Project, host?: Host): Promise<Passed> {
  const watch = await openProject(project, host)
  if (!watch.ok) throw new Error(JSON.stringify(watch.failure))
  try {
    const passed = await watch.value.pass()
    if (!passed.ok) throw new Error(JSON.stringify(passed.failure))
    return passed.value
  } finally {
    await watch.value.close()
  }
}

/** All evidence of the ledger. */
export async function evidenceOf({ ledger }: Project): Promise<readonly Evidence[]> {
  const records = await ledger.select()
  if (!records.ok) throw new Error(records.failure.kind)
  return records.value.flatMap((record) => evidenceIn(record) ?? [])
}

let ids = 0
/** Adds a row to the log, at so many days after the beginning. */
export function addRow(project: Project, day: number, more: Partial<FakeRow> = {}): number {
  const id = ids++
  project.log.rows.push({ id, at: Math.round(BEGIN + day * DAY), version: 'sha256:a', bad: false, ...more })
  return id
}
