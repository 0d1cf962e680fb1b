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
  const code = codeOf(cause)
  const kind = KINDS[code] ?? 'io'
  const words = wordsFor(kind, operation, path)
  const said = cause instanceof Error ? cause.message : String(cause)
  return hostFailure(kind, operation, path, words === undefined ? said : `${words} (${code})`)
}

/** Operations that make a file: what they do not find is its folder. */
const MAKING: ReadonlySet<string> = new Set(['writeAtomic', 'append', 'lock', 'copy', 'rename'])

/** What a person would say; the platform's own text names temporary files and system calls. */
function wordsFor(kind: HostErrorKind, operation: string, path: string): string | undefined {
  switch (kind) {
    case 'not-found':
      return MAKING.has(operation) ? `the file or the folder of ${path} does not exist` : `${path} does not exist`
    case 'exists':
    case 'not-a-directory':
      return `a part of the path ${path} is a file where a folder is needed`
    case 'is-a-directory':
      return `${path} is a folder`
    case 'not-empty':
      return `the folder ${path} is not empty`
    case 'permission':
      return `there is no permission to use ${path}`
    case 'read-only':
      return `${path} is on a read-only disk`
    case 'no-space':
      return `no space is left on the disk of ${path}`
    case 'busy':
    case 'interrupted':
    case 'unreachable':
    case 'timeout':
    case 'io':
      return undefined
  }
}

/** The platform's error code, such as `ENOENT`; empty if there is none. */
export function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}
