import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks of /proc, on every Linux. */
const TICK_MS = 10

interface Usage {
  readonly parent: number
  readonly ms: number
}

function usageOf(pid: string): Usage | undefined {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined // It has ended meanwhile, and its parent counts it.
  }
  // After the name, which may hold anything: ppid is the 2nd field, utime to cstime (of children that have ended) the 12th to 15th.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { parent: Number(fields[1]), ms: [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) * TICK_MS }
}

/** CPU of this process and of all that descend from it, those that have ended included, in ms. */
export function treeCpuMs(): number {
  const usages = new Map<number, Usage>()
  for (const name of readdirSync('/proc')) {
    const usage = /^\d+$/.test(name) ? usageOf(name) : undefined
    if (usage !== undefined) usages.set(Number(name), usage)
  }
  const isOurs = (pid: number): boolean => {
    const parent = usages.get(pid)?.parent
    return pid === process.pid || (parent !== undefined && parent > 0 && isOurs(parent))
  }
  return [...usages].reduce((sum, [pid, { ms }]) => (isOurs(pid) ? sum + ms : sum), 0)
}
