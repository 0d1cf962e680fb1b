import { resolveAddress } from '@plumbline/core'
import { found, type Read, unreadable } from '../relations/failure.ts'
import type { ConnectRequest } from './drivers.ts'

/** A failure of the database's surroundings, not of the rows: nothing could be asked. */
export const unreachable = (cause: string): Read<never> => unreadable('engine-unreachable', cause)

/** How the address of one kind of database is found and read. */
export interface AddressKind<Address, Secrets> {
  /** What is addressed, for messages. */
  readonly what: string
  /** The variable that stands in for an address in the spec. */
  readonly fallback: string
  readonly example: string
  /** What shows who asks, where the address does not. */
  readonly secrets: (variable: ConnectRequest['variable']) => Promise<Read<Secrets>>
  /** Undefined where a text is no such address. */
  readonly read: (text: string, secrets: Secrets) => Address | undefined
}

/** The address of an engine, from the spec or the environment, with its secrets; or why there is none and what to do. */
export async function addressOf<Address, Secrets>(
  { engine, variable }: ConnectRequest,
  { what, fallback, example, secrets, read }: AddressKind<Address, Secrets>,
): Promise<Read<Address>> {
  const written = engine.address ?? variable(fallback)
  if (written === undefined)
    return unreachable(
      `The engine "${engine.name}" has no address. Write one (${example}) under \`engines\`, or set ${fallback} to it.`,
    )
  const resolved = resolveAddress(written, variable)
  if ('missing' in resolved)
    return unreachable(
      `The address of the engine "${engine.name}" is in the environment variable ${resolved.missing}, which is not set. Set it to ${example}, or to the part of the address that it stands for.`,
    )
  const known = await secrets(variable)
  if (!known.ok) return unreachable(`The engine "${engine.name}": ${known.failure.cause}`)
  const address = read(resolved.url, known.value)
  return address === undefined
    ? unreachable(`The address of the engine "${engine.name}" is no address of ${what}. Write ${example}.`)
    : found(address)
}
