import { type ProgramEngine, resolveAddress } from '@plumbline/core'
import type { ConnectRequest } from '../engines/drivers.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import { readAddress, type TrinoAddress } from './address.ts'
import { type TrinoClient, trinoClient } from './client.ts'
import { firstLine, isRefused } from './failure.ts'
import { secretsOf } from './secrets.ts'

/** A coordinator that is asked nothing for long may sleep. */
const CONNECT_MS = 60_000
const EXAMPLE = 'trino://reader@trino.example.org:443/hive/risk'

/** Finds a coordinator and asks it something, or says why not and what to do. */
export async function connect({ engine, variable, signal }: ConnectRequest): Promise<Read<TrinoClient>> {
  const address = await addressOf(engine, variable)
  if (!address.ok) return address
  const client = trinoClient(address.value)
  const ending = [AbortSignal.timeout(CONNECT_MS), ...(signal === undefined ? [] : [signal])]
  try {
    await client.execute('SELECT 1', { signal: AbortSignal.any(ending) })
    return found(client)
  } catch (thrown) {
    return unreachable(connectFailure(engine, address.value.place, thrown))
  }
}

/** A failure of the database's surroundings, not of the rows: nothing could be asked. */
const unreachable = (cause: string): Read<never> => unreadable('engine-unreachable', cause)

async function addressOf(engine: ProgramEngine, variable: ConnectRequest['variable']): Promise<Read<TrinoAddress>> {
  const written = engine.address ?? variable('TRINO_ADDRESS')
  if (written === undefined)
    return unreachable(
      `The engine "${engine.name}" has no address. Write one (${EXAMPLE}) under \`engines\`, or set TRINO_ADDRESS to it.`,
    )
  const resolved = resolveAddress(written, variable)
  if ('missing' in resolved)
    return unreachable(
      `The address of the engine "${engine.name}" is in the environment variable ${resolved.missing}, which is not set. Set it to ${EXAMPLE}, or to the part of the address that it stands for.`,
    )
  const secrets = await secretsOf(variable)
  if (!secrets.ok) return unreachable(`The engine "${engine.name}": ${secrets.failure.cause}`)
  const address = readAddress(resolved.url, secrets.value)
  return address === undefined
    ? unreachable(`The address of the engine "${engine.name}" is no address of Trino. Write ${EXAMPLE}.`)
    : found(address)
}

/** Why a server did not answer; no secret is in any of its words. */
function connectFailure(engine: ProgramEngine, place: string, thrown: unknown): string {
  const who = `The engine "${engine.name}" (${place})`
  const message = firstLine(thrown instanceof Error ? thrown.message : String(thrown))
  return isRefused(thrown)
    ? `${who} refused the login: ${message}. Check user and password (TRINO_PASSWORD, TRINO_PASSWORD_FILE) or the token (TRINO_ACCESS_TOKEN).`
    : `${who} cannot be reached: ${message}. Check host and port, whether it wants TLS (SSL=true), and that a coordinator runs and may be reached from here.`
}
