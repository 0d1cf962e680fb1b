import { dirname } from 'node:path'
import { type Host, type HostResult, hostOk } from '@plumbline/core'
import type { LedgerPosition } from '@plumbline/store'
import type { FiringState } from './firing.ts'
import type { Queue } from './queue.ts'

/** What alerts remember between runs. All but the waits can be made again from the ledger. */
export type AlertMemory = {
  readonly v: 1
  /** The record of the ledger up to which its evidence was taken; absent before the first. */
  readonly position?: LedgerPosition
  readonly firing: FiringState
  readonly queues: readonly Queue[]
}

/**
 * Reads the memory; undefined where there is none, or none that can be read: it is then made again from the ledger. Only
 * its outline is checked. Nobody else writes it, and it is replaced as a whole.
 */
export async function readMemory(host: Host, path: string): Promise<HostResult<AlertMemory | undefined>> {
  const bytes = await host.files.readFile(path)
  if (!bytes.ok) return bytes.error.kind === 'not-found' ? hostOk(undefined) : bytes
  try {
    const memory: unknown = JSON.parse(new TextDecoder().decode(bytes.value))
    return hostOk(isMemory(memory) ? memory : undefined)
  } catch {
    return hostOk(undefined)
  }
}

function isMemory(value: unknown): value is AlertMemory {
  if (typeof value !== 'object' || value === null) return false
  const { v, firing, queues } = value as Partial<AlertMemory>
  return v === 1 && typeof firing?.newest === 'object' && typeof firing.firing === 'object' && Array.isArray(queues)
}

/** Replaces the memory. */
export async function writeMemory(host: Host, path: string, memory: AlertMemory): Promise<HostResult<void>> {
  const made = await host.files.mkdir(dirname(path))
  return made.ok ? host.files.writeAtomic(path, `${JSON.stringify(memory)}\n`) : made
}
