import type { ProgramEngine } from '@plumbline/core'
import type { ConnectRequest } from '../engines/drivers.ts'
import { addressOf, unreachable } from '../engines/connecting.ts'
import { found, type Read } from '../relations/failure.ts'
import { readAddress } from './address.ts'
import { type TrinoClient, trinoClient } from './client.ts'
import { firstLine, isRefused } from './failure.ts'
import { secretsOf } from './secrets.ts'

/** A coordinator that is asked nothing for long may sleep. */
const CONNECT_MS = 60_000

const ADDRESS = {
  what: 'Trino',
  fallback: 'TRINO_ADDRESS',
  example: 'trino://reader@trino.example.org:443/hive/risk',
  secrets: secretsOf,
  read: readAddress,
}

/** Finds a coordinator and asks it something, or says why not and what to do. */
export async function connect(request: ConnectRequest): Promise<Read<TrinoClient>> {
  const { engine, signal } = request
  const address = await addressOf(request, ADDRESS)
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

/** Why a server did not answer; no secret is in any of its words. */
function connectFailure(engine: ProgramEngine, place: string, thrown: unknown): string {
  const who = `The engine "${engine.name}" (${place})`
  const message = firstLine(thrown instanceof Error ? thrown.message : String(thrown))
  return isRefused(thrown)
    ? `${who} refused the login: ${message}. Check user and password (TRINO_PASSWORD, TRINO_PASSWORD_FILE) or the token (TRINO_ACCESS_TOKEN).`
    : `${who} cannot be reached: ${message}. Check host and port, whether it wants TLS (SSL=true), and that a coordinator runs and may be reached from here.`
}
