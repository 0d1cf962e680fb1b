import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { canonicalJson, type LeftOut } from './canonical-json.ts'

/** A SHA-256 digest (FIPS 180-4): `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = `sha256:${string}`

/** The digest of bytes, or of the UTF-8 form of a string. */
export function digestBytes(data: Uint8Array | string): Digest {
  return `sha256:${bytesToHex(sha256(typeof data === 'string' ? utf8ToBytes(data) : data))}`
}

/**
 * The digest of a value: that of its canonical JSON in UTF-8, without the members that are `leftOut`.
 * Throws `CanonicalJsonError` when the value has no canonical form.
 */
export function digestOf(value: unknown, leftOut?: LeftOut): Digest {
  return digestBytes(canonicalJson(value, leftOut))
}

/** A digest over data that comes in pieces. */
export type Digester = {
  /** Takes the next piece; a string counts as its UTF-8 bytes. */
  readonly update: (data: Uint8Array | string) => void
  /** The digest of all pieces; to be called once, at the end. */
  readonly finish: () => Digest
}

/** A fresh `Digester`. */
export function digester(): Digester {
  const hash = sha256.create()
  return {
    update: (data) => {
      hash.update(typeof data === 'string' ? utf8ToBytes(data) : data)
    },
    finish: () => `sha256:${bytesToHex(hash.digest())}`,
  }
}

/** Whether a text has the form of a digest. */
export function isDigest(text: unknown): text is Digest {
  return typeof text === 'string' && /^sha256:[0-9a-f]{64}$/.test(text)
}
