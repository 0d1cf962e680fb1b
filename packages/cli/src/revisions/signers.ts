/** A key that may sign for some people, as `allowed_signers` of OpenSSH lists it. */
export interface Signer {
  /** E-mail addresses in lower case. */
  readonly people: readonly string[]
  /** The 32 bytes of an ed25519 key; absent where the line names only people, or a key of another kind. */
  readonly key?: Uint8Array
}

/**
 * Reads `plumb.signers`: a line for each key, in the form of OpenSSH's `allowed_signers` (ssh-keygen(1)): addresses separated by
 * commas, options, `ssh-ed25519`, the key. A line of addresses alone lists people without a key. What cannot be read lists nobody.
 */
export function readSigners(text: string): readonly Signer[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const words = line.trim().split(/\s+/)
    const [people = ''] = words
    if (people === '' || people.startsWith('#')) return []
    // Patterns and negations would list more people than can be read here.
    const named = people
      .toLowerCase()
      .split(',')
      .filter((each) => /^[^\s@*?!]+@[^\s@*?!]+$/.test(each))
    const at = words.indexOf('ssh-ed25519')
    const restricted = words
      .slice(1, at < 0 ? words.length : at)
      .some((word) => /^(cert-authority|namespaces|valid-)/.test(word))
    const key = at < 0 || restricted ? undefined : keyOf(words[at + 1] ?? '')
    return named.length === 0 ? [] : [{ people: named, ...(key === undefined ? {} : { key }) }]
  })
}

function keyOf(encoded: string): Uint8Array | undefined {
  return publicKeyOf(Buffer.from(encoded, 'base64'))
}

/** The key in a blob of the SSH wire format: `string "ssh-ed25519"`, `string key` (RFC 8709 §4). */
export function publicKeyOf(blob: Uint8Array): Uint8Array | undefined {
  const [kind, key, ...rest] = wireStrings(blob) ?? []
  const isKey = kind !== undefined && Buffer.from(kind).toString('latin1') === 'ssh-ed25519' && rest.length === 0
  return isKey && key?.length === 32 ? key : undefined
}

/** The strings that a blob consists of (RFC 4251 §5: a length of four bytes, then the bytes); undefined where it is cut. */
export function wireStrings(blob: Uint8Array): readonly Uint8Array[] | undefined {
  const strings: Uint8Array[] = []
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength)
  let at = 0
  while (at < blob.length) {
    if (at + 4 > blob.length) return undefined
    const length = view.getUint32(at)
    if (at + 4 + length > blob.length) return undefined
    strings.push(blob.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return strings
}
