import { createHash, createPublicKey, verify } from 'node:crypto'
import { publicKeyOf, wireStrings } from './signers.ts'

/** What a signature says it is for: `ssh-keygen -Y sign -n plumbline-waiver`, or `git` for what `git commit -S` signs. */
export type SignedFor = 'plumbline-waiver' | 'git'

/**
 * Whether an armoured SSH signature is of a text, by one of these ed25519 keys, for a purpose. The format is that of OpenSSH's
 * PROTOCOL.sshsig: the signed data are magic, namespace, reserved, name of the hash, and the hash of the text.
 */
export function isSignedBy(
  text: string | Uint8Array,
  armoured: string,
  keys: readonly Uint8Array[],
  purpose: SignedFor = 'plumbline-waiver',
): boolean {
  const parts = unarmoured(armoured)
  if (parts === undefined) return false
  const [publicKey, namespace, reserved, hash, signature] = parts
  const named = publicKey === undefined ? undefined : publicKeyOf(publicKey)
  if (
    named === undefined ||
    namespace === undefined ||
    reserved === undefined ||
    hash === undefined ||
    signature === undefined
  )
    return false
  if (Buffer.from(namespace).toString('utf8') !== purpose) return false
  const algorithm = Buffer.from(hash).toString('latin1')
  if (algorithm !== 'sha512' && algorithm !== 'sha256') return false
  const [kind, bytes] = wireStrings(signature) ?? []
  if (kind === undefined || bytes?.length !== 64 || Buffer.from(kind).toString('latin1') !== 'ssh-ed25519') return false
  if (!keys.some((key) => Buffer.from(key).equals(named))) return false
  const digest = createHash(algorithm).update(text).digest()
  const signed = Buffer.concat([Buffer.from('SSHSIG'), ...[namespace, reserved, hash, digest].map(wireString)])
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(named).toString('base64url') },
    format: 'jwk',
  })
  return verify(null, signed, key, bytes)
}

/** The five strings of a signature of version 1; undefined where it is none. */
function unarmoured(text: string): readonly Uint8Array[] | undefined {
  const found = /-----BEGIN SSH SIGNATURE-----([A-Za-z0-9+/=\s]+)-----END SSH SIGNATURE-----/.exec(text)
  const blob = Buffer.from((found?.[1] ?? '').replaceAll(/\s/g, ''), 'base64')
  const [magic, version] = [blob.subarray(0, 6).toString('latin1'), blob.length < 10 ? 0 : blob.readUInt32BE(6)]
  if (magic !== 'SSHSIG' || version !== 1) return undefined
  const parts = wireStrings(blob.subarray(10))
  return parts?.length === 5 ? parts : undefined
}

function wireString(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
