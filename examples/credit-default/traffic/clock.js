import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_MS = 5

/**
 * Moves the simulated clock: whoever reads the file sees the old instant or the new one, never a part.
 * @param {string} path
 * @param {number} instant milliseconds since 1970
 */
export function setClock(path, instant) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.part`, `${new Date(instant).toISOString()}\n`)
  renameSync(`${path}.part`, path)
}

/**
 * Waits until a file holds an instant no earlier than the given one: until somebody else has come that far.
 * @param {string} path
 * @param {number} instant milliseconds since 1970
 * @param {number} timeoutMs
 * @throws {Error} when it does not come
 */
export async function waitFor(path, instant, timeoutMs) {
  const began = Date.now()
  while (!(instantIn(path) >= instant)) {
    if (Date.now() - began > timeoutMs)
      throw new Error(`${path} did not reach ${new Date(instant).toISOString()} within ${timeoutMs / 1000} s`)
    await sleep(LOOK_MS)
  }
}

function instantIn(path) {
  try {
    return Date.parse(readFileSync(path, 'utf8').trim())
  } catch (error) {
    if (error.code === 'ENOENT') return Number.NaN
    throw error
  }
}
