import type { PlannedGuard, Program } from '@plumbline/core'
import type { RequestLog } from '@plumbline/engine'
import { type GuardServer, type ModelRepository, type ModelVersion, startServer } from '@plumbline/server'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import type { ProjectState } from '../project/state.ts'
import { oneLine } from '../terminal/one-line.ts'
import { announcementOf } from './announcement.ts'
import { compiledGuard } from './compiled-guard.ts'
import { openFallback } from './fallback.ts'
import { findServer } from './live-server.ts'
import { openProductionLog, recordDropped } from './request-log.ts'
import { servingFiles, type ServingRole, type ServingState } from './state-file.ts'

/** What is to be served, and how. */
export interface ServeRequest {
  readonly role: ServingRole
  readonly program: Program
  readonly planned: PlannedGuard
  readonly state: ProjectState
  readonly repository: ModelRepository
  /** The version that answers first; opened only when nobody else serves the role. */
  readonly first: () => Promise<Outcome<ModelVersion>>
  /** Whether another version may have been promoted since `first`: then that one is loaded. */
  readonly catchUp?: boolean
  /** Whether requests are written down, and the bytes that they may take on disk. */
  readonly log?: { readonly bytes?: number }
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
  const { role, program, state: project } = request
  const { host, root } = context
  const other = await findServer(host, root, role)
  if (other !== undefined) return alreadyServed(other.state)
  const parts = await openParts(context, request)
  if (!parts.ok) return parts
  const { log } = parts.value
  const token = hex(host.entropy.bytes(32))
  const announcement = announcementOf(context, project, {
    role,
    url: '',
    model: program.spec.name,
    digest: parts.value.model.digest ?? null,
    pid: process.pid,
    instance: hex(host.entropy.bytes(8)),
    startedAt: new Date(host.clock.now()).toISOString(),
    tokenFile: servingFiles(role).token,
  })
  const server = await listen(context, request, parts.value, announcement, token)
  if (!server.ok) return server
  const dropped = log === undefined ? undefined : recordDropped(context, project, role, log)
  const giveUp = async <T>(why: T): Promise<T> => {
    await server.value.close()
    dropped?.stop()
    await announcement.withdraw()
    return why
  }
  const published = await announcement.publish(server.value.url, token)
  if (!published.ok) return giveUp(published)
  // Whoever promoted before this could not find this server; what they recorded counts.
  const latest = request.catchUp === true ? await server.value.loader.load(undefined) : undefined
  if (latest?.ok === false) context.err(`warning: ${oneLine(latest.refusal.message)}\n`)
  const begun = await announcement.begun()
  if (!begun.ok) return giveUp(begun)
  const stop = async (): Promise<void> => {
    await server.value.close()
    dropped?.stop()
    await dropped?.look()
    await announcement.ended()
  }
  return success({ state: announcement.state(), stop })
}

function alreadyServed({ pid, role, url }: ServingState): Outcome<never> {
  return failure(
    'cli/already-serving',
    `Process ${pid} already serves the role ${role} at ${url}.`,
    'There is one server of a role in a project: others find it, and load versions into it.',
    'Stop that one first, or let `plumb promote` load another version into it.',
  )
}

/** What a server is made of; it closes all of them when it ends. */
interface Parts {
  readonly model: ModelVersion
  readonly fallback?: ModelVersion
  readonly log?: RequestLog
}

async function openParts(
  context: CommandContext,
  { first, program, planned, log: wanted }: ServeRequest,
): Promise<Outcome<Parts>> {
  const model = await first()
  if (!model.ok) return model
  const fallback = await openFallback(context, program, planned)
  if (!fallback.ok) return fallback
  const log = wanted === undefined ? success(undefined) : await openProductionLog(context, planned, wanted.bytes)
  if (!log.ok) return log
  return success({
    model: model.value,
    ...(fallback.value === undefined ? {} : { fallback: fallback.value }),
    ...(log.value === undefined ? {} : { log: log.value }),
  })
}

async function listen(
  { host, toolVersion, err }: CommandContext,
  { role, planned, repository, host: address, port, timeoutMs }: ServeRequest,
  { model, fallback, log }: Parts,
  announcement: ReturnType<typeof announcementOf>,
  token: string,
): Promise<Outcome<GuardServer>> {
  const { model: name, instance } = announcement.state()
  const guard = await compiledGuard(planned)
  try {
    const server = await startServer({
      name,
      role,
      guard,
      instance,
      software: toolVersion,
      model,
      ...(fallback === undefined ? {} : { fallback }),
      repository,
      token,
      ...(log === undefined ? {} : { sink: log }),
      host: address,
      port,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      now: host.clock.now,
      async onSwap(version) {
        err(`${role}: ${version === undefined ? 'unloaded' : `now ${version.digest ?? version.version}`}\n`)
        await announcement.changed(version?.digest ?? null)
      },
      onTrouble: quietly(host.clock.monotonic, (message) => err(`warning: ${oneLine(message)}\n`)),
    })
    return success(server)
  } catch (error) {
    await log?.close()
    const code = (error as NodeJS.ErrnoException).code
    if (code === undefined) throw error
    return noAddress(address, port, code)
  }
}

function noAddress(address: string, port: number, code: string): Outcome<never> {
  return failure(
    'cli/no-address',
    `Port ${port} of ${address} cannot be had: ${code}.`,
    code === 'EADDRINUSE' ? 'Another process listens there.' : 'The system refuses the address.',
    'Name another with --port (0 takes a free one) or --host.',
    EXIT.environment,
  )
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
