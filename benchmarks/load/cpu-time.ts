import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks of `/proc` in a second: 100 on every Linux that Node runs on. */
const TICKS = 100

/** User and system time that a process and all it started have used so far, in microseconds. Linux only. */
export function cpuMicros(pid: number): number {
  const family = new Set([pid])
  const stats = readdirSync('/proc').flatMap((name) => (/^[0-9]+$/.test(name) ? (statOf(name) ?? []) : []))
  // A child has a higher number than its parent but for rare wrap-arounds, so one pass in order finds all descendants.
  for (const stat of stats.toSorted((a, b) => a.pid - b.pid)) if (family.has(stat.parent)) family.add(stat.pid)
  const ticks = stats.reduce((sum, stat) => sum + (family.has(stat.pid) ? stat.ticks : 0), 0)
  return (ticks / TICKS) * 1e6
}

function statOf(name: string): { readonly pid: number; readonly parent: number; readonly ticks: number } | undefined {
  let text: string
  try {
    text = readFileSync(`/proc/${name}/stat`, 'utf8')
  } catch {
    return undefined
  }
  // The command stands in parentheses and may hold anything, so fields are counted behind it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [parent = 0, user = 0, system = 0] = [1, 11, 12].map((at) => Number(fields[at]))
  return { pid: Number(name), parent, ticks: user + system }
}
