import { join } from 'node:path'
import { type Digest, type Host, type HostResult, isDigest } from '@plumbline/core'

/** What a server is there for: the champion in production, or a candidate beside it. */
export type ServingRole = 'production' | 'staging'

/** What a running server says of itself in `.plumb/serving/<role>.json`. */
export interface ServingState {
  readonly role: ServingRole
  /** Where it listens, without a slash at the end. */
  readonly url: string
  /** Name of the model in paths. */
  readonly model: string
  /** Digest of the version that answers; null where it is behind another server, or none is loaded. */
  readonly digest: Digest | null
  readonly pid: number
  /** Random; also answered by `GET /v2`, so that a file that was left behind is noticed. */
  readonly instance: string
  /** RFC 3339, by the clock of the host. */
  readonly startedAt: string
  /** Relative to the project folder; readable by its owner only. */
  readonly tokenFile: string
}

/** Where the files of a role are, relative to the project folder. */
export function servingFiles(role: ServingRole): { readonly state: string; readonly token: string } {
  return { state: `.plumb/serving/${role}.json`, token: `.plumb/serving/${role}.token` }
}

/** Writes the token, then the state: whoever finds the state finds the token. */
export async function writeServing(
  host: Host,
  root: string,
  state: ServingState,
  token: string,
): Promise<HostResult<void>> {
  const made = await host.files.mkdir(join(root, '.plumb', 'serving'))
  if (!made.ok) return made
  const written = await host.files.writeAtomic(join(root, state.tokenFile), `${token}\n`, { ownerOnly: true })
  return written.ok ? updateServing(host, root, state) : written
}

/** Writes the state alone, when another version answers. */
export function updateServing(host: Host, root: string, state: ServingState): Promise<HostResult<void>> {
  return host.files.writeAtomic(join(root, servingFiles(state.role).state), `${JSON.stringify(state, null, 2)}\n`)
}

/** Removes the files, if they are still those of this instance. */
export async function removeServing(host: Host, root: string, { role, instance }: ServingState): Promise<void> {
  const found = await readServing(host, root, role)
  if (found?.instance !== instance) return
  const { state, token } = servingFiles(role)
  await host.files.remove(join(root, state))
  await host.files.remove(join(root, token))
}

/** What is written of a role; undefined where nothing is, or nothing that can be read as it. */
export async function readServing(host: Host, root: string, role: ServingRole): Promise<ServingState | undefined> {
  const read = await host.files.readFile(join(root, servingFiles(role).state))
  if (!read.ok) return undefined
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(read.value))
    return isState(value, role) ? value : undefined
  } catch {
    return undefined
  }
}

function isState(value: unknown, role: ServingRole): value is ServingState {
  if (typeof value !== 'object' || value === null) return false
  const state = value as Partial<Record<keyof ServingState, unknown>>
  const texts = [state.url, state.model, state.instance, state.startedAt, state.tokenFile]
  return (
    state.role === role &&
    texts.every((each) => typeof each === 'string') &&
    (state.digest === null || isDigest(state.digest)) &&
    typeof state.pid === 'number'
  )
}
