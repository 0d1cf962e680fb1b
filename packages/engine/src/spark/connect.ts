import { type ProgramEngine, spark } from '@plumbline/core'
import type { ConnectRequest } from '../engines/drivers.ts'
import { addressOf, unreachable } from '../engines/connecting.ts'
import { found, type Read } from '../relations/failure.ts'
import { readAddress } from './address.ts'
import { type ArrowReading, loadArrowReading } from './arrow-result.ts'
import { type SparkClient, sparkClient } from './client.ts'
import { firstLine, isRefused, textOf } from './failure.ts'
import { tokenOf } from './token.ts'

type Library = typeof import('@connectrpc/connect-node')

/** A session as opened. */
export interface Connected {
  readonly client: SparkClient
  readonly arrow: ArrowReading
  /** Who is asked, for messages; never a token. */
  readonly place: string
}

/** A server that sleeps until it is asked (as those of Databricks) takes its time. */
const CONNECT_MS = 120_000

/** The optional packages that a client is made of; undefined where one is not installed. */
export interface ClientLibraries {
  readonly library: () => Promise<Library | undefined>
  readonly arrow: () => Promise<ArrowReading | undefined>
}

const INSTALLED: ClientLibraries = { library: loadLibrary, arrow: loadArrowReading }

const ADDRESS = {
  what: 'Spark Connect',
  fallback: 'SPARK_REMOTE',
  example: 'sc://spark.example.org:15002',
  secrets: tokenOf,
  read: readAddress,
}

/** Opens a session that is set as expressions need it, or says why not and what to do. */
export async function connect(
  request: ConnectRequest,
  libraries: ClientLibraries = INSTALLED,
): Promise<Read<Connected>> {
  const { engine } = request
  const [library, arrow] = [await libraries.library(), await libraries.arrow()]
  if (library === undefined || arrow === undefined)
    return unreachable(
      `The engine "${engine.name}" is Spark, whose client libraries are not installed. Install them beside Plumbline: npm i @connectrpc/connect @connectrpc/connect-node apache-arrow.`,
    )
  const address = await addressOf(request, ADDRESS)
  if (!address.ok) return address
  const { baseUrl, place, user, headers } = address.value
  const client = sparkClient(library.createGrpcTransport({ baseUrl }), { user, headers })
  try {
    await client.configure(spark.sparkSettings, CONNECT_MS)
    return found({ client, arrow, place })
  } catch (thrown) {
    return unreachable(connectFailure(engine, place, thrown))
  }
}

async function loadLibrary(): Promise<Library | undefined> {
  try {
    return await import('@connectrpc/connect-node')
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw thrown
  }
}

/** Why a server opened no session; no token is in any of its words. */
function connectFailure(engine: ProgramEngine, place: string, thrown: unknown): string {
  const who = `The engine "${engine.name}" (${place})`
  const message = firstLine(textOf(thrown))
  return isRefused(thrown)
    ? `${who} refused the login: ${message}. Check the token, in the environment (SPARK_CONNECT_AUTHENTICATE_TOKEN, or the variable of the address) or in the token file.`
    : `${who} cannot be reached: ${message}. Check host and port, whether it wants TLS (use_ssl=true), and that a Spark Connect server runs and may be reached from here.`
}
