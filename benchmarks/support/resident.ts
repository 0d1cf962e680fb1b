import { readFileSync } from 'node:fs'

/** The resident set of a process, in MiB; NaN where the system does not say it as Linux does. */
export function residentMb(pid: number): number {
  const kilobytes = /^VmRSS:\s+([0-9]+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}
