/**
 * `npm start`: the main job on the embedded example. Every step is a `plumb` verb in a process of its own, on a fresh
 * copy; nothing is prerecorded. Only what is addressed by its content (trained models) is kept from one start to the
 * next, and only the clock is simulated.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { styleText } from 'node:util'
import { type Child, createChildren } from './start/children.ts'
import { runDays } from './start/days.ts'
import { type Production, startGuard, startStaging, underLoad, verbOf } from './start/production.ts'
import { BEFORE_RELEASE, CHALLENGER, PROMOTED, REPORTED, STAGED, type Step, VERIFIED } from './start/steps.ts'

const root = dirname(import.meta.dirname)
const example = join(root, 'examples', 'credit-default')
const copy = join(root, '.work', 'start', 'credit-default')
const page = join(copy, '.plumb', 'report.html')
const interactive = process.stdout.isTTY === true && process.env['CI'] !== 'true'
const DAYS = 24
/** Before the first of the days. */
const BEGIN = '2025-12-31T22:00:00Z'

const bold = (text: string): string => styleText('bold', text)
const dim = (text: string): string => styleText('dim', text)

const children = createChildren()
const production: Production = {
  project: copy,
  plumb: ['node', join(root, 'packages', 'cli', 'bin', 'plumb.js')],
  clock: '.plumb/clock',
  children,
  say: (who, what) => void process.stdout.write(`  ${dim(who.padEnd(8))}${what}\n`),
}

/** A step that did not do what it is for, or an interruption. */
class Ended extends Error {
  readonly code: number
  constructor(message: string, code: number) {
    super(message)
    this.code = code
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

const runPlumb = (args: readonly string[]): Promise<number> => children.run(verbOf(production, args))

function heading(text: string, line: string): void {
  process.stdout.write(`\n${bold(text)}\n${dim(`$ ${line}`)}\n`)
}

async function runStep({ title, args, exit }: Step): Promise<void> {
  heading(title, `plumb ${args.join(' ')}`)
  const code = await runPlumb(args)
  if (code !== exit)
    throw new Ended(`The step ended with exit code ${code}; ${exit} was expected.`, code === 130 ? 130 : 1)
}

async function main(): Promise<void> {
  const began = performance.now()
  const secondsSince = (then: number): string => ((performance.now() - then) / 1000).toFixed(0)
  freshCopy()
  process.stdout.write(`${bold('Plumbline')} on 30 000 real accounts, in ${relative(process.cwd(), copy) || copy}\n`)
  for (const step of BEFORE_RELEASE) await runStep(step)
  await verifyAndReplay()
  await runStep(REPORTED)
  process.stdout.write(`\n${bold('Before the release')}: ${secondsSince(began)} s. Report: ${page}\n`)
  const reader = interactive ? await openReport() : undefined

  const released = performance.now()
  await promoteUnderLoad()
  const days = performance.now()
  await simulateDays()
  process.stdout.write(`  ${dim(`${DAYS} days in ${secondsSince(days)} s`)}\n`)
  await runStep(VERIFIED)
  await runStep({ ...REPORTED, title: 'report: the same page, now with the timelines of production' })
  process.stdout.write(`\n${bold('In production')}: ${secondsSince(released)} s. `)
  process.stdout.write(`${bold('Done')} in ${secondsSince(began)} s. Report: ${page}\n`)
  if (reader === undefined) return children.stopAll()
  process.stdout.write('Reload the page; Ctrl-C ends it, and the guard.\n')
  await reader.ended
}

async function verifyAndReplay(): Promise<void> {
  await runStep(VERIFIED)
  const replayed = firstProof()
  if (replayed !== undefined)
    await runStep({ title: 'replay: a verdict, run again', args: ['replay', replayed], exit: 0 })
}

/** The page at a local address; a reload shows what was reported since. */
async function openReport(): Promise<Child> {
  const reader = children.start(verbOf(production, ['report', '--open']), {
    cwd: copy,
    onLine: (line) => line.includes('http://') && process.stdout.write(`${bold(line)}\n`),
  })
  await reader.firstLine
  return reader
}

/** The guard serves the champion; the challenger is staged beside it and replaces it while requests come. */
async function promoteUnderLoad(): Promise<void> {
  heading('guard: the champion answers, each request judged by the clauses of the spec', 'plumb guard --port 0')
  heading('stage: the challenger answers beside it', `plumb stage --candidate ${CHALLENGER}`)
  const [staging] = await Promise.all([startStaging(production, CHALLENGER), startGuard(production)])
  await runStep(STAGED)
  await staging.stop()
  const { load } = await underLoad(production, () => runStep(PROMOTED))
  production.say(
    'load',
    `${load.answered} requests answered meanwhile, ${load.failed} failed; by version ${JSON.stringify(load.versions)}`,
  )
  if (load.failed > 0 || Object.keys(load.versions).length !== 2)
    throw new Ended('A promotion drops no request, and both versions have answered.', 1)
}

async function simulateDays(): Promise<void> {
  heading(
    `${DAYS} simulated days: requests over HTTP, drift on day 7, labels days later, another drift on day 14`,
    'plumb watch & plumb run --watch --trust',
  )
  const traffic = await runDays(production, { traffic: ['--days', `${DAYS}`] })
  production.say('traffic', `${traffic.answered} of ${traffic.rows} requests answered, ${traffic.labels} labels`)
  if (traffic.answered !== traffic.rows) throw new Ended('Every request is answered.', 1)
}

/** The id of the evidence of a proof, to be replayed. */
function firstProof(): string | undefined {
  const [program = '', ...args] = verbOf(production, ['--json', 'explain', 'later-payment-never-helps'])
  const asked = spawnSync(program === 'node' ? process.execPath : program, args, { encoding: 'utf8' })
  const { evidence } = JSON.parse(asked.stdout) as {
    readonly evidence: readonly { readonly id: string; readonly verdict: string }[]
  }
  return evidence.find((e) => e.verdict === 'satisfied')?.id
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
