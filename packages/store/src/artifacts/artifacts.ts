import { dirname, join } from 'node:path'
import { type Digest, digestBytes, type Host, type HostError } from '@plumbline/core'

/** Why an artifact could not be stored or taken out. `corrupt`: the stored bytes are not those of the digest. */
export type ArtifactFailure =
  | { readonly kind: 'host'; readonly error: HostError }
  | { readonly kind: 'absent'; readonly digest: Digest }
  | { readonly kind: 'corrupt'; readonly digest: Digest; readonly found: Digest }

/** A value, or the failure of an artifact operation. */
export type ArtifactResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: ArtifactFailure }

/** Files by content. */
export type Artifacts = {
  /** Where the artifact of a digest is, or would be. */
  readonly path: (digest: Digest) => string
  /** Stores a copy of a file under the digest of the bytes copied, whatever happens to the file meanwhile. */
  readonly put: (source: string) => Promise<ArtifactResult<Digest>>
  /** Stores bytes. */
  readonly putBytes: (data: Uint8Array) => Promise<ArtifactResult<Digest>>
  /** Whether the artifact is there and whole: `absent` or `corrupt` if not. */
  readonly check: (digest: Digest) => Promise<ArtifactResult<void>>
  /** Copies a checked artifact to a path (its directory is made), replacing what is there. */
  readonly restore: (digest: Digest, target: string) => Promise<ArtifactResult<void>>
}

const done = { ok: true, value: undefined } as const
const hostFailed = (error: HostError): ArtifactResult<never> => ({ ok: false, failure: { kind: 'host', error } })

/** Opens the artifact store in a directory, which the first `put` makes. */
export function openArtifacts(host: Host, directory: string): Artifacts {
  const path = (digest: Digest): string => join(directory, digest.replace(':', '-'))

  const check = async (digest: Digest): Promise<ArtifactResult<void>> => {
    const found = await host.files.digest(path(digest))
    if (!found.ok) {
      return found.error.kind === 'not-found'
        ? { ok: false, failure: { kind: 'absent', digest } }
        : hostFailed(found.error)
    }
    return found.value === digest ? done : { ok: false, failure: { kind: 'corrupt', digest, found: found.value } }
  }

  const put = async (source: string): Promise<ArtifactResult<Digest>> => {
    const made = await host.files.mkdir(directory)
    if (!made.ok) return hostFailed(made.error)
    // Copy first, then name the copy by its own bytes: the source may be rewritten while it is read.
    const suffix = [...host.entropy.bytes(8)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    const copy = join(directory, `incoming-${suffix}`)
    const copied = await host.files.copy(source, copy)
    if (!copied.ok) return hostFailed(copied.error)
    const digest = await host.files.digest(copy)
    const moved = digest.ok ? await host.files.rename(copy, path(digest.value)) : digest
    if (digest.ok && moved.ok) return { ok: true, value: digest.value }
    await host.files.remove(copy)
    return hostFailed(
      moved.ok ? { kind: 'io', operation: 'put', path: source, message: 'the copy was lost' } : moved.error,
    )
  }

  const putBytes = async (data: Uint8Array): Promise<ArtifactResult<Digest>> => {
    const made = await host.files.mkdir(directory)
    if (!made.ok) return hostFailed(made.error)
    const digest = digestBytes(data)
    const written = await host.files.writeAtomic(path(digest), data)
    return written.ok ? { ok: true, value: digest } : hostFailed(written.error)
  }

  const restore = async (digest: Digest, target: string): Promise<ArtifactResult<void>> => {
    const checked = await check(digest)
    if (!checked.ok) return checked
    const made = await host.files.mkdir(dirname(target))
    if (!made.ok) return hostFailed(made.error)
    const copied = await host.files.copy(path(digest), target)
    return copied.ok ? done : hostFailed(copied.error)
  }

  return { path, put, putBytes, check, restore }
}

/** One sentence for a failure. */
export function artifactFailureText(failure: ArtifactFailure): string {
  switch (failure.kind) {
    case 'host':
      return failure.error.message
    case 'absent':
      return `The artifact ${failure.digest} is not in the store.`
    case 'corrupt':
      return `The stored artifact ${failure.digest} was changed: its bytes now have the digest ${failure.found}.`
  }
}
