import { createHash, timingSafeEqual } from 'node:crypto'
import { type Call, errorReply, type Reply } from './call.ts'

/** Refuses whoever may not steer the server: it takes a connection from this machine, and the token. */
export function refuseStranger({ local, headers }: Call, token: string | undefined): Reply | undefined {
  if (!local) return errorReply(403, 'The repository is steered from this machine only.')
  if (token === undefined) return errorReply(403, 'This server was started without a token: nobody may steer it.')
  const given = headers['authorization']
  if (typeof given === 'string' && sameText(given, `Bearer ${token}`)) return undefined
  return errorReply(401, 'The repository takes the token of this server: `Authorization: Bearer …`.', {
    'www-authenticate': 'Bearer',
  })
}

/** Compares in a time that tells nothing of where the texts differ. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string): Uint8Array => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

/** Whether an address of a peer is this machine's own loopback. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address)
}
