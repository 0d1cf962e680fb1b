import {
  decideAlways,
  type Evidence,
  type Host,
  type HostFiles,
  instancesOf,
  readWindow,
  type Statement,
  type TimeWindow,
  type Verdict,
  type WheneverClause,
  windowAt,
  windowText,
  worstVerdict,
} from '@plumbline/core'
import { expect, test } from 'vitest'
import { fakeStatement, versionsIn } from '../testing/fake-stage.ts'
import {
  addRow,
  BEGIN,
  DAY,
  evidenceOf,
  HOUR,
  passOnce,
  type Project,
  watchedProject,
} from '../testing/watched-project.ts'
import { eventIn } from './event-history.ts'
import { sayingOf, wheneverStatement } from './event-statements.ts'

/** Rounds of each test; more of them look longer for what is rare. */
const ROUNDS = Number(process.env['PLUMBLINE_WATCH_ROUNDS'] ?? 12)

class Killed extends Error {}

function randomOf(seed: number): (n: number) => number {
  let state = seed
  const next = (): number => (state = (state * 48271) % 2147483647)
  for (let i = 0; i < 5; i++) next()
  return (n) => next() % n
}

/** A machine that stops at its n-th write, with a part of that write on disk, as one that is killed does. */
function dyingAt(host: Host, last: number, random: (n: number) => number): Host {
  let writes = 0
  const { files } = host
  const dying: HostFiles = {
    ...files,
    append: async (path, data, options) => {
      if (++writes <= last) return files.append(path, data, options)
      const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data
      await files.append(path, bytes.slice(0, random(bytes.length + 1)), options)
      throw new Killed()
    },
    writeAtomic: (path, data) => {
      if (++writes > last) return Promise.reject(new Killed())
      return files.writeAtomic(path, data)
    },
  }
  return { ...host, files: dying }
}

/** Days of one history: short enough that a watch has forgotten nothing. */
const DAYS = 6

async function change(project: Project, random: (n: number) => number, today: number): Promise<void> {
  const kind = random(10)
  if (kind < 5) {
    // Mostly of today, at times late, at times from the future.
    const day = random(4) === 0 ? random(DAYS * 100) / 100 : today + random(100) / 100
    addRow(project, day, { bad: random(3) === 0, version: day > 3 && random(4) > 0 ? 'sha256:b' : 'sha256:a' })
  } else if (kind < 8 && project.log.rows.length > 0) {
    const row = project.log.rows[random(project.log.rows.length)]
    const at = Math.round((row?.at ?? BEGIN) + random(400) * 0.01 * DAY)
    project.log.labels.push({ id: random(9) === 0 ? -1 : (row?.id ?? -1), right: random(3) > 0, at })
  } else if (kind === 8) {
    const at = new Date(project.now / 1000).toISOString()
    const event = { at, kind: random(2) === 0 ? 'retrain.decided' : 'alert.sent', subject: 's', digest: '' }
    await project.ledger.append([{ kind: 'event', event }])
  }
}

/** One history: things happen, the watch looks now and then, and is killed now and then. Ends with a look at everything. */
async function live(seed: number, kills: boolean): Promise<Project> {
  const random = randomOf(seed)
  const project = watchedProject()
  let killed = 0
  for (let hours = 0; hours < DAYS * 24; hours += 1 + random(20)) {
    project.now = BEGIN + hours * HOUR
    for (let i = random(6); i > 0; i--) await change(project, random, hours / 24)
    if (random(3) === 0) continue
    if (random(8) === 0) project.now -= random(30) * HOUR
    const host = kills && random(2) === 0 ? dyingAt(project.host, random(8), random) : project.host
    try {
      await passOnce(project, host)
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      killed++
    }
    // At times what is remembered beside the ledger is lost.
    if (kills && random(6) === 0) project.host.disk.files.delete('/p/.plumb/watch/memory.json')
  }
  project.now = BEGIN + DAYS * DAY + 2 * HOUR
  await passOnce(project)
  if (kills) kinds.kills += killed
  return project
}

const kinds = { kills: 0, superseded: 0, versions: 0, decided: 0, waiting: 0, lasted: 0, overdue: 0 }

const keyOf = ({ clause, slice, window, digests }: Statement): string =>
  JSON.stringify([clause, slice, window, digests.models['champion'] ?? null])

/** What must be recorded last, worked out from all there is, window by window. */
function expected(project: Project, windows: readonly TimeWindow[]): ReadonlyMap<string, Statement> {
  const { program, log, now } = project
  const instances = instancesOf(program, ['runtime']).filter(({ relation }) => relation === 'requests')
  const statements = new Map<string, Statement>()
  for (const instance of instances) {
    const conditions = new Map<string, Verdict[]>()
    for (const window of windows) {
      const versions = versionsIn(log, window)
      for (const [version, rows] of versions.size === 0 ? [[null, []] as const] : versions) {
        let statement = fakeStatement(log, instance, window, version, rows, now)
        if (instance.clause.form === 'always') {
          const before = conditions.get(version ?? '') ?? []
          const decision = decideAlways([...before, statement.verdict], instance.clause.for)
          conditions.set(version ?? '', [...before, statement.verdict])
          if (statement.verdict === 'violated' || statement.verdict === 'satisfied') {
            const { reason, streak } = decision
            statement =
              reason === undefined
                ? { ...statement, streak }
                : ({ ...statement, verdict: 'inconclusive', reason, streak } as Statement)
          }
        }
        statements.set(keyOf(statement), statement)
      }
    }
  }
  return statements
}

const essence = (statement: Statement | undefined): unknown => {
  if (statement === undefined) return undefined
  const { verdict, digests } = statement
  const reason = 'reason' in statement ? statement.reason : null
  // What waits for labels is written once: the rows that came meanwhile are read when it is decided.
  if (reason === 'labels-pending') return reason
  return { verdict, reason, data: digests.data, streak: 'streak' in statement ? statement.streak : null }
}

async function judge(project: Project): Promise<void> {
  const evidence = await evidenceOf(project)
  const last = new Map<string, Evidence>()
  const all = new Map<string, Evidence>()
  const emptyOf = new Map<string, Set<string>>()
  for (const each of evidence) {
    const { statement, id } = each
    const { clause, slice, window, supersedes, relation } = statement
    const before = last.get(keyOf(statement))
    const place = JSON.stringify([clause, slice, window])
    // Each record takes the place of the one before it, or of the one that said there were no rows.
    if (before !== undefined) {
      expect([before.id, ...(emptyOf.get(place) ?? [])], keyOf(statement)).toContain(supersedes)
      if (relation === 'requests') expect(essence(statement)).not.toEqual(essence(before.statement))
      kinds.superseded++
    } else if (supersedes !== undefined) expect(emptyOf.get(place)?.has(supersedes)).toBe(true)
    if ('reason' in statement && statement.reason === 'empty-relation')
      emptyOf.set(place, new Set([...(emptyOf.get(place) ?? []), id]))
    all.set(id, each)
    last.set(keyOf(statement), each)
  }
  expect(all.size).toBe(evidence.length)
  await judgeWindows(project, last)
  await judgeEvents(project, last)
}

async function judgeWindows(project: Project, last: ReadonlyMap<string, Evidence>): Promise<void> {
  const recorded = [...last.values()]
    .map(({ statement }) => statement)
    .filter(({ relation }) => relation === 'requests')
  if (project.log.rows.length === 0) return expect(recorded).toEqual([])
  const firsts = recorded.map(({ window }) => readWindow(window ?? '')?.from ?? 0)
  const due = windowAt(DAY, project.now - HOUR).from
  const rows = project.log.rows.map(({ at }) => windowAt(DAY, at).from).filter((from) => from < due)
  const windows: TimeWindow[] = []
  const begin = Math.min(...firsts, ...rows)
  for (let window = windowAt(DAY, begin); window.to <= due; window = windowAt(DAY, window.to)) windows.push(window)
  const want = expected(project, windows)
  for (const [key, statement] of want) {
    const found = last.get(key)?.statement
    const isEmpty = 'reason' in statement && statement.reason === 'empty-relation'
    // Rows that came for a time before the first window that was decided: windows without rows between are not asked about.
    if (isEmpty && found === undefined) continue
    expect(essence(found), key).toEqual(essence(statement))
    if (found?.verdict === 'violated' && found.form === 'always') kinds.lasted++
    if (statement.verdict === 'violated') kinds.decided++
    if (essence(statement) === 'labels-pending') kinds.waiting++
  }
  for (const window of windows) if (versionsIn(project.log, window).size > 1) kinds.versions++
}

async function judgeEvents(project: Project, last: ReadonlyMap<string, Evidence>): Promise<void> {
  const records = await project.ledger.select()
  if (!records.ok) throw new Error('unreadable')
  const events = records.value.flatMap((record) => eventIn(record) ?? [])
  const statements = [...last.values()].map(({ statement }) => statement)
  const lasting = Map.groupBy(
    statements.filter(({ clause, window, slice, digests }) => {
      // A window that got rows later has no empty record any more.
      const others = statements.filter(
        (each) => each.clause === clause && each.window === window && each.slice === slice,
      )
      return clause === 'lasting' && (Object.keys(digests.models).length > 0 || others.length === 1)
    }),
    ({ window }) => window ?? '',
  )
  const verdicts = [...lasting].flatMap(([text, each]) => {
    const window = readWindow(text)
    return window === undefined
      ? []
      : [{ clause: 'lasting', ...window, verdict: worstVerdict(each.map((s) => s.verdict)) }]
  })
  const clause = project.program.clauses.find((each): each is WheneverClause => each.form === 'whenever')
  if (clause === undefined) throw new Error('no clause')
  for (const statement of statements.filter((each) => each.clause === clause.id)) {
    const window = readWindow(statement.window ?? '')
    if (window === undefined) throw new Error('no window')
    const history = { events, verdicts, knownUntil: project.now }
    const want = wheneverStatement(project.program, '0', clause, window, history)
    expect(sayingOf(statement), windowText(window)).toBe(sayingOf(want))
    if (statement.verdict === 'violated') kinds.overdue++
  }
}

test('whatever comes and in whatever order, the last record of every window is what all rows and labels say', async () => {
  for (let round = 1; round <= ROUNDS; round++) await judge(await live(round, false))
  // A generator that never made the interesting cases would agree with anything.
  for (const kind of ['superseded', 'versions', 'decided', 'waiting', 'lasted'] as const)
    expect(kinds[kind], kind).toBeGreaterThan(0)
})

test('killed at any write, with a part of it on disk: no window is lost, none is decided twice', async () => {
  for (let round = 1; round <= ROUNDS; round++) await judge(await live(1000 + round, true))
  expect(kinds.kills).toBeGreaterThan(ROUNDS)
})
