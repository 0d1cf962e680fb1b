import { type Digest, eventNow, type Host } from '@plumbline/core'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { appendRecords, type ProjectState, toJson } from '../project/state.ts'
import { oneLine } from '../terminal/one-line.ts'
import { removeServing, servingFiles, type ServingState, updateServing, writeServing } from './state-file.ts'

/** That a server runs, written where others look: its files under `.plumb/serving/`, its events in the ledger. */
export interface Announcement {
  readonly state: () => ServingState
  /** Another version answers; null: none whose digest is known. */
  changed(digest: Digest | null): Promise<void>
  /** Makes it known, once the server can be called; the token comes first, so that whoever finds the state finds it. */
  publish(url: string, token: string): Promise<Outcome<void>>
  /** Records that it answers requests. */
  begun(): Promise<Outcome<void>>
  /** Takes it back. */
  withdraw(): Promise<void>
  /** Takes it back, and records that the last request was answered. */
  ended(): Promise<void>
}

/** Makes the announcement of a server; nothing is written yet. */
export function announcementOf(
  { host, root, err }: Pick<CommandContext, 'host' | 'root' | 'err'>,
  { ledger }: Pick<ProjectState, 'ledger'>,
  first: ServingState,
): Announcement {
  let state = first
  let published = false
  const warn = (message: string): void => err(`warning: ${oneLine(message)}\n`)
  const record = (kind: 'guard.started' | 'guard.stopped') => {
    const event = eventNow(host.clock, { kind, subject: state.role, digest: state.digest ?? '' })
    return appendRecords(ledger, [{ ...toJson(event), kind: 'event' }])
  }
  const withdraw = (): Promise<void> => removeServing(host, root, state)
  return {
    state: () => state,
    async changed(digest) {
      state = { ...state, digest }
      if (!published) return
      const written = await updateServing(host, root, state)
      if (!written.ok) warn(written.error.message)
    },
    async publish(url, token) {
      state = { ...state, url }
      const written = await writeServing(host, root, state, token)
      published = written.ok
      return written.ok ? success(undefined) : notWritten(state, written)
    },
    async begun() {
      const noted = await record('guard.started')
      return noted.ok ? success(undefined) : noted
    },
    withdraw,
    async ended() {
      await withdraw()
      const noted = await record('guard.stopped')
      if (!noted.ok) warn(noted.failure.message)
    },
  }
}

function notWritten(
  { role }: ServingState,
  { error }: Extract<Awaited<ReturnType<Host['files']['writeAtomic']>>, { ok: false }>,
): Outcome<never> {
  return failure(
    'cli/not-written',
    `${servingFiles(role).state} could not be written: ${error.message}.`,
    'Other verbs could not find this server.',
    'Make room or give write permission to .plumb/, then start again.',
    EXIT.environment,
  )
}
