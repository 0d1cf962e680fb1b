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

/** Simulated days, counted from 0: from one on the population is another, from a later one on it behaves otherwise. */
export interface DaysPlan {
  readonly days: number
  readonly driftDay: number
  readonly conceptDay: number
}

/**
 * The fewest days in which all of it happens once: drift from the first day, found on the second and answered on the fourth,
 * when its labels are there; the other drift on that same day, the first of the new version, whose labels have three days to
 * arrive.
 */
export const SHORT_PLAN: DaysPlan = { days: 7, driftDay: 0, conceptDay: 3 }

/** A week of calm, two drifts a week apart, a rollback, and a second retraining that answers it. */
export const FULL_PLAN: DaysPlan = { days: 24, driftDay: 7, conceptDay: 14 }

const MOST_DAYS = 365

/**
 * The plan for so many days: those that there is no room for a week of calm in begin at once.
 * @throws {Error} that says what may be asked for
 */
export function planOf(days: number): DaysPlan {
  if (!Number.isInteger(days) || days < SHORT_PLAN.days || days > MOST_DAYS)
    throw new Error(`--days is an integer from ${SHORT_PLAN.days} to ${MOST_DAYS}`)
  return { ...(days < FULL_PLAN.days ? SHORT_PLAN : FULL_PLAN), days }
}

/** A plan as options of `traffic/replay.js`. */
export const trafficArgs = ({ days, driftDay, conceptDay }: DaysPlan): readonly string[] => [
  '--days',
  `${days}`,
  '--drift-day',
  `${driftDay}`,
  '--concept-day',
  `${conceptDay}`,
]

/** Which days. */
export interface DaysOptions {
  /** Options of `traffic/replay.js`, such as `--no-drift`. */
  readonly traffic?: readonly string[]
  /** Another place where the model is asked; default: that of the guard. */
  readonly url?: string
  /** Those who watch, where they were started before; default: they are started with the traffic. */
  readonly watching?: Watching
}

/** Those who look at production and act on it: the watch, the loop, and a receiver of alerts. */
export interface Watching {
  /** Rejects when one of them ends by itself. */
  readonly broken: Promise<never>
  readonly stop: () => Promise<void>
}

/** Starts them; they wait for the clock, so that they may be started while the release is still going on. */
export async function startWatching(production: Production): Promise<Watching> {
  const { children, project: cwd, say } = production
  const quiet = (who: string) => ({ cwd, onErrorLine: (line: string) => say(who, line) })
  const receiver = children.start(['node', 'traffic/receiver.js'], {
    ...quiet('alerts'),
    onLine: (line) => line.startsWith('{') && say('alert', alertLine(line)),
  })
  const env = { ALERT_URL: await receiver.firstLine }
  const watched = watchLines((line) => say('watch', line))
  const watch = children.start(verbOf(production, ['--json', 'watch', '--interval', '500ms']), {
    ...quiet('watch'),
    env,
    onLine: watched,
  })
  const loop = children.start(verbOf(production, ['--json', 'run', '--watch', '--trust']), {
    ...quiet('loop'),
    onLine: (line) => say('loop', loopLine(line)),
  })
  let isStopping = false
  const running = [
    ['watch', watch],
    ['loop', loop],
  ] as const
  const broken = new Promise<never>((_, reject) => {
    for (const [who, { ended }] of running)
      void ended.then(({ code }) => {
        if (!isStopping) reject(new Error(`${who} ended with exit code ${code} while requests still came`))
      })
  })
  broken.catch(() => undefined)
  return {
    broken,
    async stop() {
      isStopping = true
      await Promise.all([loop, watch, receiver].map((child) => child.stop()))
    },
  }
}

/**
 * Simulated days of production: the traffic moves the clock and waits, each midnight and each one o'clock, until the watch
 * has decided what was due and the loop has done what follows; alerts go to a receiver of their own.
 */
export async function runDays(production: Production, options: DaysOptions = {}): Promise<Traffic> {
  const { children, project: cwd, say } = production
  const watching = options.watching ?? (await startWatching(production))
  const args = ['--url', options.url ?? modelUrl(production), '--clock', production.clock]
  const waits = ['.plumb/watch/position', '.plumb/retrain/position'].flatMap((file) => ['--wait-for', file])
  const traffic = children.start(['node', 'traffic/replay.js', ...args, ...waits, ...(options.traffic ?? [])], {
    cwd,
    onErrorLine: (line) => say('traffic', line),
  })
  const ended = await Promise.race([traffic.ended, watching.broken])
  await watching.stop()
  if (ended.code !== 0) throw new Error(`the traffic ended with exit code ${ended.code}: ${ended.lastLine}`)
  return JSON.parse(ended.lastLine) as Traffic
}

type Said = Readonly<Record<string, string | null | undefined>>

/** Reads what the watch says, line by line, and tells for each pass that found something how much, and what is violated. */
function watchLines(tell: (line: string) => void): (line: string) => void {
  const violated = new Set<string>()
  return (line) => {
    const said = JSON.parse(line) as Said & { readonly written?: number }
    if (said['event'] === 'decided' && said['verdict'] === 'violated') violated.add(said['clause'] ?? '')
    if (said['event'] !== 'pass' || !said.written) return
    const found = violated.size === 0 ? '' : `, violated: ${[...violated].join(', ')}`
    tell(`${said['position']}  ${said.written} ${said.written === 1 ? 'verdict' : 'verdicts'}${found}`)
    violated.clear()
  }
}

function loopLine(line: string): string {
  const { at, event, subject, digest, reason } = JSON.parse(line) as Said
  const version = digest === undefined || digest === null || digest === '' ? '' : `  ${digest.slice(0, 19)}`
  return `${at}  ${event} ${subject}${reason === undefined ? '' : ` (${reason})`}${version}`
}

function alertLine(line: string): string {
  const { at, status, clause, window } = JSON.parse(line) as Said
  return `${at}  ${status} ${clause}${window === null ? '' : `  ${window}`}`
}
