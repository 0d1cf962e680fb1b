import { type ProgramEngine, resolveAddress } from '@plumbline/core'
import type { Client, ClientConfig } from 'pg'
import type { ConnectRequest } from '../engines/drivers.ts'
import { unreachable } from '../engines/connecting.ts'
import { found, type Read } from '../relations/failure.ts'
import { stateOf } from './failure.ts'
import { passwordFileProblem } from './password-file.ts'

type Library = typeof import('pg')['default']

/** A connection as made, and how another one to the same place is made (to cancel what runs on this one). */
export interface Connected {
  readonly library: Library
  readonly client: Client
  /** `reader@db.example.org:5432/risk`: who is asked, for messages; never a password. */
  readonly place: string
  again(): Client
}

const CONNECT_MS = 15_000

/** Connects, or says why not and what to do. Passwords come from the address's variables, PGPASSWORD or a password file. */
export async function connect({ engine, variable }: ConnectRequest): Promise<Read<Connected>> {
  const library = await loadLibrary()
  if (library === undefined)
    return unreachable(
      `The engine "${engine.name}" is PostgreSQL, whose client library is not installed. Install it beside Plumbline: npm i pg.`,
    )
  const config = configOf(engine, variable)
  if (!config.ok) return config
  const make = (): Client => {
    const client = new library.Client(config.value)
    // Said again by the statement that runs; an event that nobody hears would end the process.
    client.on('error', () => undefined)
    return client
  }
  let client: Client
  try {
    client = make()
  } catch (thrown) {
    return unreachable(`The address of the engine "${engine.name}" cannot be read: ${messageOf(thrown)}.`)
  }
  const place = `${client.user ?? ''}@${client.host}:${client.port}/${client.database ?? ''}`
  const loose =
    client.password === null || client.password === undefined ? await passwordFileProblem(variable) : undefined
  if (loose !== undefined) return unreachable(`The engine "${engine.name}" (${place}): ${loose}`)
  try {
    await client.connect()
    return found({ library, client, place, again: make })
  } catch (thrown) {
    await client.end().catch(() => undefined)
    return unreachable(connectFailure(engine, place, thrown))
  }
}

async function loadLibrary(): Promise<Library | undefined> {
  try {
    return (await import('pg')).default
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw thrown
  }
}

function configOf(engine: ProgramEngine, variable: ConnectRequest['variable']): Read<ClientConfig> {
  const config: ClientConfig = { application_name: 'plumb', connectionTimeoutMillis: CONNECT_MS, keepAlive: true }
  if (engine.address === undefined) return found(config)
  const address = resolveAddress(engine.address, variable)
  if ('missing' in address)
    return unreachable(
      `The address of the engine "${engine.name}" is in the environment variable ${address.missing}, which is not set. Set it to postgresql://user@host:5432/database.`,
    )
  if (!/^postgres(ql)?:\/\//.test(address.url))
    return unreachable(
      `The address of the engine "${engine.name}" is no address of PostgreSQL. Write postgresql://user@host:5432/database.`,
    )
  return found({ ...config, connectionString: address.url })
}

/** Why a server did not take the connection; the password is in none of its words. */
function connectFailure(engine: ProgramEngine, place: string, thrown: unknown): string {
  const who = `The engine "${engine.name}" (${place})`
  const message = messageOf(thrown)
  switch (stateOf(thrown)) {
    case '28P01':
    case '28000':
      return `${who} refused the login: ${message}. Check the user, and the password in the environment (PGPASSWORD, or the variable of the address) or in the password file.`
    case '3D000':
      return `${who} has no such database: ${message}. Correct the name at the end of the address.`
    case '53300':
      return `${who} takes no more connections: ${message}. Try again later, or ask for a larger max_connections.`
    case undefined:
      return /password|SASL/i.test(message)
        ? `${who} asks for a password, and none was given. Set PGPASSWORD, name a variable in the address, or keep it in a password file (mode 0600).`
        : `${who} cannot be reached: ${message}. Check host and port, and that the server runs and may be reached from here.`
    default:
      return `${who} refused the connection: ${message}.`
  }
}

function messageOf(thrown: unknown): string {
  // Several addresses of one host fail together, with no message of their own.
  if (thrown instanceof AggregateError) return thrown.errors.map(messageOf).join('; ')
  return thrown instanceof Error ? thrown.message : String(thrown)
}
