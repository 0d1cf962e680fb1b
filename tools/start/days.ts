import { type Production, modelUrl, verbOf } from './production.ts'

/** What the traffic of some days came to. */
export interface Traffic {
  readonly rows: number
  readonly answered: number
  readonly refused: number
  readonly failed: number
  readonly labels: number
  /** Rows by the version that answered. */
  readonly versions: Readonly<Record<string, number>>
}

/** Which days. */
export interface DaysOptions {
  /** Options of `traffic/replay.js`, such as `--no-drift`. */
  readonly traffic?: readonly string[]
  /** Another place where the model is asked; default: that of the guard. */
  readonly url?: string
}

/**
 * Simulated days of production: the traffic moves the clock and waits, each midnight and each one o'clock, until the watch
 * has decided what was due and the loop has done what follows; alerts go to a receiver of their own.
 */
export async function runDays(production: Production, options: DaysOptions = {}): Promise<Traffic> {
  const { children, project: cwd, say } = production
  const quiet = (who: string) => ({ cwd, onErrorLine: (line: string) => say(who, line) })
  const receiver = children.start(['node', 'traffic/receiver.js'], {
    ...quiet('alerts'),
    onLine: (line) => line.startsWith('{') && say('alert', alertLine(line)),
  })
  const env = { ALERT_URL: await receiver.firstLine }
  const watch = children.start(verbOf(production, ['watch', '--interval', '500ms']), { ...quiet('watch'), env })
  const loop = children.start(verbOf(production, ['--json', 'run', '--watch', '--trust']), {
    ...quiet('loop'),
    onLine: (line) => say('loop', loopLine(line)),
  })
  const args = ['--url', options.url ?? modelUrl(production), '--clock', production.clock]
  const waits = ['.plumb/watch/position', '.plumb/retrain/position'].flatMap((file) => ['--wait-for', file])
  const traffic = children.start(
    ['node', 'traffic/replay.js', ...args, ...waits, ...(options.traffic ?? [])],
    quiet('traffic'),
  )
  const broken =
    (who: string) =>
    async ({ code }: { readonly code: number | null }) => {
      throw new Error(`${who} ended with exit code ${code} while requests still came`)
    }
  const ended = await Promise.race([traffic.ended, watch.ended.then(broken('watch')), loop.ended.then(broken('loop'))])
  for (const child of [loop, watch, receiver]) await child.stop()
  if (ended.code !== 0) throw new Error(`the traffic ended with exit code ${ended.code}: ${ended.lastLine}`)
  return JSON.parse(ended.lastLine) as Traffic
}

function loopLine(line: string): string {
  const { at, event, subject, digest, reason } = JSON.parse(line) as Readonly<Record<string, string | undefined>>
  const version = digest === undefined || digest === '' ? '' : `  ${digest.slice(0, 19)}`
  return `${at}  ${event} ${subject}${reason === undefined ? '' : ` (${reason})`}${version}`
}

function alertLine(line: string): string {
  const { at, status, clause, window } = JSON.parse(line) as Readonly<Record<string, string | null>>
  return `${at}  ${status} ${clause}${window === null ? '' : `  ${window}`}`
}
