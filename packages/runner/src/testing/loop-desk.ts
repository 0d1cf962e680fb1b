import {
  type Evidence,
  eventNow,
  type HostClock,
  type Program,
  type SpawnExit,
  type SpawnRequest,
} from '@plumbline/core'
import { type Ledger, type LedgerBody, memoryHost, type MemoryHost, openLedger } from '@plumbline/store'
import { type LoopEnd, runLoop } from '../retrain/drive.ts'
import { eventIn } from '../retrain/events.ts'
import { instantOf } from '../retrain/events.ts'
import { plumbVerbs } from '../retrain/verbs.ts'
import { digestFor, runtimeProgram } from './runtime.ts'

const DAY_MS = 86_400_000
const BEGIN = Date.UTC(2026, 0, 1)
const DAY = DAY_MS * 1000

/** What a test changes about the verbs that the loop calls. */
export interface Behaviour {
  /** Served requests of the span, and those of them with a label. */
  labels: { served: number; labelled: number }
  /** Why the labels cannot be counted now. */
  countFails?: string
  /** Verbs that end otherwise than well, by their first words: `run`, `test --stage release`, `promote`, … */
  ends: Record<string, { readonly exit: number; readonly json: object }>
  /** Called with the line of each verb before it is played. */
  before: (line: string) => void
  /** What the server says it loaded: the version it was given, or another. */
  lies: boolean
  /** Whether a server is there. */
  serving: boolean
}

/** A project in memory whose verbs are played: they write to its ledger and files what the real ones would. */
export interface LoopDesk {
  readonly host: MemoryHost
  readonly ledger: Ledger
  readonly program: Program
  readonly behaviour: Behaviour
  /** Arguments of the verbs that were called, without those they have in common. */
  readonly called: string[]
  /** The clock, in milliseconds since 1970 UTC. */
  now: number
  /** Runs the loop until it could only wait. */
  settle(): Promise<LoopEnd>
  append(...bodies: readonly LedgerBody[]): Promise<void>
  /** Kinds of the events of retraining and versions, with the reason where there is one. */
  events(): Promise<readonly string[]>
}

/** The instant of a day, in milliseconds since 1970 UTC. */
export const dayAt = (day: number): number => BEGIN + day * DAY_MS

/** A program that retrains when `stable` is violated, and rolls back when `ranks` is. */
export function loopProgram(retrain: Partial<NonNullable<Program['retrain']>> = {}): Program {
  const program = runtimeProgram({ labels: { source: 'labels.csv', join: ['id'], within: 3 * DAY, minShare: '0.8' } })
  return {
    ...program,
    pipeline: {
      candidate: 'next.onnx',
      stages: [
        {
          name: 'learn',
          run: ['node', 'learn.js'],
          needs: ['rows.csv', 'window.parquet'],
          makes: ['next.onnx'],
          params: {},
        },
      ],
    },
    retrain: {
      when: ['stable'],
      newData: false,
      cooldown: 0,
      stages: ['learn'],
      candidate: 'next.onnx',
      window: 'window.parquet',
      ...retrain,
    },
    release: {
      staging: { requires: ['data', 'model'], rollback: [] },
      production: { requires: ['data', 'model', 'release'], rollback: ['ranks'] },
    },
  }
}

/** Evidence as the ledger keeps it. */
export const evidenceBody = (evidence: Evidence): LedgerBody => ({ kind: 'evidence', evidence: evidence as never })

/** A promotion, reduced to what the loop reads. */
export const promotionBody = (
  digest: string,
  at: number,
  rollback?: { readonly reason: string; readonly from: string },
): LedgerBody => ({
  kind: 'promotion',
  model: 'champion',
  digest,
  promotedAt: new Date(at).toISOString(),
  ...(rollback === undefined ? {} : { rollback }),
})

/** The project, with version `a` in production since the first day. */
export async function loopDesk(program: Program = loopProgram(), fault?: () => void): Promise<LoopDesk> {
  const behaviour: Behaviour = {
    labels: { served: 100, labelled: 90 },
    ends: {},
    before: () => undefined,
    lies: false,
    serving: true,
  }
  const called: string[] = []
  const time = { now: BEGIN }
  const clock: HostClock = { now: () => time.now, monotonic: () => performance.now(), simulated: true }
  const memory = memoryHost({
    files: { '/p/rows.csv': 'rows', '/p/plumb.yaml': '' },
    programs: { node: (request) => play(request) },
    ...(fault === undefined ? {} : { fault: () => void fault() }),
  })
  const host: MemoryHost = { ...memory, clock }
  const ledger = openLedger(host, '/p/.plumb/ledger')
  const append = async (...bodies: readonly LedgerBody[]): Promise<void> => {
    const written = await openLedger(host, '/p/.plumb/ledger').append(bodies)
    if (!written.ok) throw new Error(written.failure.kind)
  }
  const say = (request: SpawnRequest, exitCode: number, json: object): SpawnExit => {
    void request.onOutput?.('stdout', new TextEncoder().encode(JSON.stringify(json)))
    return { exitCode, signal: null }
  }
  const event = (kind: 'version.deployed' | 'version.mismatch' | 'version.rolled-back', digest: string): LedgerBody =>
    eventNow(clock, { kind, subject: 'production', digest }) as never
  const readBack = (digest: string): LedgerBody =>
    event(behaviour.lies ? 'version.mismatch' : 'version.deployed', digest)
  const history = async (): Promise<readonly string[]> => {
    const promotions = await ledger.select(({ body }) => body.kind === 'promotion')
    return promotions.ok ? promotions.value.map(({ body }) => String(body['digest'])) : []
  }
  const fileDigest = async (path: string): Promise<string> => {
    const digest = await host.files.digest(path)
    return digest.ok ? digest.value : ''
  }

  const play = async (request: SpawnRequest): Promise<SpawnExit> => {
    const args = request.command.slice(request.command.indexOf('--json') + 1)
    const line = args.join(' ')
    called.push(line)
    behaviour.before(line)
    const planned = Object.entries(behaviour.ends).find(([words]) => line.startsWith(words))?.[1]
    if (planned !== undefined) return say(request, planned.exit, planned.json)
    const valueOf = (name: string): string => args[args.indexOf(name) + 1] ?? ''
    if (args[0] === 'export') {
      const path = `/p/${valueOf('--out')}`
      await host.files.writeAtomic(path, `${valueOf('--from')} ${valueOf('--to')}`)
      return say(request, 0, { ...behaviour.labels, learn: 45, heldOut: 45, digest: await fileDigest(path) })
    }
    if (args[0] === 'run') {
      const learned = await host.files.readFile('/p/window.parquet')
      const text = learned.ok ? new TextDecoder().decode(learned.value) : 'nothing'
      await host.files.writeAtomic('/p/next.onnx', `model of ${text}`)
      const needs = [{ path: 'rows.csv', digest: await fileDigest('/p/rows.csv') }]
      await append({ kind: 'run', statement: { stages: [{ name: 'learn', needs }] }, run: {} })
      return say(request, 0, { status: 'finished', stages: [] })
    }
    if (args[0] === 'test') return say(request, 0, { clauses: [] })
    if (args[0] === 'gate') return say(request, 0, { open: true, reasons: [] })
    if (line.startsWith('promote --rollback')) {
      const reason = valueOf('--reason')
      const promotions = await ledger.select(({ body }) => body.kind === 'promotion')
      const last = promotions.ok ? promotions.value.at(-1)?.body : undefined
      const isDone = (last?.['rollback'] as { reason?: unknown } | undefined)?.reason === reason
      const versions = await history()
      const [from, to] = isDone ? ['', versions.at(-1) ?? ''] : [versions.at(-1) ?? '', versions.at(-2) ?? '']
      if (!isDone) await append(promotionBody(to, time.now, { reason, from }))
      await append(readBack(to), ...(behaviour.lies ? [] : [event('version.rolled-back', to)]))
      return say(request, behaviour.lies ? 1 : 0, { promoted: true, digest: to })
    }
    const digest = await fileDigest(`/p/${valueOf('--candidate')}`)
    if ((await history()).at(-1) !== digest) await append(promotionBody(digest, time.now))
    await append(readBack(digest))
    return say(request, behaviour.lies ? 1 : 0, { promoted: true, digest })
  }

  const desk: LoopDesk = {
    host,
    ledger,
    program,
    behaviour,
    called,
    get now() {
      return time.now
    },
    set now(value) {
      time.now = value
    },
    settle: () =>
      runLoop({
        host,
        root: '/p',
        program,
        ledger: openLedger(host, '/p/.plumb/ledger'),
        verbs: plumbVerbs(host, { command: ['node', 'plumb.js'], root: '/p' }),
        countLabels: async ({ from, to }, by) => {
          const line = `count from ${instantOf(from)} to ${instantOf(to)} by ${instantOf(by)}`
          called.push(line)
          behaviour.before(line)
          const { countFails: why, labels } = behaviour
          return why === undefined ? { ok: true, ...labels } : { ok: false, why }
        },
        trusted: true,
        isServing: async () => behaviour.serving,
        once: true,
      }),
    append,
    async events() {
      const records = await ledger.select()
      if (!records.ok) throw new Error(records.failure.kind)
      return records.value.flatMap((record) => {
        const found = eventIn(record)
        if (found === undefined) return []
        const reason = found.detail?.['reason']
        return [typeof reason === 'string' ? `${found.kind}: ${reason}` : found.kind]
      })
    },
  }
  await append(promotionBody(digestFor('0'), BEGIN - DAY_MS), promotionBody(digestFor('a'), BEGIN))
  return desk
}
