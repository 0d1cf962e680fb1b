import { join } from 'node:path'
import { type Digest, type EventKind, eventNow, type PlannedGuard, type Program } from '@plumbline/core'
import {
  type GuardServer,
  type ModelRepository,
  type ModelVersion,
  openOnnxVersion,
  type RequestSink,
  startServer,
} from '@plumbline/server'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { appendRecords, type ProjectState, toJson } from '../project/state.ts'
import { oneLine } from '../terminal/one-line.ts'
import { compiledGuard } from './compiled-guard.ts'
import { findServer } from './live-server.ts'
import {
  removeServing,
  servingFiles,
  type ServingRole,
  type ServingState,
  updateServing,
  writeServing,
} from './state-file.ts'

/** What is to be served, and how. */
export interface ServeRequest {
  readonly role: ServingRole
  readonly program: Program
  readonly planned: PlannedGuard
  readonly state: ProjectState
  readonly repository: ModelRepository
  /** The version that answers first; opened only when nobody else serves the role. */
  readonly first: () => Promise<Outcome<ModelVersion>>
  readonly sink?: RequestSink
  readonly host: string
  readonly port: number
  /** From a request that was read to its answer. */
  readonly timeoutMs?: number
}

/** A model that is being served. */
export interface Serving {
  readonly state: ServingState
  /** Answers what was begun, writes down what is left, and leaves no trace but its events in the ledger. */
  stop(): Promise<void>
}

/** Starts the guard in front of a version, and writes down where it is. */
export async function serveModel(context: CommandContext, request: ServeRequest): Promise<Outcome<Serving>> {
  const { role, program, planned, state: project } = request
  const { host, root } = context
  const other = await findServer(host, root, role)
  if (other !== undefined)
    return failure(
      'cli/already-serving',
      `Process ${other.state.pid} already serves the role ${role} at ${other.state.url}.`,
      'There is one server of a role in a project: others find it, and load versions into it.',
      'Stop that one first, or let `plumb promote` load another version into it.',
    )
  const first = await request.first()
  if (!first.ok) return first
  const fallback = await openFallback(context, program, planned)
  if (!fallback.ok) return fallback
  const token = hex(host.entropy.bytes(32))
  const name = program.spec.name
  let now: ServingState | undefined
  const onSwap = async (version: ModelVersion | undefined): Promise<void> => {
    if (now === undefined) return
    now = { ...now, digest: version?.digest ?? null }
    const written = await updateServing(host, root, now)
    if (!written.ok) context.err(`warning: ${oneLine(written.error.message)}\n`)
    context.err(`${role}: ${version === undefined ? 'unloaded' : `now ${version.digest ?? version.version}`}\n`)
  }
  const server = await started(
    () =>
      compiledGuard(planned).then((guard) =>
        startServer({
          name,
          role,
          guard,
          instance: hex(host.entropy.bytes(8)),
          software: context.toolVersion,
          model: first.value,
          ...(fallback.value === undefined ? {} : { fallback: fallback.value }),
          repository: request.repository,
          token,
          ...(request.sink === undefined ? {} : { sink: request.sink }),
          host: request.host,
          port: request.port,
          ...(request.timeoutMs === undefined ? {} : { timeoutMs: request.timeoutMs }),
          now: host.clock.now,
          onSwap,
          onTrouble: quietly(host.clock.monotonic, (message) => context.err(`warning: ${oneLine(message)}\n`)),
        }),
      ),
    request,
  )
  if (!server.ok) return server
  const state: ServingState = {
    role,
    url: server.value.url,
    model: name,
    digest: first.value.digest ?? null,
    pid: process.pid,
    instance: server.value.instance,
    startedAt: new Date(host.clock.now()).toISOString(),
    tokenFile: servingFiles(role).token,
  }
  now = state
  const written = await writeServing(host, root, state, token)
  if (!written.ok) {
    await server.value.close()
    return failure(
      'cli/not-written',
      `${servingFiles(role).state} could not be written: ${written.error.message}.`,
      'Other verbs could not find this server.',
      'Make room or give write permission to .plumb/, then start again.',
      EXIT.environment,
    )
  }
  // Whoever promoted before the state was written could not find this server; what they recorded counts.
  const latest = await server.value.loader.load(undefined)
  if (!latest.ok) context.err(`warning: ${oneLine(latest.refusal.message)}\n`)
  const event = (kind: EventKind, digest: Digest | null) =>
    appendRecords(project.ledger, [
      toJson(eventNow(host.clock, { kind, subject: role, digest: digest ?? '' })) as never,
    ])
  const noted = await event('guard.started', now.digest)
  if (!noted.ok) {
    await server.value.close()
    await removeServing(host, root, state)
    return noted
  }
  const stop = async (): Promise<void> => {
    await server.value.close()
    await removeServing(host, root, state)
    const last = await event('guard.stopped', now?.digest ?? null)
    if (!last.ok) context.err(`warning: ${oneLine(last.failure.message)}\n`)
  }
  return success({ state: now, stop })
}

/** The model that the guard falls back to, if it falls back to one. */
async function openFallback(
  { host, root }: CommandContext,
  program: Program,
  { plan }: PlannedGuard,
): Promise<Outcome<ModelVersion | undefined>> {
  const { fallback } = plan.policy
  if (fallback?.kind !== 'model') return success(undefined)
  const path = program.models.find(({ name }) => name === fallback.model)?.artifact ?? ''
  const read = await host.files.readFile(join(root, path))
  const opened = read.ok
    ? await openOnnxVersion(read.value, { program, plan, model: fallback.model })
    : { ok: false as const, refusal: { message: read.error.message } }
  if (opened.ok) return success(opened.value)
  return failure(
    'cli/no-fallback',
    `The fallback \`${fallback.model}\` (${path}) cannot answer: ${opened.refusal.message.replace(/\.$/, '')}.`,
    'The guard promises its answer where the model has none.',
    'Make the model (`plumb run --trust`), or name another in `guard.fallback`.',
    EXIT.environment,
  )
}

async function started(
  start: () => Promise<GuardServer>,
  { host, port }: Pick<ServeRequest, 'host' | 'port'>,
): Promise<Outcome<GuardServer>> {
  try {
    return success(await start())
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === undefined) throw error
    return failure(
      'cli/no-address',
      `Port ${port} of ${host} cannot be had: ${code}.`,
      code === 'EADDRINUSE' ? 'Another process listens there.' : 'The system refuses the address.',
      'Name another with --port (0 takes a free one) or --host.',
      EXIT.environment,
    )
  }
}

/** Says the same thing at most once a second: a full disk has something to say at every request. */
function quietly(monotonic: () => number, say: (message: string) => void): (message: string) => void {
  const last = new Map<string, number>()
  return (message) => {
    const now = monotonic()
    if (now - (last.get(message) ?? Number.NEGATIVE_INFINITY) < 1000) return
    if (last.size > 100) last.clear()
    last.set(message, now)
    say(message)
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
