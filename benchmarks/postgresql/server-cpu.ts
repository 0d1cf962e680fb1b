import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** The postmaster's process: the first line of the file it writes into its data folder. */
export const postmasterOf = (host: string): number =>
  Number(readFileSync(join(host, 'data', 'postmaster.pid'), 'utf8').split('\n')[0])

/** Clock ticks of /proc, on every Linux. */
const TICK_MS = 10

/** CPU that children of the server have used which have ended, in ms: of every connection and parallel worker that is over. */
export function endedCpuMs(postmaster: number): number {
  const text = readFileSync(`/proc/${postmaster}/stat`, 'utf8')
  // After the name, which may hold anything: cutime and cstime are the 16th and 17th fields.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS
}

const children = (postmaster: number): number =>
  readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').split(' ').filter(Boolean).length

/** Resolves when the server has no more children than before. */
export async function untilEnded(postmaster: number, before: number): Promise<void> {
  while (children(postmaster) > before) await wait(5)
}

/** How many processes serve now. */
export const childrenOf = children
