import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { hostFailure, hostOk, type HostFiles, type HostResult } from '@plumbline/core'
import { failureOf } from './node-errors.ts'

const DEFAULT_TIMEOUT_MS = 10_000
const SQLITE_BUSY = 5
const SQLITE_READONLY = 8
const SQLITE_CANTOPEN = 14

/**
 * A lock across processes that the kernel releases when its holder dies, by whatever means.
 *
 * Node has no `flock`. A lock file with a process id in it needs somebody to decide that the holder is dead and to
 * break the lock, and every such scheme has a race, or is fooled by a reused process id or another container's
 * numbering. SQLite, which is part of Node, takes kernel locks on an (empty) database file on every platform: an
 * exclusive transaction *is* the lock.
 */
export const nodeLock: HostFiles['lock'] = async (path, options = {}) => {
  const deadline = performance.now() + (options.timeoutMs ?? DEFAULT_TIMEOUT_MS)
  for (let pause = 1; ; pause = Math.min(pause * 2, 20)) {
    if (options.signal?.aborted === true) return hostFailure('interrupted', 'lock', path, 'interrupted while waiting')
    const held = await tryLock(path)
    if (held === undefined) {
      if (performance.now() >= deadline) {
        return hostFailure('busy', 'lock', path, `another process holds ${path}`)
      }
      // Waits of random length, so that two waiting processes do not keep meeting.
      await new Promise((wake) => setTimeout(wake, 1 + Math.random() * pause))
    } else if (!held.ok) {
      return held
    } else {
      const database = held.value
      // Closing ends the transaction, and with it the lock.
      const release = async (): Promise<void> => {
        if (database.isOpen) database.close()
      }
      return hostOk({ release })
    }
  }
}

async function tryLock(path: string): Promise<HostResult<DatabaseSync> | undefined> {
  const sqlite = await import('node:sqlite')
  let database: DatabaseSync | undefined
  try {
    database = new sqlite.DatabaseSync(path, { timeout: 0 })
    database.exec('BEGIN EXCLUSIVE')
    return hostOk(database)
  } catch (cause) {
    database?.close()
    const code = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 0xff : 0
    if (code === SQLITE_BUSY) return undefined
    return code === SQLITE_CANTOPEN || code === SQLITE_READONLY
      ? notWritable(path, cause)
      : failureOf('lock', path, cause)
  }
}

/** SQLite does not say why it cannot write a file; the directory, or the file itself, does. */
async function notWritable(path: string, cause: unknown): Promise<HostResult<never>> {
  for (const place of [dirname(path), path]) {
    try {
      await access(place, constants.W_OK)
    } catch (reason) {
      return failureOf('lock', path, reason)
    }
  }
  return failureOf('lock', path, cause)
}
