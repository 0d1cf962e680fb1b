/**
 * `npm start`: the main job on the embedded example. Every step is a `plumb` verb in a process of its own, on a fresh
 * copy; nothing is prerecorded. Steps that do not need each other run at the same time, and are shown one after the other.
 * Only what is addressed by its content (trained models) is kept from one start to the next, and only the clock is simulated.
 */
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { parseArgs, styleText } from 'node:util'
import { type Child, createChildren } from './start/children.ts'
import { type DaysPlan, FULL_PLAN, planOf, SHORT_PLAN } from './start/days.ts'
import { inOrder } from './start/in-order.ts'
import { Ended, tasksOf } from './start/job.ts'
import { type Production, verbOf } from './start/production.ts'

const root = dirname(import.meta.dirname)
const example = join(root, 'examples', 'credit-default')
const copy = join(root, '.work', 'start', 'credit-default')
const page = join(copy, '.plumb', 'report.html')
const interactive = process.stdout.isTTY === true && process.env['CI'] !== 'true'
/** Before the first of the days. */
const BEGIN = '2025-12-31T22:00:00Z'
/** More would only make each slower: those that need most time use two threads. */
const MOST_AT_ONCE = 2

const bold = (text: string): string => styleText('bold', text)
const dim = (text: string): string => styleText('dim', text)

const children = createChildren()
const production: Production = {
  project: copy,
  // Several run at a time on few processors: collectors with threads of their own would only be in each other's way.
  plumb: ['node', '--single-threaded-gc', join(root, 'packages', 'cli', 'bin', 'plumb.js')],
  clock: '.plumb/clock',
  children,
  say: (who, what) => void process.stdout.write(`  ${dim(who.padEnd(8))}${what}\n`),
}

function readPlan(args: readonly string[]): DaysPlan {
  try {
    const { values } = parseArgs({ args: [...args], options: { days: { type: 'string' } }, strict: true })
    return planOf(values.days === undefined ? SHORT_PLAN.days : Number(values.days))
  } catch (error) {
    const usage = `npm start -- [--days N]   N simulated days of production, ${SHORT_PLAN.days} by default, ${FULL_PLAN.days} for all of it`
    throw new Ended(`${(error as Error).message}\nusage: ${usage}`, 2)
  }
}

function freshCopy(): void {
  const kept = join(root, '.work', 'start', 'kept')
  rmSync(kept, { recursive: true, force: true })
  mkdirSync(kept, { recursive: true })
  for (const part of ['cache', 'artifacts']) {
    if (existsSync(join(copy, '.plumb', part))) renameSync(join(copy, '.plumb', part), join(kept, part))
  }
  rmSync(copy, { recursive: true, force: true })
  cpSync(example, copy, {
    recursive: true,
    filter: (path) => !/[\\/](\.plumb|models|\.venv)([\\/]|$)/.test(path.slice(example.length)),
  })
  mkdirSync(join(copy, '.plumb'), { recursive: true })
  for (const part of ['cache', 'artifacts']) {
    if (existsSync(join(kept, part))) renameSync(join(kept, part), join(copy, '.plumb', part))
  }
  writeFileSync(join(copy, production.clock), BEGIN)
}

async function main(): Promise<void> {
  const plan = readPlan(process.argv.slice(2))
  const began = performance.now()
  const secondsSince = (then: number): string => ((performance.now() - then) / 1000).toFixed(0)
  freshCopy()
  process.stdout.write(`${bold('Plumbline')} on 30 000 real accounts, in ${relative(process.cwd(), copy) || copy}\n`)
  const tasks = tasksOf({ production, plan })
  const width = Math.min(MOST_AT_ONCE, availableParallelism())
  await inOrder(tasks, { width, write: (text) => process.stdout.write(text) })
  process.stdout.write(`\n${bold('Done')} in ${secondsSince(began)} s. Report: ${page}\n`)
  if (plan.days < FULL_PLAN.days)
    process.stdout.write(
      `${dim(`These were ${plan.days} days of production. A week of calm, both drifts and a second retraining: npm start -- --days ${FULL_PLAN.days}`)}\n`,
    )
  if (!interactive) return children.stopAll()
  const reader = await openReport()
  await reader.ended
}

/** The page at a local address. */
async function openReport(): Promise<Child> {
  const reader = children.start(verbOf(production, ['report', '--open']), {
    cwd: copy,
    onLine: (line) => line.includes('http://') && process.stdout.write(`${bold(line)}\n`),
  })
  await reader.firstLine
  return reader
}

/** Ends with every process that was started, also when interrupted. */
async function untilEnded(): Promise<number> {
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => reject(new Ended('Interrupted.', 130)))
  })
  try {
    await Promise.race([main(), interrupted])
    return 0
  } catch (error) {
    const { message } = error as Error
    process.stderr.write(`\n${message}\n`)
    return error instanceof Ended ? error.code : 1
  } finally {
    await children.close()
  }
}

process.exit(await untilEnded())
