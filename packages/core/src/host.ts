import type { Digest } from './evidence/digest.ts'

/**
 * Everything outside the process that Plumbline touches, behind one port, so that each part can be made to fail in a
 * test. Implemented outside core (`@plumbline/store`: `nodeHost`, `memoryHost`). Paths are those of the platform,
 * absolute or relative to the working directory. No method rejects for an expected failure: it resolves to one.
 */
export type Host = {
  readonly files: HostFiles
  readonly clock: HostClock
  readonly entropy: HostEntropy
  /** Starts a program from an argument list, never through a shell, and waits for its end. */
  readonly spawn: (request: SpawnRequest) => Promise<HostResult<SpawnExit>>
  /** Starts a program that is talked to while it runs, from an argument list, never through a shell. */
  readonly start: (request: StartRequest) => Promise<HostResult<RunningProgram>>
  /** Sends one HTTP request and waits for the whole answer; whatever its status, an answer is no failure. */
  readonly http: (request: HttpRequest) => Promise<HostResult<HttpAnswer>>
}

/** A value, or the failure that the outside world gave instead. */
export type HostResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: HostError }

/**
 * What the outside world refused. `busy`: a lock was not had in time; `interrupted`: the signal was aborted;
 * `unreachable`: nobody answered at an address; `timeout`: not in time.
 */
export type HostErrorKind =
  | 'not-found'
  | 'exists'
  | 'not-a-directory'
  | 'is-a-directory'
  | 'not-empty'
  | 'permission'
  | 'read-only'
  | 'no-space'
  | 'busy'
  | 'interrupted'
  | 'unreachable'
  | 'timeout'
  | 'io'

/** One refusal: of which operation, on which path, in words fit for a person. */
export type HostError = {
  readonly kind: HostErrorKind
  /** The operation's name, such as `append`. */
  readonly operation: string
  readonly path: string
  readonly message: string
}

/** What kind of thing a path is; links are followed by `stat` and reported as `link` by `list`. */
export type FileKind = 'file' | 'directory' | 'link' | 'other'

/** A file's kind, size in bytes, and time of last change in milliseconds since 1970 UTC. */
export type FileStat = { readonly kind: FileKind; readonly size: number; readonly modifiedMs: number }

/** The file operations. Directories of a written path are not made: call `mkdir`. */
export type HostFiles = {
  readonly readFile: (path: string) => Promise<HostResult<Uint8Array>>
  /** The bytes from `start` (inclusive) to `end` (exclusive); fewer where the file ends earlier. */
  readonly readRange: (path: string, start: number, end: number) => Promise<HostResult<Uint8Array>>
  /** Replaces a file as a whole: a reader, also after a crash, sees the old content or the new, never a part. */
  readonly writeAtomic: (
    path: string,
    data: Uint8Array | string,
    options?: {
      /** Nobody but the owner may read it: tokens. Where the platform knows no such thing it changes nothing. */
      readonly ownerOnly?: boolean
    },
  ) => Promise<HostResult<void>>
  /**
   * Adds to the end of a file, made if absent. Unless `sync` is false, resolves only when the bytes are on stable
   * storage. After a failure a part of the bytes may be in the file.
   */
  readonly append: (
    path: string,
    data: Uint8Array | string,
    options?: { readonly sync?: boolean },
  ) => Promise<HostResult<void>>
  /** Opens a file for a writer that adds to its end often; made if absent. The caller closes it. */
  readonly openAppend: (path: string) => Promise<HostResult<HostAppender>>
  /** Cuts a file to `size` bytes, durably. */
  readonly truncate: (path: string, size: number) => Promise<HostResult<void>>
  /** The entries of a directory, sorted by name (UTF-16 code units). */
  readonly list: (
    directory: string,
  ) => Promise<HostResult<readonly { readonly name: string; readonly kind: FileKind }[]>>
  /** What is at a path; `undefined` if nothing. */
  readonly stat: (path: string) => Promise<HostResult<FileStat | undefined>>
  /** Removes a file, or a directory with all it holds; an absent path is not a failure. */
  readonly remove: (path: string) => Promise<HostResult<void>>
  /** Makes a directory and those above it; an existing one is not a failure. */
  readonly mkdir: (directory: string) => Promise<HostResult<void>>
  /** Moves a file, replacing what is at the target. */
  readonly rename: (from: string, to: string) => Promise<HostResult<void>>
  /** Copies a file durably; the target appears as a whole or not at all. */
  readonly copy: (from: string, to: string) => Promise<HostResult<void>>
  /** The SHA-256 of a file's bytes. */
  readonly digest: (path: string) => Promise<HostResult<Digest>>
  /** The path with all links resolved. */
  readonly realpath: (path: string) => Promise<HostResult<string>>
  /**
   * Takes an exclusive lock named by a file, across processes. It ends with `release` or with its holder, also when
   * the holder is killed. Waits up to `timeoutMs` (default 10 000), then fails with `busy`.
   */
  readonly lock: (
    path: string,
    options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
  ) => Promise<HostResult<HostLock>>
}

/** A file open for adding to its end, for one writer that waits for each addition before the next. */
export type HostAppender = {
  /**
   * Adds to the end. Resolves when the bytes outlive this process; that they outlive the machine is for `sync`. After a
   * failure a part of the bytes may be in the file. It may hold the thread for as long as the system takes the bytes.
   */
  readonly append: (data: Uint8Array | string) => Promise<HostResult<void>>
  /** Brings what was added to stable storage. */
  readonly sync: () => Promise<HostResult<void>>
  /** Ends the use of the file; closing twice is harmless. */
  readonly close: () => Promise<HostResult<void>>
}

/** A lock that is held. Releasing twice is harmless. */
export type HostLock = { readonly release: () => Promise<void> }

/** The clock, in milliseconds. */
export type HostClock = {
  /** Wall-clock time since 1970 UTC. */
  readonly now: () => number
  /** A clock that never goes back, for durations; its zero means nothing. */
  readonly monotonic: () => number
  /** `now` is read from a file (`--clock`), not from the machine; what is recorded must say so. */
  readonly simulated?: true
}

/** Bytes nobody can predict, for names and identifiers; never for statistics (those use seeded streams). */
export type HostEntropy = { readonly bytes: (count: number) => Uint8Array }

/** A program to run. */
export type SpawnRequest = {
  /** The program and its arguments; `node` means the Node that runs Plumbline. */
  readonly command: readonly [string, ...string[]]
  readonly cwd: string
  /** Variables added to those of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** Aborting it ends the program and all it started: first asked, after two seconds forced. */
  readonly signal?: AbortSignal
  /** Called with output as it comes; the program is held back until the promise resolves. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', data: Uint8Array) => void | Promise<void>
}

/** A program to talk to. */
export type StartRequest = Pick<SpawnRequest, 'command' | 'cwd' | 'env'>

/** A program that runs. Whoever started it stops it. */
export type RunningProgram = {
  /** Adds to its standard input; resolves when it has taken the bytes, fails where it no longer reads. */
  readonly write: (data: string | Uint8Array) => Promise<HostResult<void>>
  /** What it prints on its standard output; ends when it does. To be read once. */
  readonly output: AsyncIterable<Uint8Array>
  /** The end of what it printed on its standard error so far. */
  readonly complaints: () => string
  readonly ended: Promise<SpawnExit>
  /** Ends it and all it started: its input ends, after `graceMs` (default 2 000) it is forced. Stopping twice is harmless. */
  readonly stop: (graceMs?: number) => Promise<void>
}

/** How a program ended: its exit code, or the name of the signal that ended it. */
export type SpawnExit = { readonly exitCode: number | null; readonly signal: string | null }

/** An HTTP request. Redirects are answers, not followed: what was sent goes to the address that was named and nowhere else. */
export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `http:` or `https:`. A failure never repeats it: addresses may hold secrets. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** For the whole exchange, in milliseconds (default 10 000). */
  readonly timeoutMs?: number
  /** The answer is cut off after so many bytes (default 1 MiB). */
  readonly maxBytes?: number
  readonly signal?: AbortSignal
}

/** An HTTP answer; names of headers in lower case. */
export type HttpAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** A `HostResult` that holds a value. */
export function hostOk<T>(value: T): HostResult<T> {
  return { ok: true, value }
}

/** A `HostResult` that holds a failure. */
export function hostFailure(kind: HostErrorKind, operation: string, path: string, message: string): HostResult<never> {
  return { ok: false, error: { kind, operation, path, message } }
}
