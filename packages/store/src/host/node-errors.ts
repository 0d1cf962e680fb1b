import { hostFailure, hostOk, type HostErrorKind, type HostResult } from '@plumbline/core'

/** What the error codes of the operating system mean for us; all others are `io`. */
const KINDS: Readonly<Record<string, HostErrorKind>> = {
  ENOENT: 'not-found',
  EEXIST: 'exists',
  ENOTDIR: 'not-a-directory',
  EISDIR: 'is-a-directory',
  ENOTEMPTY: 'not-empty',
  EACCES: 'permission',
  EPERM: 'permission',
  EROFS: 'read-only',
  ENOSPC: 'no-space',
  EDQUOT: 'no-space',
}

/** Runs one file operation; what it throws becomes a `HostResult` failure. */
export async function attempt<T>(operation: string, path: string, run: () => Promise<T>): Promise<HostResult<T>> {
  try {
    return hostOk(await run())
  } catch (cause) {
    return failureOf(operation, path, cause)
  }
}

/** The `HostResult` failure for something thrown by the platform. */
export function failureOf(operation: string, path: string, cause: unknown): HostResult<never> {
  return hostFailure(
    KINDS[codeOf(cause)] ?? 'io',
    operation,
    path,
    cause instanceof Error ? cause.message : String(cause),
  )
}

/** The platform's error code, such as `ENOENT`; empty if there is none. */
export function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}
