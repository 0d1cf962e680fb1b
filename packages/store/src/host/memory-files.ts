import { posix } from 'node:path'
import {
  digestBytes,
  type FileKind,
  type FileStat,
  hostFailure,
  hostOk,
  type HostErrorKind,
  type HostFiles,
  type HostLock,
  type HostResult,
} from '@plumbline/core'

/** The state behind a memory file system; a test reads and changes it directly. */
export type MemoryDisk = {
  /** Content by absolute path. */
  readonly files: Map<string, Uint8Array>
  /** The directories that exist, as absolute paths. */
  readonly directories: Set<string>
  /** How many bytes the disk holds; a write beyond stores what fits and fails with `no-space`. */
  capacity: number
  /** Asked before every operation; what it returns is the failure of that operation. */
  fault: ((operation: string, path: string) => HostErrorKind | undefined) | undefined
}

type Entry = { readonly name: string; readonly kind: FileKind }

/** File operations over a `MemoryDisk`, with the failures a real disk has. Relative paths start at `/`. */
export function memoryFiles(disk: MemoryDisk): HostFiles {
  const locked = new Set<string>()
  let temporaries = 0
  const at = (path: string): string => posix.resolve('/', path)
  const fail = (kind: HostErrorKind, operation: string, path: string): HostResult<never> =>
    hostFailure(kind, operation, path, `${kind}: ${operation} ${path}`)
  const guarded =
    <A extends readonly unknown[], T>(operation: string, run: (path: string, ...rest: A) => HostResult<T>) =>
    async (path: string, ...rest: A): Promise<HostResult<T>> => {
      const fault = disk.fault?.(operation, at(path))
      return fault === undefined ? run(at(path), ...rest) : fail(fault, operation, at(path))
    }
  const used = (): number => [...disk.files.values()].reduce((sum, data) => sum + data.length, 0)

  const read = (operation: string, path: string): HostResult<Uint8Array> => {
    if (disk.directories.has(path)) return fail('is-a-directory', operation, path)
    const data = disk.files.get(path)
    return data === undefined ? fail('not-found', operation, path) : hostOk(data)
  }
  const put = (operation: string, path: string, data: Uint8Array): HostResult<void> => {
    if (!disk.directories.has(posix.dirname(path))) return fail('not-found', operation, path)
    if (disk.directories.has(path)) return fail('is-a-directory', operation, path)
    const before = disk.files.get(path)?.length ?? 0
    // What is on the disk stays there, also when its capacity shrinks.
    const room = before + Math.max(0, disk.capacity - used())
    disk.files.set(path, copyOf(data, 0, room))
    return data.length > room && data.length > before ? fail('no-space', operation, path) : hostOk(undefined)
  }
  /** Whole or not at all: the new content needs room beside the old one, as on a real disk. */
  const replace = (operation: string, path: string, data: Uint8Array): HostResult<void> => {
    const temporary = `${path}.${temporaries++}.tmp`
    const written = put(operation, temporary, data)
    disk.files.delete(temporary)
    if (written.ok && disk.directories.has(path)) return fail('is-a-directory', operation, path)
    if (written.ok) disk.files.set(path, copyOf(data))
    return written
  }

  const lock: HostFiles['lock'] = async (path, options = {}) => {
    const name = at(path)
    const fault = disk.fault?.('lock', name)
    if (fault !== undefined) return fail(fault, 'lock', name)
    if (!disk.directories.has(posix.dirname(name))) return fail('not-found', 'lock', name)
    const deadline = performance.now() + (options.timeoutMs ?? 10_000)
    while (locked.has(name)) {
      if (options.signal?.aborted === true) return fail('interrupted', 'lock', name)
      if (performance.now() >= deadline) return fail('busy', 'lock', name)
      await new Promise((wake) => setTimeout(wake, 1))
    }
    locked.add(name)
    let held = true
    const release: HostLock['release'] = async () => {
      if (held) locked.delete(name)
      held = false
    }
    return hostOk({ release })
  }

  const append = guarded('append', (path, data: Uint8Array | string) => {
    const before = disk.files.get(path) ?? new Uint8Array()
    return put('append', path, Buffer.concat([before, bytesOf(data)]))
  })

  return {
    lock,
    append,
    openAppend: async (path) => {
      const opened = await append(path, '')
      if (!opened.ok) return opened
      const sync = guarded('sync', () => hostOk(undefined))
      return hostOk({
        append: (data) => append(path, data),
        sync: () => sync(path),
        close: async () => hostOk(undefined),
      })
    },
    readFile: guarded('readFile', (path) => {
      const data = read('readFile', path)
      return data.ok ? hostOk(copyOf(data.value)) : data
    }),
    readRange: guarded('readRange', (path, start: number, end: number) => {
      const data = read('readRange', path)
      return data.ok ? hostOk(copyOf(data.value, start, end)) : data
    }),
    writeAtomic: guarded('writeAtomic', (path, data: Uint8Array | string) =>
      replace('writeAtomic', path, bytesOf(data)),
    ),
    truncate: guarded('truncate', (path, size: number) => {
      const data = read('truncate', path)
      return data.ok ? put('truncate', path, copyOf(data.value, 0, size)) : data
    }),
    list: guarded('list', (path) =>
      disk.directories.has(path) ? hostOk(entriesOf(disk, path)) : fail('not-found', 'list', path),
    ),
    stat: guarded('stat', (path): HostResult<FileStat | undefined> => {
      if (disk.directories.has(path)) return hostOk({ kind: 'directory', size: 0, modifiedMs: 0 })
      const data = disk.files.get(path)
      return hostOk(data === undefined ? undefined : { kind: 'file', size: data.length, modifiedMs: 0 })
    }),
    remove: guarded('remove', (path) => {
      for (const file of disk.files.keys()) if (isWithin(path, file)) disk.files.delete(file)
      for (const directory of disk.directories) if (isWithin(path, directory)) disk.directories.delete(directory)
      return hostOk(undefined)
    }),
    mkdir: guarded('mkdir', (path) => {
      for (let directory = path; directory !== '/'; directory = posix.dirname(directory)) {
        if (disk.files.has(directory)) return fail('not-a-directory', 'mkdir', path)
      }
      for (let directory = path; directory !== '/'; directory = posix.dirname(directory))
        disk.directories.add(directory)
      return hostOk(undefined)
    }),
    rename: guarded('rename', (from, to: string) => {
      const data = read('rename', from)
      if (!data.ok) return data
      if (!disk.directories.has(posix.dirname(at(to)))) return fail('not-found', 'rename', at(to))
      disk.files.delete(from)
      disk.files.set(at(to), data.value)
      return hostOk(undefined)
    }),
    copy: guarded('copy', (from, to: string) => {
      const data = read('copy', from)
      return data.ok ? replace('copy', at(to), data.value) : data
    }),
    digest: guarded('digest', (path) => {
      const data = read('digest', path)
      return data.ok ? hostOk(digestBytes(data.value)) : data
    }),
    realpath: guarded('realpath', (path) =>
      disk.files.has(path) || disk.directories.has(path) ? hostOk(path) : fail('not-found', 'realpath', path),
    ),
  }
}

/** A copy, also of a `Buffer`, whose `slice` shares its memory. */
function copyOf(data: Uint8Array, start = 0, end = data.length): Uint8Array {
  return new Uint8Array(data.subarray(start, end))
}

function bytesOf(data: Uint8Array | string): Uint8Array {
  return typeof data === 'string' ? new TextEncoder().encode(data) : data
}

function isWithin(directory: string, path: string): boolean {
  return path === directory || path.startsWith(`${directory}/`)
}

function entriesOf(disk: MemoryDisk, directory: string): readonly Entry[] {
  const inside = (kind: FileKind, paths: Iterable<string>): Entry[] =>
    [...paths]
      .filter((path) => path !== '/' && posix.dirname(path) === directory)
      .map((path) => ({ name: posix.basename(path), kind }))
  return [...inside('file', disk.files.keys()), ...inside('directory', disk.directories)].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )
}
